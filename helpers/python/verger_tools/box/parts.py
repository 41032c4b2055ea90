"""What a box is made of, built or downloaded once and kept in its folder; made anew when its inputs change."""

import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from verger_tools.base import environment, process
from verger_tools.base.errors import Failure
from verger_tools.base.project import HELPERS, PYTHON, REQUIREMENTS, ROOT
from verger_tools.base.release import RELEASE
from verger_tools.base.steps import Part, step
from verger_tools.box.layout import Layout

MODULE = HELPERS / "cluster-in-a-box"
S3_SERVER = HELPERS / "s3-server"
INSTALL_KERNEL = HELPERS / "emr" / "install-kernel.sh"
GATEWAY = REQUIREMENTS / f"gateway-{RELEASE.gateway}.txt"
SPARK = REQUIREMENTS / "spark.txt"  # EMR's, as a whole distribution: YARN and spark-submit included
PLATFORM = "linux-arm64" if os.uname().machine == "aarch64" else "linux-x86_64"


class Parts:
    """Makes the parts.

    folder: of the box. built: Maven has built all already, and is not called.
    """

    def __init__(self, folder: Path, built: bool):
        self.folder = folder
        self.built = built
        self.java = folder / "java"
        self.spark_home = folder / "spark" / "pyspark"
        self.gateway = folder / "gateway"

    def make(self, python: str) -> None:
        """Makes what is missing; python: for the gateway's environment."""
        self._step("HDFS, YARN, S3", self._java_inputs(), self._build_java)
        self._step(f"Enterprise Gateway, with {python}", [GATEWAY], lambda: self._make_gateway(python))
        self._step(f"Spark, pyspark=={RELEASE.spark}", [SPARK, *self._s3a()], self._make_spark)

    def install_kernel(self, layout: Layout, gateway_url: str, environment_of_box: dict[str, str]) -> None:
        """Installs the Java kernel into the running gateway as on EMR, with the very script."""
        self._step("bundle for the cluster (Maven)", self._bundle_inputs(), self._build_bundle)
        command = ["bash", str(INSTALL_KERNEL), "--bundle", str(self._bundle()), "--prefix", str(layout.kernel),
                   "--gateway-env", str(self.gateway), "--user", layout.user.name, "--spark-home", str(self.spark_home),
                   "--hadoop-conf", str(layout.hadoop_conf), "--restart", str(layout.restart), "--gateway-url", gateway_url]

        def install() -> None:
            shutil.rmtree(layout.kernel, ignore_errors=True)  # an earlier version would stay beside the new one
            path = f"{environment_of_box['PATH']}:{os.environ['PATH']}"  # for its Python
            process.run(command, INSTALL_KERNEL.name, cwd=ROOT, environment={**environment_of_box, "PATH": path})

        self._step("Java kernel (install-kernel.sh)",
                   [self._bundle(), INSTALL_KERNEL, self._stamp("Enterprise Gateway"), self._stamp("Spark")], install)

    def class_path(self) -> str:
        return f"{self.java / 'classes'}:{self.java / 's3-classes'}:{self.java / 'hadoop'}/*"

    def _step(self, name: str, inputs: Iterable[Part], make: Callable[[], object]) -> None:
        step(name, self._stamp(name), inputs, make)

    def _stamp(self, name: str) -> Path:
        return self.folder / "stamps" / re.sub(r"\W+", "-", re.split(r",| \(", name)[0]).lower()

    def _java_inputs(self) -> list[Path]:
        return [ROOT / "pom.xml", *(module / part for module in (MODULE, S3_SERVER) for part in ("pom.xml", "src/main"))]

    def _build_java(self) -> None:
        self._maven("-pl", f"{S3_SERVER.relative_to(ROOT)},{MODULE.relative_to(ROOT)}", "process-classes")
        # Copies, as the user of the box may not read what is below another one's home.
        for name, source in (("classes", MODULE / "target" / "classes"), ("s3-classes", S3_SERVER / "target" / "classes"),
                             ("hadoop", MODULE / "target" / "hadoop"), ("s3a", MODULE / "target" / "s3a")):
            if not source.is_dir():
                raise Failure(f"There is no {source}, though --built says that Maven has been here: leave --built out")
            shutil.rmtree(self.java / name, ignore_errors=True)
            shutil.copytree(source, self.java / name)

    def _make_gateway(self, python: str) -> None:
        shutil.rmtree(self.gateway, ignore_errors=True)
        process.run([python, "-m", "venv", str(self.gateway)], "Making a virtual environment")
        environment.install(environment.python_of(self.gateway), GATEWAY, compiled=True)

    def _s3a(self) -> list[Path]:
        return [self.java / "s3a"]

    def _make_spark(self) -> None:
        shutil.rmtree(self.spark_home.parent, ignore_errors=True)
        process.run(environment.pip(environment.python_of(self.gateway), "install", "--no-deps", "--no-compile", "--require-hashes",
                                    "--target", self.spark_home.parent, "-r", SPARK), "pip install", cwd=ROOT)
        for jar in (self.java / "s3a").iterdir():
            shutil.copy2(jar, self.spark_home / "jars")
        (self.spark_home / "conf").mkdir()

    def _bundle_inputs(self) -> list[Path]:
        return [ROOT / "pom.xml", INSTALL_KERNEL, ROOT / "notebooks",
                *(HELPERS / "verger" / name for name in ("pom.xml", "src/main")),
                *(HELPERS / name for name in ("bundle", "kernel")),
                *(PYTHON / name for name in ("pyproject.toml", "requirements", "java_parameters", "papermill_java",
                                             "verger_tools"))]

    def _build_bundle(self) -> None:
        self._maven("-pl", "helpers/bundle", "-am", "-DskipTests", "-Dmaven.test.skip=true",
                    f"-Dplatform={PLATFORM}", "package")
        if not self._bundle().is_file():
            raise Failure(f"There is no {self._bundle()}, which Maven makes: leave --built out")

    def _bundle(self) -> Path:
        return HELPERS / "bundle" / "target" / f"verger-bundle-{PLATFORM}.tar.gz"

    def _maven(self, *arguments: str) -> None:
        if self.built:
            return
        maven = shutil.which("mvn")
        if maven is None:
            raise Failure("There is no mvn on the PATH: install Maven 3.8 or newer (Debian: apt-get install maven)")
        process.run([maven, "-q", "-B", "-ntp", *arguments], "Maven", cwd=ROOT)
