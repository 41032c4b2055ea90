"""The processes of a box: each is started with what ends it, and all that descends from them is gone in the end."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from verger_tools.box.machine import User

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# YARN's nodes kill their containers at once, and then wait up to 20 s for nothing that matters here.
ENOUGH_FOR_DAEMONS = 5
_libc = ctypes.CDLL(None)


class Processes:
    """Starts processes as one user with one environment, and stops them."""

    def __init__(self, user: User, environment: dict[str, str], logs: Path):
        self.user = user
        self.environment = environment
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        # YARN's containers leave their parent's session; as orphans they come to us, so that stop() finds them.
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self, name: str, command: Sequence[str]) -> int:
        """Starts a command; what it prints goes to `<name>.log`. Returns its process id."""
        with open(self.log(name), "ab") as log:
            self._running[name] = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.environment["HOME"], start_new_session=True, preexec_fn=_end_with_parent, **self.user.as_user())
        return self._running[name].pid

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def ended(self) -> Optional[str]:
        """The name of one that has ended by itself, or None."""
        self._reap_orphans()
        return next((name for name, process in self._running.items() if process.poll() is not None), None)

    def stop(self, *names: str, patience: float) -> None:
        """Asks processes to end; kills those that have not after some seconds."""
        stopping = [self._running.pop(name) for name in names]
        for process in stopping:
            process.terminate()
        deadline = time.monotonic() + patience
        for process in stopping:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop_all(self, first: str, patience: float) -> None:
        """Stops one, which may need the others for it, then these, then whatever descends from them."""
        for names in ([first], list(self._running)):
            self.stop(*(name for name in names if name in self._running), patience=patience)
            patience = ENOUGH_FOR_DAEMONS
        deadline = time.monotonic() + 10
        while _reap() and time.monotonic() < deadline:
            for pid in descendants(os.getpid()):
                _kill(pid)
            time.sleep(0.05)

    def _reap_orphans(self) -> None:
        """Takes the exit codes of those that became our children."""
        own = {process.pid for process in self._running.values()}
        while True:
            try:
                dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if dead is None or dead.si_pid in own:
                return
            os.waitpid(dead.si_pid, 0)


def descendants(pid: int) -> list[int]:
    """The process ids of all that descend from a process."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        new = children.get(todo.pop(), [])
        found += new
        todo += new
    return found


def _end_with_parent() -> None:
    """A box that was killed with SIGKILL leaves nothing behind either."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _reap() -> bool:
    """Takes the exit codes of all that have ended; says whether a child is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    except ChildProcessError:
        return False
