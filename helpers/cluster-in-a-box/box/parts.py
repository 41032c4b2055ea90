"""What a box is made of, built or downloaded once and kept in its folder; made anew when its inputs change."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from machine import BoxError

ROOT = Path(__file__).resolve().parents[3]
HELPERS = ROOT / "helpers"
sys.path.append(str(HELPERS / "runner"))

import steps  # noqa: E402

MODULE = HELPERS / "cluster-in-a-box"
INSTALL_KERNEL = HELPERS / "emr" / "install-kernel.sh"
REQUIREMENTS = MODULE / "gateway-requirements.txt"
PLATFORM = "linux-arm64" if os.uname().machine == "aarch64" else "linux-x86_64"
PYSPARK = "pyspark==3.5.8"  # Spark of emr-7.14.0: the wheel is a whole distribution, YARN and spark-submit included


class Parts:
    """Makes the parts.

    folder: of the box. built: Maven has built all already, and is not called.
    """

    def __init__(self, folder, built):
        self.folder = folder
        self.built = built
        self.java = folder / "java"
        self.spark_home = folder / "spark" / "pyspark"
        self.gateway = folder / "gateway"

    def make(self, python):
        """Makes what is missing; python: for the gateway's environment."""
        self._step("HDFS, YARN, S3", self._java_inputs(), self._build_java)
        self._step(f"Enterprise Gateway, with {python}", [REQUIREMENTS], lambda: self._make_gateway(python))
        self._step(f"Spark, {PYSPARK}", self._s3a(), self._make_spark)

    def install_kernel(self, layout, gateway_url, environment):
        """Installs the Java kernel into the running gateway as on EMR, with the very script."""
        self._step("bundle for the cluster (Maven)", self._bundle_inputs(), self._build_bundle)
        command = ["bash", str(INSTALL_KERNEL), "--bundle", str(self._bundle()), "--prefix", str(layout.kernel),
                   "--gateway-env", str(self.gateway), "--user", layout.user.name, "--spark-home", str(self.spark_home),
                   "--hadoop-conf", str(layout.hadoop_conf), "--restart", str(layout.restart), "--gateway-url", gateway_url]

        def install():
            shutil.rmtree(layout.kernel, ignore_errors=True)  # an earlier version would stay beside the new one
            path = f"{environment['PATH']}:{os.environ['PATH']}"  # for its Python
            _run(command, INSTALL_KERNEL.name, {**environment, "PATH": path})

        self._step("Java kernel (install-kernel.sh)",
                   [self._bundle(), INSTALL_KERNEL, self._stamp("Enterprise Gateway"), self._stamp("Spark")], install)

    def class_path(self):
        return f"{self.java / 'classes'}:{self.java / 'hadoop'}/*"

    def _step(self, name, inputs, make):
        steps.step(name, self._stamp(name), inputs, make)

    def _stamp(self, name):
        return self.folder / "stamps" / re.sub(r"\W+", "-", re.split(r",| \(", name)[0]).lower()

    def _java_inputs(self):
        return [ROOT / "pom.xml", MODULE / "pom.xml", MODULE / "src" / "main"]

    def _build_java(self):
        self._maven("-pl", str(MODULE.relative_to(ROOT)), "process-classes")
        # Copies, as the user of the box may not read what is below another one's home.
        for name in ("classes", "hadoop", "s3a"):
            source = MODULE / "target" / name
            if not source.is_dir():
                raise BoxError(f"There is no {source}, though --built says that Maven has been here: leave --built out")
            shutil.rmtree(self.java / name, ignore_errors=True)
            shutil.copytree(source, self.java / name)

    def _make_gateway(self, python):
        shutil.rmtree(self.gateway, ignore_errors=True)
        _run([python, "-m", "venv", str(self.gateway)], "Making a virtual environment")
        self._pip("-r", str(REQUIREMENTS))

    def _s3a(self):
        return [self.java / "s3a"]

    def _make_spark(self):
        shutil.rmtree(self.spark_home.parent, ignore_errors=True)
        self._pip("--no-deps", "--no-compile", "--target", str(self.spark_home.parent), PYSPARK)
        for jar in (self.java / "s3a").iterdir():
            shutil.copy2(jar, self.spark_home / "jars")
        (self.spark_home / "conf").mkdir()

    def _bundle_inputs(self):
        return [ROOT / "pom.xml", INSTALL_KERNEL, ROOT / "notebooks",
                *(HELPERS / "verger" / name for name in ("pom.xml", "src/main")),
                *(HELPERS / name for name in ("bundle", "kernel", "runner", "papermill-java"))]

    def _build_bundle(self):
        self._maven("-pl", "helpers/bundle", "-am", "-DskipTests", "-Dmaven.test.skip=true",
                    f"-Dplatform={PLATFORM}", "package")
        if not self._bundle().is_file():
            raise BoxError(f"There is no {self._bundle()}, which Maven makes: leave --built out")

    def _bundle(self):
        return HELPERS / "bundle" / "target" / f"verger-bundle-{PLATFORM}.tar.gz"

    def _maven(self, *arguments):
        if self.built:
            return
        maven = shutil.which("mvn")
        if maven is None:
            raise BoxError("There is no mvn on the PATH: install Maven 3.8 or newer (Debian: apt-get install maven)")
        _run([maven, "-q", "-B", "-ntp", *arguments], "Maven")

    def _pip(self, *arguments):
        _run([str(self.gateway / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
              *arguments], "pip install")


def _run(command, what, environment=None):
    """Runs a command silently; if it fails, shows the end of what it printed and stops."""
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-40:])
        raise BoxError(f"{tail}\n{what} failed with exit code {done.returncode}: its last lines are above")
