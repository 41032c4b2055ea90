"""The kernel's JVM reads names of files as UTF-8, whatever language the machine speaks."""

import os
import subprocess
from pathlib import Path

import pytest

LAUNCH = Path(__file__).resolve().parents[4] / "kernel" / "launch"

# Stands for the JVM, and says what it would be started with.
JAVA = r"""#!/bin/sh
case "$*" in
  *org.apache.spark.launcher.Main*) printf '\0\njava\0-cp\0x\0' ;;
  *) echo "${LC_ALL-none} $SPARK_SUBMIT_OPTS" ;;
esac
"""


@pytest.mark.parametrize(("language", "lc_all"), [
    ({"LC_ALL": "C"}, "C.UTF-8"),
    ({}, "C.UTF-8"),
    ({"LANG": "C"}, "C.UTF-8"),
    ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "C.UTF-8"),
    ({"LANG": "C.UTF-8"}, "none"),
    ({"LC_ALL": "C.UTF-8"}, "C.UTF-8"),
])
def test_the_kernel_reads_names_as_utf_8_in_every_language(tmp_path, language, lc_all):
    java = tmp_path / "jdk" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(JAVA, encoding="utf-8")
    java.chmod(0o755)
    (tmp_path / "lib").mkdir()
    others = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "VERGER_", "SPARK_"))}

    started = subprocess.run(
        ["bash", str(LAUNCH), "connection.json"], capture_output=True, encoding="utf-8", check=True,
        env={**others, **language, "VERGER_HOME": str(tmp_path), "VERGER_LIB": str(tmp_path / "lib"),
             "SPARK_HOME": str(tmp_path / "spark"), "VERGER_JAVA_HOME": str(tmp_path / "jdk")})

    assert started.stdout.split()[0] == lc_all
    assert "-Dsun.jnu.encoding=UTF-8" in started.stdout
