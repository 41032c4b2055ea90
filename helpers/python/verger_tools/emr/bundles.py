"""Which bundle a cluster is to run: known by its SHA-256 on this machine, for on the bucket it may have been exchanged."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure
from verger_tools.base.project import HELPERS

from .aws import code
from .places import BUNDLE, Place


def built(platform: str) -> Path:
    """Where `mvn package` leaves it."""
    return HELPERS / "bundle" / "target" / BUNDLE.format(platform=platform)


def digest(file: Path, algorithm: str = "sha256") -> str:
    """Of a file, in hexadecimal digits."""
    made = hashlib.new(algorithm, usedforsecurity=False)
    with open(file, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            made.update(block)
    return made.hexdigest()


UNKNOWN = "0" * 64  # of no bundle: a cluster installs none by it


def sha256_wanted(options: argparse.Namespace, platform: str) -> str:
    """What the option says, or that of the bundle on this machine; `UNKNOWN` where there is none."""
    if options.bundle_sha256:
        return str(options.bundle_sha256)
    file = Path(options.bundle or built(platform))
    return digest(file) if file.is_file() else UNKNOWN


def require(s3: Any, place: Place, name: str, wanted: str) -> None:
    """It is known which bundle is wanted, and the one on the bucket says that it is that one: whether it is, the cluster looks."""
    try:
        head = s3.head_object(Bucket=place.bucket, Key=place.key(name))
    except ClientError as error:
        if code(error) not in ("404", "NoSuchKey"):
            raise
        raise Failure(f"{place.uri(name)} is not there: `helpers/emr/upload --bucket {place.bucket} --prefix {place.prefix}` "
                      "puts it there") from error
    if wanted == UNKNOWN:
        raise Failure("There is no bundle on this machine to know the one on the bucket by: give it with --bundle FILE, or "
                      "--bundle-sha256 with what helpers/emr/upload said when it was uploaded")
    there = head.get("Metadata", {}).get("sha256", wanted)
    if there != wanted:
        raise Failure(f"{place.uri(name)} has the SHA-256 {there[:12]}…, and {wanted[:12]}… is wanted: upload the bundle again "
                      "with helpers/emr/upload, or say --bundle-sha256 if that one is right")
