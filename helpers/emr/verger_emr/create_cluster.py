"""Creates the cluster of `emr-config.json`, waits until it is ready, and says what to open."""

import argparse
import json
import re

from botocore.exceptions import ClientError

from . import cli, config, notebooks, prices, screen
from .aws import Account, Failure, code, require_allowed
from .create_roles import TAG
from .following import ENDED, FAILED, Follower
from .places import BUNDLE, Place, require_bucket

SECURITY = config.ROOT / "helpers" / "emr" / "security-configuration.json"


def create(arguments):
    options = _parse(arguments)
    account = Account(options.region)
    region = account.region
    require_allowed(region, options.allowed_regions)
    place = Place.of(options.bucket, options.prefix)
    request = _request(options, place)
    config.check(request)
    for line in _estimate(request, region):
        screen.say(line)
    if options.dry_run:
        print(json.dumps(request, indent=2, ensure_ascii=False))
        return 0
    screen.say(f"As {account.who()}.")
    _require_what_it_needs(account, options, place)
    if not screen.ask(f"Create the cluster «{request['Name']}» in {region}?", options.yes):
        screen.say("Nothing is created")
        return 0
    _secure(account, options, request["SecurityConfiguration"])
    cluster_id = account.client("emr").run_job_flow(**request)["JobFlowId"]
    print(cluster_id, flush=True)
    stop = f"helpers/emr/terminate {cluster_id} --region {region}"
    screen.say(f"It costs from now on, until {stop}, or until it has been idle for {options.idle_minutes} minutes.")
    if options.no_wait:
        return 0
    try:
        return _follow(Follower(account, cluster_id), request, region, stop)
    except KeyboardInterrupt:
        screen.say(f"\nThe cluster goes on, and costs: {stop}")
        return 130


