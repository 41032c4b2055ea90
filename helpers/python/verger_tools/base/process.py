"""Runs other programs: the one way in which all commands do it."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

from .errors import Failure

Word = Union[str, "os.PathLike[str]"]
LINES_SHOWN = 40


class CommandFailed(Failure):
    """A command that ended with an exit code other than 0.

    said: what it printed, stdout and stderr together.
    """

    def __init__(self, what: str, code: int, said: str):
        tail = "\n".join(said.strip().splitlines()[-LINES_SHOWN:])
        super().__init__(f"{tail}\n{what} failed with exit code {code}: its last lines are above")
        self.said = said


def run(command: Sequence[Word], what: str, *, cwd: Optional[Path] = None, environment: Optional[Mapping[str, str]] = None) -> None:
    """Runs a command silently, without a terminal.

    what: names the command in the error. cwd, environment: those of this process by default.
    Raises CommandFailed, whose message ends with the last lines that the command printed; Failure where there is no such program.
    """
    try:
        done = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace")
    except OSError as error:
        raise Failure(f"{what} cannot be started: {command[0]}: {error.strerror}") from error
    if done.returncode:
        raise CommandFailed(what, done.returncode, done.stdout)


def output(command: Sequence[Word]) -> str:
    """What a command prints on stdout, whatever its exit code; raises OSError where there is no such program."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          encoding="utf-8", errors="replace").stdout


def succeeds(command: Sequence[Word], **user: Any) -> bool:
    """Whether a command can be started and ends with 0. user: `user`, `group` and `extra_groups` of subprocess.run."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
                              **user).returncode == 0
    except OSError:
        return False
