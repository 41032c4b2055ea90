"""Makes, once for an account, the roles that a cluster and EMR Studio run under, and tags the subnet for them."""

import argparse
import json
from collections.abc import Sequence
from typing import Any, Optional

from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure
from verger_tools.base.project import HELPERS

from . import cli, config, screen
from .aws import Account, code, require_allowed
from .places import Place

POLICIES = HELPERS / "emr" / "policies"
ROLES = {"VergerEmrService": "service-role", "VergerEmrNodes": "node-role", "VergerEmrStudio": "studio-role"}
SERVICE_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"
# What EMR itself asks for, once in an account: to clean up after clusters, and to have spot instances.
SERVICE_LINKED = ("elasticmapreduce.amazonaws.com", "spot.amazonaws.com")
TAG = "for-use-with-amazon-emr-managed-policies"


def create(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    account = Account(options.region)
    require_allowed(account.region, options.allowed_regions)
    place = Place.of(options.bucket, options.prefix)
    who = account.who()
    values = {"BUCKET": place.bucket, "PREFIX": place.prefix, "REGION": account.region, "ACCOUNT": who.split(":")[4],
              "KMS_KEY": options.kms_key}
    if options.print:
        print(json.dumps(policy("operator", values), indent=2))
        return 0
    subnet = account.client("ec2").describe_subnets(SubnetIds=[options.subnet])["Subnets"][0] if options.subnet else None
    if not screen.ask(f"As {who}: make or renew the roles {', '.join(ROLES)}"
                      + (f", and tag {options.subnet} and its VPC" if subnet else "") + "?", options.yes):
        screen.say("Nothing is made")
        return 0
    iam = account.client("iam")
    for role, name in ROLES.items():
        _make(iam, role, name, values)
    _attach(iam)
    for service in SERVICE_LINKED:
        _make_service_linked(iam, service)
    if subnet:
        account.client("ec2").create_tags(Resources=[subnet["SubnetId"], subnet["VpcId"]], Tags=[{"Key": TAG, "Value": "true"}])
        screen.say(f"Tagged {subnet['SubnetId']} and {subnet['VpcId']} with {TAG}.")
    return 0


def policy(name: str, values: dict[str, Optional[str]]) -> dict[str, Any]:
    """A document of policies/ with its placeholders filled; what concerns a KMS key falls away without one."""
    document = config.load(POLICIES / f"{name}.json")
    document["Statement"] = [statement for statement in document["Statement"]
                             if values["KMS_KEY"] or "${KMS_KEY}" not in json.dumps(statement)]
    return config.fill(document, values)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = cli.parser("create-roles",
                        "Makes the roles of helpers/emr/policies, once for an account; it takes an administrator.")
    parser.add_argument("--bucket", required=True, help="the bucket that clusters may read and write")
    parser.add_argument("--prefix", default="verger", help="folder on the bucket")
    cli.add_regions(parser)
    parser.add_argument("--subnet", help="subnet for the clusters; it and its VPC get the tag that EMR's own policy asks for")
    parser.add_argument("--kms-key", metavar="ARN", help="key that encrypts the volumes, if create-cluster gets one")
    parser.add_argument("--print-operator-policy", dest="print", action="store_true",
                        help="prints the policy of who calls the other scripts, and makes nothing")
    parser.add_argument("--yes", action="store_true", help="does not ask")
    return parser.parse_args(arguments)


def _make(iam: Any, role: str, name: str, values: dict[str, Optional[str]]) -> None:
    trust = json.dumps(policy(f"{name}-trust", values))
    try:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust, Tags=[{"Key": "project", "Value": "verger"}])
    except ClientError as error:
        if code(error) != "EntityAlreadyExists":
            raise
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust)
    iam.put_role_policy(RoleName=role, PolicyName="verger", PolicyDocument=json.dumps(policy(name, values)))
    screen.say(f"The role {role} is there.")


def _make_service_linked(iam: Any, service: str) -> None:
    try:
        iam.create_service_linked_role(AWSServiceName=service)
    except ClientError as error:
        if code(error) not in ("InvalidInput", "EntityAlreadyExists"):  # it is there already
            raise
    screen.say(f"The service-linked role of {service} is there.")


def _attach(iam: Any) -> None:
    try:
        iam.attach_role_policy(RoleName="VergerEmrService", PolicyArn=SERVICE_POLICY)
    except ClientError as error:
        if code(error) == "NoSuchEntity":
            raise Failure(f"This account has no {SERVICE_POLICY}: is it one of another partition (China, GovCloud)?") from error
        raise
    try:
        iam.create_instance_profile(InstanceProfileName="VergerEmrNodes")
    except ClientError as error:
        if code(error) != "EntityAlreadyExists":
            raise
    try:
        iam.add_role_to_instance_profile(InstanceProfileName="VergerEmrNodes", RoleName="VergerEmrNodes")
    except ClientError as error:
        if code(error) != "LimitExceeded":  # it holds one role, and has it
            raise
    screen.say("The instance profile VergerEmrNodes is there.")


if __name__ == "__main__":
    cli.main(create)
