"""The EMR release that all is made for: `helpers/emr/release.properties`."""

from dataclasses import dataclass
from pathlib import Path

from .project import HELPERS

FILE = HELPERS / "emr" / "release.properties"


@dataclass(frozen=True)
class Release:
    """A release of EMR and what it brings.

    label: as EMR names it, `emr-` and three numbers. spark, hadoop, gateway: versions, without Amazon's own suffix. pythons: those of its
    machines, such as 3.9.
    """

    label: str
    spark: str
    hadoop: str
    gateway: str
    pythons: tuple[str, ...]


def read(file: Path = FILE) -> Release:
    """Reads a file of lines `key=value`; raises KeyError where one is missing."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return Release(values["emr"], values["spark"], values["hadoop"], values["gateway"], tuple(values["pythons"].split(",")))


RELEASE = read()
