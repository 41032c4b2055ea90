"""Writes files into an archive whose bytes depend on nothing but them."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Union

File = Union[Path, bytes]  # a file, or what is in it

TOP = "verger"
# Seconds since 1970 of every file in it: 1 January 2026.
TIME = 1767225600


def digest(files: Mapping[str, File]) -> str:
    """SHA-256 of names and contents."""
    of_all = hashlib.sha256()
    for name, file in sorted(files.items()):
        of_all.update(name.encode() + b"\n" + hashlib.sha256(_bytes(file)).digest())
    return of_all.hexdigest()


def write(files: Mapping[str, File], version: str, output: Path) -> None:
    """Writes a .tar.gz with the files below `verger/`, and the version in `verger/VERSION`."""
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    everything: dict[str, File] = {**files, "VERSION": (version + "\n").encode()}
    # Level 1: nearly all of it is compressed already.
    with open(part, "wb") as stream, gzip.GzipFile("", "wb", 1, stream, mtime=TIME) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, file in sorted(everything.items()):
            content = _bytes(file)
            entry = tarfile.TarInfo(f"{TOP}/{name}")
            entry.size, entry.mtime = len(content), TIME
            entry.mode = 0o755 if content.startswith(b"#!") else 0o644
            archive.addfile(entry, io.BytesIO(content))
    part.replace(output)


def _bytes(file: File) -> bytes:
    return file if isinstance(file, bytes) else file.read_bytes()
