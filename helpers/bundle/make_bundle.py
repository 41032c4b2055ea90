"""Makes the archive for a cluster: helper JAR, what it needs there, kernel, runner, wheels, weights, notebooks, sample.

Only the standard library. The same inputs give the same bytes, so VERSION, which ends in a digest of the content, is the same
for the same content and another one for any other.
"""

import argparse
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HELPERS = ROOT / "helpers"

TOP = "verger"
# Seconds since 1970 of every file in it: 1 January 2026.
TIME = 1767225600

# Platform of the natives → folder in ONNX Runtime's jar, machine in the names of wheels.
PLATFORMS = {"linux-x86_64": ("linux-x64", "x86_64"), "linux-arm64": ("linux-aarch64", "aarch64")}
PYTHONS = ("3.9", "3.11")
# Of glibc 2.34, which Amazon Linux 2023 has, and older ones.
GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014", "manylinux_2_12", "manylinux2010", "manylinux_2_5", "manylinux1")

ON_EXECUTORS = ("verger.jar", "onnxruntime-", "openblas-", "javacpp-")
# Spark's own, which come first on the class path anyway: DL4J asks for them too.
OF_SPARK = ("slf4j-api-", "gson-", "flatbuffers-java-", "commons-codec-", "commons-collections4-", "commons-compress-",
            "commons-io-", "commons-lang3-", "commons-math3-")


class BundleError(Exception):
    """Something that the user can put right; the message says how."""


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--class-path", required=True, type=Path, help="file with the jars, as dependency:build-classpath writes it")
    parser.add_argument("--weights", help="file with more weights, such as a zip of ResNet50")
    parser.add_argument("--setup", required=True, type=Path, help=".verger of the project: JJava, the embedded weights, cached wheels")
    parser.add_argument("--output", required=True, type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.platform not in PLATFORMS:
            raise BundleError(f"There is no bundle for platform {options.platform}: known are {', '.join(PLATFORMS)}")
        files = content(options)
        write(files, f"{options.version}-{digest(files)[:8]}", options.output)
    except BundleError as error:
        sys.exit(str(error))
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.0f} MB")


def content(options):
    """All files by their names in the bundle; a file is a path or bytes."""
    files = {"lib/jjava.jar": options.setup / "current" / "jjava.jar"}
    files.update(jars(options.class_path, options.platform))
    for name in ("launch", "kernel_process.py", "write_kernelspecs.py", "try_kernel.py", "log4j2.properties"):
        files[f"kernel/{name}"] = HELPERS / "kernel" / name
    files["install-kernel.sh"] = HELPERS / "emr" / "install-kernel.sh"
    files["run-notebook"] = HERE / "run-notebook"
    files["LICENSE"] = ROOT / "LICENSE"
    files.update(tree(HELPERS / "runner", "runner", without=("tests",)))
    files.update(tree(ROOT / "notebooks", "notebooks", only=(".ipynb",)))
    files.update(tree(ROOT / "data-sample", "data-sample"))
    for python in PYTHONS:
        files[f"wheels/requirements-{python}.txt"] = HERE / f"requirements-{python}.txt"
    for wheel in wheels(options.setup / "wheels", options.platform):
        files[f"wheels/{wheel.name}"] = wheel
    for weights in sorted((options.setup / "weights").iterdir()):
        files[f"weights/{weights.name}"] = weights
    if options.weights:
        if not Path(options.weights).is_file():
            raise BundleError(f"There are no weights {options.weights}: give the path of a file in -Dweights")
        files[f"weights/{Path(options.weights).name}"] = Path(options.weights)
    return files


def tree(folder, name, without=(), only=()):
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in found
            if path.relative_to(folder).parts[0] not in without and (not only or path.suffix in only)}


# Jars

def jars(class_path, platform):
    files = {}
    for jar in map(Path, class_path.read_text(encoding="utf-8").strip().split(os.pathsep)):
        name = "verger.jar" if jar.name.startswith("verger") else jar.name
        if name.startswith(OF_SPARK):
            continue
        folder = "executor" if name.startswith(ON_EXECUTORS) else "driver"
        if name.startswith("onnxruntime-"):
            name, jar = f"{jar.stem}-{platform}.jar", one_platform(jar, PLATFORMS[platform][0])
        files[f"lib/{folder}/{name}"] = jar
    return files


def one_platform(jar, native):
    """ONNX Runtime's jar without the libraries of other platforms, which weigh four times what one does."""
    packed = io.BytesIO()
    with zipfile.ZipFile(jar) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for entry in source.infolist():
            of_platform = re.match(r"ai/onnxruntime/native/([^/]+)/", entry.filename)
            if not entry.is_dir() and (not of_platform or of_platform.group(1) == native):
                target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


# Wheels

def wheels(cache, platform):
    """All that papermill, the plug-in and nbconvert need on each Python, downloaded at the first call."""
    found = [plugin(cache)]
    for python in PYTHONS:
        wanted = HERE / f"requirements-{python}.txt"
        folder = cache / f"{platform}-{python}-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]}"
        if not folder.is_dir():
            download(wanted, python, PLATFORMS[platform][1], folder)
        found.extend(sorted(folder.glob("*.whl")))
    return sorted({wheel.name: wheel for wheel in found}.values())


def download(wanted, python, machine, folder):
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    pip("download", "--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", python,
        *[f"--platform={glibc}_{machine}" for glibc in GLIBC], "-r", str(wanted), "-d", str(part))
    part.rename(folder)


def plugin(cache):
    """The papermill plug-in as a wheel, of a copy: building it leaves things behind."""
    source = HELPERS / "papermill-java"
    copied = [source / "pyproject.toml", source / "README.md", *sorted((source / "papermill_java").rglob("*.py"))]
    key = hashlib.sha256(b"".join(file.read_bytes() for file in copied)).hexdigest()[:12]
    folder = cache / f"papermill-java-{key}"
    if not folder.is_dir():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        for file in copied:
            copy = part / "source" / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        pip("wheel", "--no-deps", "-w", str(part), str(part / "source"))
        shutil.rmtree(part / "source")
        part.rename(folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments):
    done = subprocess.run([sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "SOURCE_DATE_EPOCH": str(TIME)})
    if done.returncode:
        raise BundleError(f"{done.stdout.strip()}\npip {arguments[0]} failed with exit code {done.returncode}: "
                          "what it said is above")


# Archive

def digest(files):
    of_all = hashlib.sha256()
    for name, file in sorted(files.items()):
        of_all.update(name.encode() + b"\n" + hashlib.sha256(bytes_of(file)).digest())
    return of_all.hexdigest()


def bytes_of(file):
    return file if isinstance(file, bytes) else file.read_bytes()


def write(files, version, output):
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    everything = {**files, "VERSION": (version + "\n").encode()}
    # Level 1: nearly all of it is compressed already.
    with open(part, "wb") as stream, gzip.GzipFile("", "wb", 1, stream, mtime=TIME) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, file in sorted(everything.items()):
            content_of_file = bytes_of(file)
            entry = tarfile.TarInfo(f"{TOP}/{name}")
            entry.size, entry.mtime = len(content_of_file), TIME
            entry.mode = 0o755 if content_of_file.startswith(b"#!") else 0o644
            archive.addfile(entry, io.BytesIO(content_of_file))
    part.replace(output)


if __name__ == "__main__":
    main(sys.argv[1:])