def _parse(arguments):
    parser = cli.parser("create-cluster",
                        "Creates the cluster of emr-config.json: says what it costs, asks, waits, and says what to open.")
    add = parser.add_argument
    add("--bucket", required=True, help="bucket that helpers/emr/upload has filled; logs and results go there, too")
    add("--prefix", default="verger", help="folder on the bucket")
    cli.add_regions(parser)
    add("--subnet", help="subnet to start in; default: EMR chooses one of the default VPC")
    add("--name", default="verger", help="name of the cluster")
    add("--release", help="EMR release, such as emr-7.14.0; default: that of the file")
    add("--instance-type", default="m5.xlarge", help="type of all instances")
    add("--workers", type=_count, default=2, help="core instances")
    add("--max-workers", type=_count, help="core instances that managed scaling may have; default: twice --workers")
    market = parser.add_mutually_exclusive_group()
    market.add_argument("--spot", type=int, default=1, metavar="N", help="so many of the workers on spot, on demand otherwise")
    market.add_argument("--on-demand", dest="spot", action="store_const", const=0, default=argparse.SUPPRESS,
                        help="no worker on spot")
    add("--idle-minutes", type=_minutes, default=60, help="terminates itself after so many idle minutes")
    add("--notebook", metavar="NAME", help="runs this notebook headless when the kernel is installed")
    add("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="a parameter of the notebook; images is the sample on the bucket, unless given")
    add("--output", metavar="URI", help="where the notebook's results go; default: results/<notebook> on the bucket")
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--keep", dest="keep", action="store_true", default=True, help="keeps the cluster after its steps")
    after.add_argument("--terminate-after-steps", dest="keep", action="store_false", default=argparse.SUPPRESS,
                       help="ends the cluster after its steps, also when one fails")
    add("--kms-key", metavar="ARN", help="key that encrypts the volumes; not needed where the account encrypts them by default")
    add("--security-configuration", metavar="NAME", help="security configuration that is there already")
    add("--service-role", default="VergerEmrService", help="role of EMR")
    add("--node-role", default="VergerEmrNodes", help="instance profile of the nodes")
    add("--tag", dest="tags", action="append", default=[], metavar="KEY=VALUE", help="a further tag")
    add("--config", default=str(config.FILE), metavar="FILE", help="the request to fill")
    add("--yes", action="store_true", help="does not ask")
    add("--dry-run", action="store_true", help="prints the request; needs no credentials, and spends nothing")
    add("--no-wait", action="store_true", help="does not wait for the cluster")
    options = parser.parse_args(arguments)
    if not 0 <= options.spot <= options.workers:
        parser.error(f"--spot {options.spot} is not among the 0 to {options.workers} workers")
    options.max_workers = options.max_workers or 2 * options.workers
    if options.max_workers < options.workers:
        parser.error(f"--max-workers {options.max_workers} is less than --workers {options.workers}")
    if not options.notebook and (options.parameters or options.output or not options.keep):
        parser.error("-p, --output and --terminate-after-steps go with --notebook")
    if options.kms_key and not re.fullmatch(r"arn:aws[\w-]*:kms:[\w-]+:\d{12}:key/[\w-]+", options.kms_key):
        parser.error(f"--kms-key {options.kms_key} is not a key's ARN: arn:aws:kms:<region>:<account>:key/<id>")
    for tag in options.tags:
        if "=" not in tag:
            parser.error(f"--tag {tag} is not KEY=VALUE")
    return options


def _count(text):
    count = int(text)
    if not 1 <= count <= 100:
        raise argparse.ArgumentTypeError(f"{count} is not among 1 to 100")
    return count


def _minutes(text):
    minutes = int(text)
    if not 1 <= minutes <= 7 * 24 * 60:
        raise argparse.ArgumentTypeError(f"{minutes} is not among 1 to {7 * 24 * 60} minutes, a week")
    return minutes


# The request

def _request(options, place):
    values = {"BUCKET": place.bucket, "PREFIX": place.prefix, "NAME": options.name, "SUBNET": options.subnet,
              "SERVICE_ROLE": options.service_role, "NODE_ROLE": options.node_role,
              "SECURITY_CONFIGURATION": _security_name(options), "PLATFORM": _platform(options.instance_type)}
    template = config.load(options.config)
    if options.subnet is None:
        template.get("Instances", {}).pop("Ec2SubnetIds", None)
    request = config.fill(template, values)
    config.check(request)  # before it is taken apart below
    if options.release:
        request["ReleaseLabel"] = options.release
    request["AutoTerminationPolicy"] = {"IdleTimeout": 60 * options.idle_minutes}
    request["Tags"] = [*request.get("Tags", []), *({"Key": key, "Value": value} for key, value in
                                                   (tag.split("=", 1) for tag in options.tags))]
    _size(request, options)
    _choose_steps(request, options, place)
    return request


def _size(request, options):
    on_demand = options.workers - options.spot
    for fleet in request["Instances"]["InstanceFleets"]:
        for kind in fleet["InstanceTypeConfigs"]:
            kind["InstanceType"] = options.instance_type
        if fleet["InstanceFleetType"] == "CORE":
            fleet["TargetOnDemandCapacity"] = on_demand
            fleet["TargetSpotCapacity"] = options.spot
            if not options.spot:
                fleet["LaunchSpecifications"].pop("SpotSpecification", None)
                for kind in fleet["InstanceTypeConfigs"]:
                    kind.pop("BidPriceAsPercentageOfOnDemandPrice", None)
    limits = request["ManagedScalingPolicy"]["ComputeLimits"]
    limits["MinimumCapacityUnits"] = options.workers
    limits["MaximumCapacityUnits"] = options.max_workers
    # What is added is on spot, as far as there is any; spot that falls back to on demand must fit, too.
    limits["MaximumOnDemandCapacityUnits"] = options.workers if options.spot else options.max_workers


def _choose_steps(request, options, place):
    steps = [step for step in request["Steps"] if not notebooks.is_notebook_run(step)]
    if options.notebook:
        steps.append(notebooks.step(options.notebook, [tuple(pair) for pair in options.parameters], place, options.output))
    request["Instances"]["KeepJobFlowAliveWhenNoSteps"] = options.keep
    if not options.keep:
        for step in steps:
            step["ActionOnFailure"] = "TERMINATE_CLUSTER"
    request["Steps"] = steps


def _platform(instance_type):
    """Graviton types have a g behind their generation: m6g, c7gn, r8gd."""
    return "linux-arm64" if re.match(r"[a-z]+\d+g", instance_type) else "linux-x86_64"


def _estimate(request, region):
    fleets = {fleet["InstanceFleetType"]: fleet for fleet in request["Instances"]["InstanceFleets"]}
    core = fleets["CORE"]
    kind = core["InstanceTypeConfigs"][0]["InstanceType"]
    most = request["ManagedScalingPolicy"]["ComputeLimits"]["MaximumCapacityUnits"]
    return prices.estimate(region, kind, 1 + core["TargetOnDemandCapacity"], core["TargetSpotCapacity"], 1 + most)


# Encryption at rest

def _security_name(options):
    if options.security_configuration:
        return options.security_configuration
    return "verger-at-rest" + (f"-{options.kms_key[-12:]}" if options.kms_key else "")


def _secure(account, options, name):
    """Makes the security configuration unless it is there."""
    emr = account.client("emr")
    try:
        emr.describe_security_configuration(Name=name)
        return
    except ClientError as error:
        if code(error) not in ("InvalidRequestException", "ResourceNotFoundException"):
            raise
        if options.security_configuration:
            raise Failure(f"There is no security configuration {name} in {account.region}: leave --security-configuration off "
                          "to have one made") from error
    content = config.load(SECURITY)
    if options.kms_key:
        content = config.fill(content, {"KMS_KEY": options.kms_key})
    else:
        del content["EncryptionConfiguration"]["AtRestEncryptionConfiguration"]["LocalDiskEncryptionConfiguration"]
    emr.create_security_configuration(Name=name, SecurityConfiguration=json.dumps(content))
    screen.say(f"Made the security configuration {name}.")


# What must be there before

def _require_what_it_needs(account, options, place):
    s3 = account.client("s3")
    require_bucket(s3, place.bucket, options.allowed_regions, account.region)
    for name in (BUNDLE.format(platform=_platform(options.instance_type)), "install-kernel.sh", "bootstrap.sh"):
        _require_object(s3, place, name)
    _require_role(account, options.service_role, "role", "--service-role",
                  lambda iam: iam.get_role(RoleName=options.service_role))
    _require_role(account, options.node_role, "instance profile", "--node-role",
                  lambda iam: iam.get_instance_profile(InstanceProfileName=options.node_role))
    if options.subnet:
        _require_subnet(account, options.subnet)
    if not options.kms_key and not options.security_configuration:
        _require_encrypted_volumes(account)


def _require_object(s3, place, name):
    try:
        s3.head_object(Bucket=place.bucket, Key=place.key(name))
    except ClientError as error:
        if code(error) not in ("404", "NoSuchKey"):
            raise
        raise Failure(f"{place.uri(name)} is not there: `helpers/emr/upload --bucket {place.bucket} --prefix {place.prefix}` "
                      "puts it there") from error


def _require_role(account, name, what, flag, look):
    try:
        look(account.client("iam"))
    except ClientError as error:
        if code(error) == "NoSuchEntity":
            raise Failure(f"There is no {what} {name}: helpers/emr/create-roles makes it, or {flag} names another") from error
        if code(error) not in ("AccessDenied", "AccessDeniedException"):
            raise
        screen.say(f"Whether there is a {what} {name} cannot be seen (iam is denied); going on.")


def _require_subnet(account, subnet):
    try:
        (found,) = account.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"]
    except ClientError as error:
        if code(error) == "InvalidSubnetID.NotFound":
            raise Failure(f"There is no subnet {subnet} in {account.region}: `aws ec2 describe-subnets --region {account.region}` "
                          "lists them") from error
        if code(error) != "UnauthorizedOperation":
            raise
        return
    if {"Key": TAG, "Value": "true"} not in found.get("Tags", []):
        screen.say(f"The subnet {subnet} lacks the tag {TAG}, without which EMR's own policy does not let it start instances "
                   "there: `helpers/emr/create-roles --subnet` sets it.")


def _require_encrypted_volumes(account):
    try:
        if account.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]:
            return
    except ClientError as error:
        if code(error) != "UnauthorizedOperation":
            raise
    raise Failure("The cluster's volumes would not be encrypted: say --kms-key <ARN>, or have the account encrypt volumes by "
                  f"default with `aws ec2 enable-ebs-encryption-by-default --region {account.region}`, which costs nothing")


