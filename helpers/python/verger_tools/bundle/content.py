"""All that is in a bundle."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from verger_tools.base import jars
from verger_tools.base.errors import Failure
from verger_tools.base.jars import Place
from verger_tools.base.project import HELPERS, PYTHON, REQUIREMENTS, ROOT
from verger_tools.base.release import RELEASE
from verger_tools.bundle import notices, wheels
from verger_tools.bundle.archive import File

# Platform of the natives → their folder in ONNX Runtime's jar.
PLATFORMS = {"linux-x86_64": "linux-x64", "linux-arm64": "linux-aarch64"}
# Of verger_tools: what runs on a cluster. The kernel's files lie by themselves, since the gateway's Python runs them.
RUNNER = ("__main__.py", "verger_tools/__init__.py", "verger_tools/run")
KERNEL = ("kernel_process.py", "write_kernelspecs.py", "try_kernel.py", "gateway_config.py")


def of(platform: str, class_path: Path, setup: Path, packaged: Sequence[Path], weights: Optional[str]) -> dict[str, File]:
    """All files by their names in the bundle.

    class_path: a file with the jars. setup: `.verger` of the project. packaged: weights that
    packages of the registry carry. weights: a file with more weights, if any.
    """
    if platform not in PLATFORMS:
        raise Failure(f"There is no bundle for platform {platform}: known are {', '.join(PLATFORMS)}")
    jar_files = [jar for jar in jars.read_class_path(class_path) if jars.place(_name(jar)) is not Place.SPARK]
    wheel_files = wheels.all_of(setup / "wheels", platform)
    jjava = setup / "current" / "jjava.jar"
    files: dict[str, File] = {"lib/jjava.jar": jjava, "lib/driver/verger-kernel.jar": setup / "current" / "driver" / "verger-kernel.jar"}
    files.update(dict(_placed(jar, platform) for jar in jar_files))
    files.update({f"kernel/{name}": HELPERS / "kernel" / name for name in ("launch", "log4j2.properties")})
    files.update({f"kernel/{name}": PYTHON / "verger_tools" / "kernel" / name for name in KERNEL})
    files["install-kernel.sh"] = HELPERS / "emr" / "install-kernel.sh"
    files["run-notebook"] = HELPERS / "bundle" / "run-notebook"
    files["LICENSE"] = ROOT / "LICENSE"
    for name in RUNNER:
        files.update(_tree(PYTHON / name, f"python/{name}"))
    files.update(_tree(ROOT / "notebooks", "notebooks", only=(".ipynb",)))
    files.update(_tree(ROOT / "data-sample", "data-sample"))
    for python in RELEASE.pythons:
        files[f"wheels/requirements-{python}.txt"] = REQUIREMENTS / f"bundle-{python}.txt"
    files.update({f"wheels/{wheel.name}": wheel for wheel in wheel_files})
    files.update({f"weights/{file.name}": file for file in packaged})
    if weights:
        if not Path(weights).is_file():
            raise Failure(f"There are no weights {weights}: give the path of a file in -Dweights")
        files[f"weights/{Path(weights).name}"] = Path(weights)
    files["THIRD-PARTY-NOTICES"] = notices.of([jar for jar in jar_files if not jar.name.startswith("verger")], jjava, wheel_files, packaged)
    return files


def _tree(path: Path, name: str, only: Sequence[str] = ()) -> dict[str, File]:
    """A file, or all files of a folder, below a name; only: suffixes."""
    if path.is_file():
        return {name: path}
    found = (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {f"{name}/{file.relative_to(path).as_posix()}": file for file in found if not only or file.suffix in only}


def _name(jar: Path) -> str:
    return "verger.jar" if jar.name.startswith("verger") else jar.name


def _placed(jar: Path, platform: str) -> tuple[str, File]:
    folder = f"lib/{jars.place(_name(jar)).value}"
    if jar.name.startswith("onnxruntime-"):
        return f"{folder}/{jar.stem}-{platform}.jar", _one_platform(jar, PLATFORMS[platform])
    return f"{folder}/{_name(jar)}", jar


def _one_platform(jar: Path, native: str) -> bytes:
    """ONNX Runtime's jar without the libraries of other platforms, which weigh four times what one does."""
    packed = io.BytesIO()
    with zipfile.ZipFile(jar) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for entry in source.infolist():
            of_platform = re.match(r"ai/onnxruntime/native/([^/]+)/", entry.filename)
            if not entry.is_dir() and (not of_platform or of_platform.group(1) == native):
                target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
