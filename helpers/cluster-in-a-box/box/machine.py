"""What the box needs of the machine; what is missing is said in one sentence, with the way out."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

EMR_USER = "emr-notebook"
LEAST_MEMORY = 4 << 30
JDK_WANTED = ("install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless; Amazon Linux: "
              "dnf install java-17-amazon-corretto-devel) or set JAVA_HOME to one")
PYTHON_WANTED = ("the bundle is for 3.9 and 3.11, EMR's: install one that all users may run, with its venv module "
                 "(Debian: apt-get install python3-venv), or name one in PYTHON")

IS_WANTED_PYTHON = "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 9), (3, 11)))"


class BoxError(Exception):
    """Something that the user can put right; the message says how."""


class User:
    """The user that the cluster runs as: never root, as the gateway refuses it."""

    def __init__(self):
        self.switch = os.geteuid() == 0
        self._entry = _emr_user() if self.switch else pwd.getpwuid(os.geteuid())
        self.name = self._entry.pw_name

    def as_user(self):
        """Arguments of subprocess.Popen."""
        return {"user": self._entry.pw_uid, "group": self._entry.pw_gid, "extra_groups": []} if self.switch else {}

    def can(self, *command):
        """Whether a command succeeds for the user."""
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  cwd="/", **self.as_user()).returncode == 0
        except OSError:
            return False

    def own(self, folder):
        """Makes a folder that the user writes to."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.switch:
            os.chown(folder, self._entry.pw_uid, self._entry.pw_gid)

    def own_all(self, folder):
        """Gives a folder to the user with all that is in it."""
        for path in (folder, *folder.rglob("*")) if self.switch else ():
            os.chown(path, self._entry.pw_uid, self._entry.pw_gid)


def _emr_user():
    try:
        return pwd.getpwnam(EMR_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/bash", EMR_USER]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        problem = done.stdout.strip() if done.returncode else None
    except OSError as error:
        problem = f"useradd: {error.strerror}"
    if problem:
        raise BoxError(f"Cannot create the user {EMR_USER}, whom the gateway runs as when root starts it ({problem}): "
                       f"create it yourself, or start the box as another user than root")
    return pwd.getpwnam(EMR_USER)


def check_system():
    """The box relies on Linux for cleaning up."""
    if sys.platform != "linux":
        raise BoxError(f"The cluster in a box runs on Linux, and this is {sys.platform}: use a virtual machine or a container")


def check_memory():
    """All parts with one kernel and two executors take 2.6 GB."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"), re.M)
    free = int(found.group(1)) << 10
    if free < LEAST_MEMORY:
        raise BoxError(f"{free / 2**30:.1f} GB of memory are free, and the box with one kernel and two executors wants "
                       f"{LEAST_MEMORY >> 30}: end other programs, or use a larger machine")


def check_readable(folder, user):
    """The folder of a root's project may lie under /root, which nobody else may enter."""
    if not user.can("test", "-x", str(folder)):
        raise BoxError(f"{user.name} may not enter {folder}: give a --folder that it may, such as --folder /var/tmp/verger-box")


def java_home(user):
    """The home of a JDK 17."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    if java is None:
        raise BoxError(f"There is no java {f'in JAVA_HOME ({home})' if home else 'on the PATH'}: {JDK_WANTED}")
    found = Path(os.path.realpath(java)).parents[1]
    modules = subprocess.run([java, "-XX:-UsePerfData", "--list-modules"], capture_output=True, text=True).stdout
    if not re.search(r"^java\.base@17\b", modules, re.M) or not re.search(r"^jdk\.jshell@", modules, re.M):
        raise BoxError(f"{found} is not a JDK 17: {JDK_WANTED}")
    if not user.can(str(found / "bin" / "java"), "-XX:-UsePerfData", "-version"):
        raise BoxError(f"{user.name} may not run {found}/bin/java: {JDK_WANTED}")
    return found


def gateway_python(user):
    """A Python for the gateway's environment that the user may run: one below a home folder may be closed to it."""
    for python in filter(None, [os.environ.get("PYTHON"), "/usr/bin/python3", "python3.11", "python3.9", sys.executable]):
        path = shutil.which(python)
        if path and user.can(path, "-c", IS_WANTED_PYTHON):
            return path
    raise BoxError(f"{user.name} finds no Python for the gateway: {PYTHON_WANTED}")


class Ports:
    """Ports of the loopback interface: those asked for, else free ones."""

    def __init__(self):
        self._held = []

    def take(self, name, wanted=0):
        """A port that nobody listens on; it stays taken until all are released."""
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one of a box just stopped is free
        try:
            held.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise BoxError(f"Port {wanted} for {name} cannot be used ({error.strerror}): end what listens there, "
                           f"or leave the option out and the system chooses one") from error
        self._held.append(held)
        return held.getsockname()[1]

    def release(self):
        """Lets the daemons have them."""
        for held in self._held:
            held.close()
        self._held.clear()
