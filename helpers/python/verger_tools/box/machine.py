"""What the box needs of the machine; what is missing is said in one sentence, with the way out."""

import os
import pwd
import re
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from verger_tools.base import jdk, process
from verger_tools.base.errors import Failure
from verger_tools.base.release import RELEASE

EMR_USER = "emr-notebook"
LEAST_MEMORY = 4 << 30
PYTHON_WANTED = (f"the bundle is for {' and '.join(RELEASE.pythons)}, EMR's: install one that all users may run, with its venv module "
                 "(Debian: apt-get install python3-venv), or name one in PYTHON")

IS_WANTED_PYTHON = f"import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] not in {RELEASE.pythons})"


class User:
    """The user that the cluster runs as: never root, as the gateway refuses it."""

    def __init__(self) -> None:
        self.switch = os.geteuid() == 0
        self._entry = _emr_user() if self.switch else pwd.getpwuid(os.geteuid())
        self.name = self._entry.pw_name

    def as_user(self) -> dict[str, Any]:
        """Arguments of subprocess.Popen."""
        return {"user": self._entry.pw_uid, "group": self._entry.pw_gid, "extra_groups": []} if self.switch else {}

    def can(self, *command: str) -> bool:
        """Whether a command succeeds for the user."""
        return process.succeeds(command, **self.as_user())

    def own(self, folder: Path) -> None:
        """Makes a folder that the user writes to."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.switch:
            os.chown(folder, self._entry.pw_uid, self._entry.pw_gid)

    def own_all(self, folder: Path) -> None:
        """Gives a folder to the user with all that is in it."""
        for path in (folder, *folder.rglob("*")) if self.switch else ():
            os.chown(path, self._entry.pw_uid, self._entry.pw_gid)


def _emr_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(EMR_USER)
    except KeyError:
        pass
    try:
        process.run(["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/bash", EMR_USER], "useradd")
    except Failure as failure:
        problem = failure.said.strip() if isinstance(failure, process.CommandFailed) else str(failure)
        raise Failure(f"Cannot create the user {EMR_USER}, whom the gateway runs as when root starts it ({problem}): "
                      "create it yourself, or start the box as another user than root") from failure
    return pwd.getpwnam(EMR_USER)


def check_system() -> None:
    """The box relies on Linux for cleaning up."""
    if sys.platform != "linux":
        raise Failure(f"The cluster in a box runs on Linux, and this is {sys.platform}: use a virtual machine or a container")


def check_memory() -> None:
    """All parts with one kernel and two executors take 2.6 GB."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"), re.M)
    free = int(found.group(1)) << 10 if found else 0
    if free < LEAST_MEMORY:
        raise Failure(f"{free / 2**30:.1f} GB of memory are free, and the box with one kernel and two executors wants "
                       f"{LEAST_MEMORY >> 30}: end other programs, or use a larger machine")


def check_readable(folder: Path, user: User) -> None:
    """The folder of a root's project may lie under /root, which nobody else may enter."""
    if not user.can("test", "-x", str(folder)):
        raise Failure(f"{user.name} may not enter {folder}: give a --folder that it may, such as --folder /var/tmp/verger-box")


def java_home(user: User) -> Path:
    """The home of a JDK 17."""
    java = jdk.find()
    found = Path(os.path.realpath(java)).parents[1]
    if jdk.fault(java):
        raise Failure(f"{found} is not a JDK 17: {jdk.WANTED}")
    if not user.can(str(found / "bin" / "java"), "-XX:-UsePerfData", "-version"):
        raise Failure(f"{user.name} may not run {found}/bin/java: {jdk.WANTED}")
    return found


def gateway_python(user: User) -> str:
    """A Python for the gateway's environment that the user may run: one below a home folder may be closed to it."""
    for python in filter(None, [os.environ.get("PYTHON"), "/usr/bin/python3", *(f"python{version}" for version in RELEASE.pythons[::-1]),
                                sys.executable]):
        path = shutil.which(python)
        if path and user.can(path, "-c", IS_WANTED_PYTHON):
            return path
    raise Failure(f"{user.name} finds no Python for the gateway: {PYTHON_WANTED}")


class Ports:
    """Ports of the loopback interface: those asked for, else free ones."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def take(self, name: str, wanted: int = 0) -> int:
        """A port that nobody listens on; it stays taken until all are released."""
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one of a box just stopped is free
        try:
            held.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise Failure(f"Port {wanted} for {name} cannot be used ({error.strerror}): end what listens there, "
                           f"or leave the option out and the system chooses one") from error
        self._held.append(held)
        return int(held.getsockname()[1])

    def release(self) -> None:
        """Lets the daemons have them."""
        for held in self._held:
            held.close()
        self._held.clear()
