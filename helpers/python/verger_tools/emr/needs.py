"""What a cluster needs: looked for, or made, before it costs."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure
from verger_tools.base.project import HELPERS

from . import bundles, config, notebooks, screen
from .aws import Account, code
from .create_roles import TAG
from .places import BUNDLE, Place, require_bucket
from .request import instance_types, platform

BOOTSTRAP = HELPERS / "emr" / "bootstrap.sh"
SECURITY = HELPERS / "emr" / "security-configuration.json"


def require_all(account: Account, options: argparse.Namespace, place: Place, request: dict[str, Any]) -> None:
    """Bucket, bundle, roles, subnet and encrypted volumes: fails with the first that is not there."""
    s3 = account.client("s3")
    require_bucket(s3, place.bucket, options.allowed_regions, account.region)
    bundles.require(s3, place, BUNDLE.format(platform=platform(instance_types(request)[0])), options.bundle_sha256)
    _require_own(s3, place, BOOTSTRAP)
    _require_role(account, options.service_role, "role", "--service-role",
                  lambda iam: iam.get_role(RoleName=options.service_role))
    _require_role(account, options.node_role, "instance profile", "--node-role",
                  lambda iam: iam.get_instance_profile(InstanceProfileName=options.node_role))
    if options.output:
        notebooks.require_output(s3, options.output.rstrip("/"), place, options.allowed_regions)
    notebooks.require_inputs(s3, options.parameters, place, options.allowed_regions)
    if options.subnet:
        _require_subnet(account, options.subnet)
    if not options.kms_key and not options.security_configuration:
        _require_encrypted_volumes(account)


def _require_own(s3: Any, place: Place, script: Path) -> None:
    """What every node runs as root, and EMR itself fetches, is still the project's own."""
    name = script.name
    try:
        there = s3.get_object(Bucket=place.bucket, Key=place.key(name))["Body"].read()
    except ClientError as error:
        if code(error) not in ("404", "NoSuchKey"):
            raise
        raise Failure(f"{place.uri(name)} is not there: `helpers/emr/upload --bucket {place.bucket} --prefix {place.prefix}` "
                      "puts it there") from error
    if there != script.read_bytes():
        raise Failure(f"{place.uri(name)} is not this project's {script.relative_to(HELPERS.parent)}, and every node would run "
                      "it: who may write to the bucket? helpers/emr/upload puts the project's own there")


def _require_role(account: Account, name: str, what: str, flag: str, look: Callable[[Any], object]) -> None:
    try:
        look(account.client("iam"))
    except ClientError as error:
        if code(error) == "NoSuchEntity":
            raise Failure(f"There is no {what} {name}: helpers/emr/create-roles makes it, or {flag} names another") from error
        if code(error) not in ("AccessDenied", "AccessDeniedException"):
            raise
        screen.say(f"Whether there is a {what} {name} cannot be seen (iam is denied); going on.")


def _require_subnet(account: Account, subnet: str) -> None:
    try:
        (found,) = account.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"]
    except ClientError as error:
        if code(error) == "InvalidSubnetID.NotFound":
            raise Failure(f"There is no subnet {subnet} in {account.region}: "
                          f"`aws ec2 describe-subnets --region {account.region}` lists them") from error
        if code(error) != "UnauthorizedOperation":
            raise
        return
    if {"Key": TAG, "Value": "true"} not in found.get("Tags", []):
        screen.say(f"The subnet {subnet} lacks the tag {TAG}, without which EMR's own policy does not let it start instances "
                   "there: `helpers/emr/create-roles --subnet` sets it.")


def _require_encrypted_volumes(account: Account) -> None:
    try:
        if account.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]:
            return
    except ClientError as error:
        if code(error) != "UnauthorizedOperation":
            raise
    raise Failure("The cluster's volumes would not be encrypted: say --kms-key <ARN>, or have the account encrypt volumes by "
                  f"default with `aws ec2 enable-ebs-encryption-by-default --region {account.region}`, which costs nothing")


def secure(account: Account, options: argparse.Namespace, name: str) -> None:
    """Makes the security configuration unless it is there."""
    emr = account.client("emr")
    try:
        found = json.loads(emr.describe_security_configuration(Name=name)["SecurityConfiguration"])
    except ClientError as error:
        if code(error) not in ("InvalidRequestException", "ResourceNotFoundException"):
            raise
        if options.security_configuration:
            raise Failure(f"There is no security configuration {name} in {account.region}: leave --security-configuration off "
                          "to have one made") from error
    else:
        _require_tokens(found, options, name)
        return
    content = config.load(SECURITY)
    if options.kms_key:
        content = config.fill(content, {"KMS_KEY": options.kms_key})
    else:
        del content["EncryptionConfiguration"]["AtRestEncryptionConfiguration"]["LocalDiskEncryptionConfiguration"]
    emr.create_security_configuration(Name=name, SecurityConfiguration=json.dumps(content))
    screen.say(f"Made the security configuration {name}.")


def _require_tokens(security: dict[str, Any], options: argparse.Namespace, name: str) -> None:
    """Instances give their role's keys to those alone who ask with a token (IMDSv2), not to whom a server can be made to ask for."""
    if security.get("InstanceMetadataServiceConfiguration", {}).get("MinimumInstanceMetadataServiceVersion") == 2:
        return
    if not options.security_configuration:
        raise Failure(f"The security configuration {name} is of an earlier version, which does not require IMDSv2: "
                      f"`aws emr delete-security-configuration --name {name}`, and call this again, which makes it anew")
    screen.say(f"The security configuration {name} does not require IMDSv2: InstanceMetadataServiceConfiguration in "
               "helpers/emr/security-configuration.json shows how it is asked for.")
