"""AWS clients that fail fast, and AWS errors as one sentence with a way out."""

import os
import re
from collections.abc import Sequence
from typing import Any, Optional

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnection

from verger_tools.base.errors import Failure

EU_REGIONS = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")

_ATTEMPTS = 4
NO_ANSWER = (NoConnection, HTTPClientError)

LOG_IN = "log in with `aws sso login` or `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_UNKNOWN_KEYS = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch",
                 "AuthFailure", "InvalidToken"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden"}
_THROTTLED = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "SlowDown", "TooManyRequestsException"}

# The permission that an operation asks for, where it has another name; else it is the operation's in its service.
_PERMISSIONS = {"HeadBucket": "s3:ListBucket", "ListObjectsV2": "s3:ListBucket", "HeadObject": "s3:GetObject",
                "CreateMultipartUpload": "s3:PutObject", "UploadPart": "s3:PutObject",
                "CompleteMultipartUpload": "s3:PutObject", "GetBucketLocation": "s3:GetBucketLocation",
                "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock"}


class Account:
    """The clients of one region, made when they are asked for."""

    def __init__(self, region: Optional[str] = None):
        self.session: Optional[boto3.Session] = None
        self.asked_for = region

    @property
    def region(self) -> str:
        # boto3 itself knows AWS_DEFAULT_REGION only; the CLI and the other SDKs read this one, too.
        region = self.asked_for or os.environ.get("AWS_REGION") or boto3.Session().region_name
        if not region:
            raise Failure("No region: say --region eu-central-1, or set AWS_REGION")
        return region

    def client(self, service: str, attempts: int = _ATTEMPTS) -> Any:
        config = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": attempts})
        return self._session().client(service, region_name=self.region, config=config)

    def who(self) -> str:
        """The caller's ARN; fails where there are no credentials, or none that count, and at once without a network."""
        return self.client("sts", attempts=1).get_caller_identity()["Arn"]

    def _session(self) -> boto3.Session:
        if self.session is None:
            self.session = boto3.Session()
            if self.session.get_credentials() is None:
                raise NoCredentialsError()
        return self.session


def require_allowed(region: str, allowed: Sequence[str], what: str = "--region") -> None:
    """Keeps photographs and results where privacy law wants them."""
    if region not in allowed:
        raise Failure(f"{what} is {region}, which is not among the allowed regions ({', '.join(allowed)}): choose one of them, "
                      f"or allow it with --allowed-regions {region}")


def regions(text: str) -> list[str]:
    """What `--allowed-regions` says: names with commas between them."""
    found = [name.strip() for name in text.split(",") if name.strip()]
    for name in found:
        if not re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d", name):
            raise ValueError(name)
    return found


def code(error: ClientError) -> str:
    """The error code of what a service answered."""
    return error.response.get("Error", {}).get("Code", "")


def is_passing(error: Exception) -> bool:
    """Whether it may be gone in a minute: no network, too many requests, a fault of the service."""
    if isinstance(error, ClientError):
        return code(error) in _THROTTLED or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500
    return isinstance(error, NO_ANSWER)


def explain(error: Exception) -> str:
    """One sentence for an error of boto3: what happened, and what to do."""
    if isinstance(error, ClientError):
        return _explain_answer(error)
    if isinstance(error, (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)):
        return f"There are no usable AWS credentials ({_first_line(error)}): {LOG_IN}"
    if isinstance(error, (SSOError, TokenRetrievalError)):
        return f"The AWS login has expired ({_first_line(error)}): {LOG_IN}"
    if isinstance(error, ProfileNotFound):
        return f"{_first_line(error)}: `aws configure list-profiles` lists those there are"
    if isinstance(error, NoRegionError):
        return "No region: say --region eu-central-1, or set AWS_REGION"
    if isinstance(error, NO_ANSWER):
        return f"AWS cannot be reached ({_first_line(error)}): is there a network, and is AWS_ENDPOINT_URL right, if it is set?"
    return f"{type(error).__name__}: {_first_line(error)}"


def _explain_answer(error: ClientError) -> str:
    said, operation = code(error), error.operation_name
    message = _first_line(error.response.get("Error", {}).get("Message", ""))
    if said in _EXPIRED:
        return f"The AWS credentials have expired: {LOG_IN}"
    if said in _UNKNOWN_KEYS:
        return f"AWS does not know these credentials ({said}): {LOG_IN}"
    if said in _DENIED:
        return (f"AWS denies {permission(error)}: the policy that allows it is helpers/emr/policies/operator.json"
                + (f" ({message})" if message and not message.startswith(("Forbidden", "<")) else ""))
    if said in _THROTTLED:
        return f"AWS still answers {said} after {_ATTEMPTS} attempts of {operation}: try again in a minute"
    if said == "NoSuchBucket":
        name = error.response["Error"].get("BucketName", "")
        return f"There is no bucket {name}: helpers/emr/upload --create-bucket makes it"
    if said == "InvalidRequestException" and "not valid" in message and "luster" in message:
        return f"There is no such cluster in this region ({message}): is --region right?"
    return f"AWS refuses {operation} ({said}): {message or 'without a reason'}"


def permission(error: ClientError) -> str:
    """The IAM action that was denied."""
    named = re.search(r"not authorized to perform: ([a-z0-9-]+:\w+)", error.response.get("Error", {}).get("Message", ""))
    if named:
        return named.group(1)
    operation = error.operation_name
    if operation in _PERMISSIONS:
        return _PERMISSIONS[operation]
    for service, prefix in (("emr", "elasticmapreduce"), ("s3", "s3"), ("iam", "iam"), ("sts", "sts"), ("ec2", "ec2")):
        if operation in botocore.session.get_session().get_service_model(service).operation_names:
            return f"{prefix}:{operation}"
    return operation


def _first_line(text: object) -> str:
    lines = str(text).strip().splitlines()
    return lines[0].rstrip(". ") if lines else ""
