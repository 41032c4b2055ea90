"""What went wrong in a cell, for people."""

import re

from papermill.exceptions import PapermillExecutionError

MOST_LINES = 10
# What is refused is said in a sentence, and its class says nothing more; colours stand about it.
_OF_WRONG_SETTINGS = re.compile(r"^(?:\x1b\[\d+m)*IllegalArgumentException(?:\x1b\[0m)?: ")


def java_error(error: PapermillExecutionError) -> str:
    """The cell that failed, and what the kernel says of it; of a trace as other kernels have it the first lines."""
    lines = [_OF_WRONG_SETTINGS.sub("", line) for entry in error.traceback for line in entry.splitlines()]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1:] = [f"({len(lines) - MOST_LINES + 1} more lines are in the executed notebook)"]
    return "\n".join([f"Cell [{error.exec_count}] failed:", *(lines or [f"{error.ename}: {error.evalue}"])])


def plain(text: str) -> str:
    """The text without a terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
