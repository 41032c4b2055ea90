"""Steps of a set-up, each made once, and anew when what it is made from changes.

The set-ups of notebooks/run, of helpers/emr, of helpers/cluster-in-a-box and of the tests use them.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Union

LEFT_BY_BUILDS = {"target", "__pycache__"}

Part = Union[str, Path]  # a text, a file or a folder


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Two first calls at once would build into the same folder: here the second one waits."""
    try:
        import fcntl
    except ImportError:  # Windows outside of WSL
        yield
        return
    with open(file, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def step(name: str, stamp: Path, made_from: Iterable[Part], make: Callable[[], object],
         is_whole: Callable[[], bool] = lambda: True) -> None:
    """Makes a part unless it is there, made from the same.

    name: for the screen. stamp: a file that keeps the fingerprint of what the part was made from. made_from: texts, files
    and folders. is_whole: whether what was made is still there.
    """
    made = fingerprint(name, made_from)
    if is_whole() and stamp.is_file() and stamp.read_text(encoding="utf-8") == made:
        return
    print(f"Setting up: {name} …", end=" ", file=sys.stderr, flush=True)
    start = time.monotonic()
    stamp.unlink(missing_ok=True)
    try:
        make()
    except Exception:
        print("failed", file=sys.stderr)
        raise
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(made, encoding="utf-8")
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def fingerprint(name: str, made_from: Iterable[Part]) -> str:
    """SHA-256 of a name, texts, and files with their names and contents."""
    digest = hashlib.sha256(f"{name}\n".encode())
    for part in made_from:
        if isinstance(part, str):
            digest.update(f"{part}\n".encode())
            continue
        for file in _files(part) if part.is_dir() else [part]:
            digest.update(str(file.relative_to(part.parent)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*")
                  if file.is_file() and LEFT_BY_BUILDS.isdisjoint(file.relative_to(folder).parts))
