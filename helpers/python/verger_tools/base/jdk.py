"""The Java that is there: a JDK 17, since the kernel compiles cells with the JDK's own jdk.jshell, which a JRE lacks."""

import os
import re
import shutil
from typing import Optional

from . import process
from .errors import Failure

WANTED = (
    "install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless; Amazon Linux: dnf install java-17-amazon-corretto-devel; "
    "macOS: brew install openjdk@17) or set JAVA_HOME to one"
)
MODULES = ("jdk.jshell", "jdk.compiler")


def find() -> str:
    """The java of JAVA_HOME, else that of the PATH; raises Failure where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(os.path.join(home, "bin", "java") if home else "java")
    if java is None:
        raise Failure(f"There is no java {f'in JAVA_HOME ({home})' if home else 'on the PATH'}: {WANTED}")
    return java


def fault(java: str) -> Optional[str]:
    """What a java lacks to be a JDK 17, as the beginning of a sentence; None if nothing."""
    modules = process.output([java, "-XX:-UsePerfData", "--list-modules"])
    version = re.search(r"^java\.base@(\S+)", modules, re.M)
    if not version or version.group(1).split(".")[0] != "17":
        return f"{java} is {'Java ' + version.group(1) if version else 'older than Java 9'}, and Spark 3.5 wants 17"
    for module in MODULES:
        if not re.search(rf"^{re.escape(module)}@", modules, re.M):
            return f"{java} is a JRE without {module}, which the Java kernel needs"
    return None