# Waiting

def _follow(follower, request, region, stop):
    cluster, steps = follower.until_steps_are_done()
    if len(steps) == len(request["Steps"]) and all(step["Status"]["State"] == "COMPLETED" for step in steps):
        for line in _what_to_open(request, follower.cluster_id, region, stop):
            screen.say(line)
        return 0
    failed = [step for step in steps if step["Status"]["State"] in FAILED]
    for step in failed:
        follower.explain(step, request["LogUri"])
    ended = cluster["Status"]["State"] in ENDED
    if ended and not failed:
        reason = (cluster["Status"].get("StateChangeReason") or {}).get("Message") or "without a reason"
        screen.say(f"The cluster ended before its steps ({reason}); its logs come to {request['LogUri']}{follower.cluster_id}/")
    if not ended and request["Instances"]["KeepJobFlowAliveWhenNoSteps"]:
        screen.say(f"The cluster goes on, and costs: {stop}")
    return 1


def _what_to_open(request, cluster_id, region, stop):
    console = f"https://{region}.console.aws.amazon.com/emr/home?region={region}"
    for step in request["Steps"]:
        if notebooks.is_notebook_run(step):
            yield f"Results: {notebooks.output_of(step)}/ (`aws s3 cp --recursive {notebooks.output_of(step)} out/`)"
    if request["Instances"]["KeepJobFlowAliveWhenNoSteps"]:
        yield (f"Ready. In EMR Studio ({console}#/studios) open a Workspace, attach it to the cluster {cluster_id}, and choose "
               "the kernel «Java on Spark (Verger)».")
        yield f"Headless: helpers/emr/run-notebook {cluster_id} fruits --region {region}"
        yield f"When done: {stop}"
    yield f"Cluster: {console}#/clusterDetails/{cluster_id}"


if __name__ == "__main__":
    cli.main(create)
