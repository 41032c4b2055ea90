"""What the commands say while they wait, and the question before they spend."""

import sys
import time

from verger_tools.base.errors import Failure


def say(text: str) -> None:
    """A line of progress: on stderr, so that stdout is the result's alone."""
    clear()
    print(text, file=sys.stderr, flush=True)


def event(text: str) -> None:
    """A line of progress with the time of day."""
    say(f"{time.strftime('%H:%M:%S')}  {text}")


def still(text: str) -> None:
    """What goes on, on a line that the next one replaces; a log file gets none of it."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def clear() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)


def ask(question: str, yes: bool) -> bool:
    """Whether the user wants it; where nobody can be asked, `--yes` must have said so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise Failure(f"{question} Nobody can be asked here: say --yes")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
