"""Where things lie on the bucket."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure

from .aws import code, require_allowed

BUNDLE = "verger-bundle-{platform}.tar.gz"
PLATFORMS = ("linux-x86_64", "linux-arm64")


@dataclass(frozen=True)
class Place:
    """A folder on a bucket: `s3://<bucket>/<prefix>`."""

    bucket: str
    prefix: str

    @classmethod
    def of(cls, bucket: str, prefix: str) -> "Place":
        """Checks both: they are put into a command line on the cluster."""
        bucket = re.sub(r"^s3a?://", "", bucket).rstrip("/")
        if "/" in bucket:
            raise Failure(f"--bucket {bucket} has a folder in it: say --bucket {bucket.split('/', 1)[0]} "
                          f"--prefix {bucket.split('/', 1)[1]}")
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            raise Failure(f"{bucket!r} is not the name of a bucket: 3 to 63 small letters, digits, dots and hyphens")
        prefix = prefix.strip("/")
        if not re.fullmatch(r"[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*", prefix):
            raise Failure(f"--prefix {prefix!r} is not a folder's name of letters, digits and . _ = - (with / between folders)")
        return cls(bucket, prefix)

    def key(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def uri(self, name: str = "") -> str:
        return f"s3://{self.bucket}/{self.prefix}" + (f"/{name}" if name else "")


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an S3 URI."""
    match = re.fullmatch(r"s3[an]?://([^/]+)/?(.*)", uri)
    if not match:
        raise Failure(f"{uri} is not an S3 URI: s3://<bucket>/<folder>")
    return match.group(1), match.group(2)


def require_bucket(s3: Any, bucket: str, allowed: Sequence[str], region: Optional[str] = None) -> None:
    """The bucket exists, may be listed, and lies in an allowed region; in this one, if one is given."""
    try:
        answer = s3.head_bucket(Bucket=bucket)
        found = region_of(answer)
    except ClientError as error:
        if code(error) in ("404", "NoSuchBucket"):
            raise Failure(f"There is no bucket {bucket}: "
                          f"`helpers/emr/upload --bucket {bucket} --create-bucket` makes it") from error
        if code(error) == "403":
            raise Failure(f"The bucket {bucket} is not yours to list (s3:ListBucket): is the name right, and does your policy "
                          "allow it? See helpers/emr/policies/operator.json") from error
        raise
    if found:
        require_allowed(found, allowed, f"The region of the bucket {bucket}")
    if found and region and found != region:
        raise Failure(f"The bucket {bucket} is in {found}, not in {region}, and reads across regions are slow and cost: "
                      f"say --region {found}")


def region_of(response: dict[str, Any]) -> Optional[str]:
    """The region that S3 names in its answer to HeadBucket, a refusal too; None where it names none."""
    return response.get("BucketRegion") or response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region")
