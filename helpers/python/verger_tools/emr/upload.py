"""Puts what a cluster needs on the bucket: the bundle, the scripts of its steps, the notebooks, the sample."""

import argparse
import sys
import tarfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure
from verger_tools.base.project import HELPERS, ROOT

from . import bundles, cli, screen
from .aws import Account, code, require_allowed
from .places import BUNDLE, PLATFORMS, Place, require_bucket

CONTENT_TYPES = {".ipynb": "application/x-ipynb+json", ".sh": "text/x-shellscript", ".gz": "application/gzip",
                 ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".json": "application/json",
                 ".md": "text/markdown; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
THREADS = 8
PART = 16 << 20


@dataclass(frozen=True)
class Item:
    """A file and where it goes."""

    file: Path
    name: str

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES.get(self.file.suffix.lower(), "application/octet-stream")

    def digest(self, algorithm: str) -> str:
        return bundles.digest(self.file, algorithm)


def upload(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    account = Account(options.region)
    require_allowed(account.region, options.allowed_regions)
    place = Place.of(options.bucket, options.prefix)
    bundle = Path(options.bundle or bundles.built(options.platform))
    items = _items(bundle, options)
    account.who()
    s3 = account.client("s3")
    if options.create_bucket:
        _create_bucket(s3, place.bucket, account.region)
    require_bucket(s3, place.bucket, options.allowed_regions, account.region)
    _put(s3, place, items)
    screen.say(f"The bundle's SHA-256, which create-cluster has the cluster compare: {items[-1].digest('sha256')}")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = cli.parser("upload", "Puts the bundle, the scripts of its steps, the notebooks and the sample on a bucket; skips "
                                  "what is there.")
    add = parser.add_argument
    add("--bucket", required=True, help="the bucket")
    add("--prefix", default="verger", help="folder on the bucket")
    cli.add_regions(parser)
    add("--create-bucket", action="store_true", help="makes the bucket if it is not there, closed to the public")
    add("--platform", choices=PLATFORMS, default=PLATFORMS[0], help="linux-arm64 for Graviton instances")
    add("--bundle", metavar="FILE", help="default: what `mvn package` made for the platform")
    return parser.parse_args(arguments)


def _items(bundle: Path, options: argparse.Namespace) -> list[Item]:
    if not bundle.is_file():
        raise Failure(f"There is no bundle {bundle}: `mvn package -DskipTests -Dplatform={options.platform}` makes it, "
                      "or name one with --bundle")
    _require_script(bundle)
    items = [Item(HELPERS / "emr" / "bootstrap.sh", "bootstrap.sh")]
    items += [Item(file, f"notebooks/{file.name}") for file in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    sample = ROOT / "data-sample"
    items += [Item(file, f"data-sample/{file.relative_to(sample).as_posix()}") for file in sorted(sample.rglob("*"))
              if file.is_file() and not file.name.startswith(".")]
    # Last, so that whoever sees the bundle sees all of it.
    return [*items, Item(bundle, BUNDLE.format(platform=options.platform))]


def _require_script(bundle: Path) -> None:
    """The cluster runs the installer that comes with this very bundle."""
    try:
        with tarfile.open(bundle) as archive:
            if any(member.name == "verger/install-kernel.sh" and member.isfile() for member in archive):
                return
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Failure(f"{bundle} is not a whole .tar.gz ({error}): build it again") from error
    raise Failure(f"{bundle} has no verger/install-kernel.sh: is it Verger's bundle?")


def _create_bucket(s3: Any, bucket: str, region: str) -> None:
    try:
        s3.head_bucket(Bucket=bucket)
        return
    except ClientError as error:
        if code(error) not in ("404", "NoSuchBucket"):
            return  # there, and not ours; said by require_bucket
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=bucket, **where)
    except ClientError as error:
        if code(error) == "BucketAlreadyExists":
            raise Failure(f"The name {bucket} belongs to somebody else's bucket: choose another one") from error
        raise
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True})
    screen.say(f"Made the bucket {bucket} in {region}, closed to the public.")


# Uploading

def _put(s3: Any, place: Place, items: Sequence[Item]) -> None:
    there = _there(s3, place)
    changed = [item for item in items if not _is_same(s3, place, item, there.get(place.key(item.name)))]
    progress = _Progress(len(changed), sum(item.size for item in changed))
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda item: _put_one(s3, place, item, progress), changed[:-1]))
    for item in changed[-1:]:
        _put_one(s3, place, item, progress)
    screen.say(f"{place.uri()}: {len(changed)} of {len(items)} files uploaded ({_megabytes(progress.size)}), "
               f"{len(items) - len(changed)} were there already")


def _there(s3: Any, place: Place) -> dict[str, dict[str, Any]]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=place.key(""))
    return {entry["Key"]: entry for page in pages for entry in page.get("Contents", [])}


def _is_same(s3: Any, place: Place, item: Item, entry: Optional[dict[str, Any]]) -> bool:
    if entry is None or entry["Size"] != item.size:
        return False
    etag = entry["ETag"].strip('"')
    if etag == item.digest("md5"):
        return True
    # An object of many parts, or under a KMS key, has another ETag; what we put has its digest with it.
    head = s3.head_object(Bucket=place.bucket, Key=place.key(item.name))
    return head.get("Metadata", {}).get("sha256") == item.digest("sha256")


def _put_one(s3: Any, place: Place, item: Item, progress: "_Progress") -> None:
    s3.upload_file(str(item.file), place.bucket, place.key(item.name), Callback=progress.bytes,
                   Config=TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=4),
                   ExtraArgs={"ContentType": item.content_type, "Metadata": {"sha256": item.digest("sha256")}})
    progress.file()


class _Progress:
    """A line that moves on a terminal; in a log file one in ten seconds."""

    def __init__(self, files: int, size: int):
        self.files, self.size = files, size
        self.done_files = self.done = 0
        self.shown = time.monotonic()
        self.lock = threading.Lock()

    def bytes(self, count: int) -> None:
        with self.lock:
            self.done += count
            self._show()

    def file(self) -> None:
        with self.lock:
            self.done_files += 1
            self._show()

    def _show(self) -> None:
        text = f"{self.done_files} of {self.files} files, {_megabytes(self.done)} of {_megabytes(self.size)}"
        screen.still(text)
        if not sys.stderr.isatty() and time.monotonic() - self.shown > 10:
            self.shown = time.monotonic()
            screen.say(text)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


if __name__ == "__main__":
    cli.main(upload)
