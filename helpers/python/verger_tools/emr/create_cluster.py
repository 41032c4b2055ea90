"""Creates the cluster of `emr-config.json`, waits until it is ready, and says what to open."""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from verger_tools.base.release import RELEASE

from . import bundles, cli, config, needs, notebooks, prices, screen
from .aws import Account, explain, require_allowed
from .following import ENDED, FAILED, Follower
from .places import Place
from .request import build, core_fleet, instance_types


def create(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    account = Account(options.region)
    region = account.region
    require_allowed(region, options.allowed_regions)
    place = Place.of(options.bucket, options.prefix)
    request = build(options, place)
    config.check(request)
    for line in [*_estimate(request, region), *prices.too_small(request)]:
        screen.say(line)
    if options.dry_run:
        if options.bundle_sha256 == bundles.UNKNOWN:
            screen.say("There is no bundle on this machine: the request has zeros where its SHA-256 goes, and no cluster would "
                       "install one by that; give --bundle or --bundle-sha256.")
        print(json.dumps(request, indent=2, ensure_ascii=False))
        return 0
    screen.say(f"As {account.who()}.")
    needs.require_all(account, options, place, request)
    if not screen.ask(f"Create the cluster «{request['Name']}» in {region}?", options.yes):
        screen.say("Nothing is created")
        return 0
    needs.secure(account, options, request["SecurityConfiguration"])
    # Once: EMR takes a request that is sent again for another cluster.
    cluster_id = account.client("emr", attempts=1).run_job_flow(**request)["JobFlowId"]
    print(cluster_id, flush=True)
    stop = f"helpers/emr/terminate {cluster_id} --region {region}"
    idle = request.get("AutoTerminationPolicy", {}).get("IdleTimeout")
    screen.say(f"It costs from now on, until {stop}"
               + (f", or until it has been idle for {idle / 60:g} minutes." if idle else "; it does not end itself when idle."))
    if options.no_wait:
        return 0
    try:
        return _follow(Follower(account, cluster_id), request, region, stop)
    except (BotoCoreError, ClientError) as error:
        screen.say(explain(error))
        screen.say(f"The cluster goes on, and costs: {stop}")
        return 2
    except KeyboardInterrupt:
        screen.say(f"\nThe cluster goes on, and costs: {stop}")
        return 130


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = cli.parser("create-cluster",
                        "Creates the cluster of emr-config.json: says what it costs, asks, waits, and says what to open.")
    add = parser.add_argument
    add("--bucket", required=True, help="bucket that helpers/emr/upload has filled; logs and results go there, too")
    add("--prefix", default="verger", help="folder on the bucket")
    cli.add_regions(parser)
    add("--subnet", help="subnet to start in; default: EMR chooses one of the default VPC")
    add("--name", default="verger", help="name of the cluster")
    add("--release", help=f"EMR release, such as {RELEASE.label}; default: that of the file")
    add("--instance-type", help="type of all instances; default: what the file says")
    add("--workers", type=_count, help="core instances; default: what the file says")
    add("--max-workers", type=_count, help="core instances that managed scaling may have; default: twice --workers, or what "
                                           "the file says")
    market = parser.add_mutually_exclusive_group()
    market.add_argument("--spot", type=int, metavar="N", help="so many of the workers on spot, on demand otherwise; default: "
                                                              "what the file says")
    market.add_argument("--on-demand", dest="spot", action="store_const", const=0, default=argparse.SUPPRESS,
                        help="no worker on spot")
    add("--idle-minutes", type=_minutes, help="terminates itself after so many idle minutes; default: what the file says")
    add("--notebook", metavar="NAME", help="runs this notebook headless when the kernel is installed")
    add("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="a parameter of the notebook; images is the sample on the bucket, unless given")
    add("--output", metavar="URI", help="where the notebook's results go; default: results/<notebook> on the bucket")
    after = parser.add_mutually_exclusive_group()
    after.add_argument("--keep", dest="keep", action="store_true", default=None,
                       help="keeps the cluster after its steps; default: what the file says")
    after.add_argument("--terminate-after-steps", dest="keep", action="store_false", default=argparse.SUPPRESS,
                       help="ends the cluster after its steps, also when one fails")
    add("--kms-key", metavar="ARN", help="key that encrypts the volumes; not needed where the account encrypts them by default")
    add("--bundle", metavar="FILE", help="the bundle that was uploaded, whose SHA-256 the cluster compares before it installs "
                                         "anything; default: what `mvn package` made for the platform")
    add("--bundle-sha256", type=_sha256, metavar="HEX", help="its SHA-256 itself, where the file is not here: upload says it")
    add("--security-configuration", metavar="NAME", help="security configuration that is there already")
    add("--service-role", default="VergerEmrService", help="role of EMR")
    add("--node-role", default="VergerEmrNodes", help="instance profile of the nodes")
    add("--tag", dest="tags", action="append", default=[], metavar="KEY=VALUE", help="a further tag")
    add("--config", metavar="FILE", help="the request to fill; default: emr-config.json of the project")
    add("--yes", action="store_true", help="does not ask")
    add("--dry-run", action="store_true", help="prints the request; needs no credentials, and spends nothing")
    add("--no-wait", action="store_true", help="does not wait for the cluster")
    options = parser.parse_args(arguments)
    if not options.notebook and (options.parameters or options.output or options.keep is False):
        parser.error("-p, --output and --terminate-after-steps go with --notebook")
    if options.kms_key and not re.fullmatch(r"arn:aws[\w-]*:kms:[\w-]+:\d{12}:key/[\w-]+", options.kms_key):
        parser.error(f"--kms-key {options.kms_key} is not a key's ARN: arn:aws:kms:<region>:<account>:key/<id>")
    for tag in options.tags:
        if "=" not in tag:
            parser.error(f"--tag {tag} is not KEY=VALUE")
    return options


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 100:
        raise argparse.ArgumentTypeError(f"{count} is not among 1 to 100")
    return count


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError(f"{text} is not a SHA-256, 64 hexadecimal digits")
    return text.lower()


def _minutes(text: str) -> int:
    minutes = int(text)
    if not 1 <= minutes <= 7 * 24 * 60:
        raise argparse.ArgumentTypeError(f"{minutes} is not among 1 to {7 * 24 * 60} minutes, a week")
    return minutes


def _estimate(request: dict[str, Any], region: str) -> list[str]:
    core, kinds = core_fleet(request), instance_types(request)
    if len(kinds) > 1:
        return [f"No estimate: the request has several instance types ({', '.join(kinds)}); "
                "see https://aws.amazon.com/emr/pricing/"]
    most = request.get("ManagedScalingPolicy", {}).get("ComputeLimits", {}).get("MaximumCapacityUnits", 0)
    return prices.estimate(region, kinds[0], 1 + core.get("TargetOnDemandCapacity", 0), core.get("TargetSpotCapacity", 0),
                           1 + most)


def _follow(follower: Follower, request: dict[str, Any], region: str, stop: str) -> int:
    cluster, steps = follower.until_steps_are_done()
    if len(steps) == len(request["Steps"]) and all(step["Status"]["State"] == "COMPLETED" for step in steps):
        for line in _what_to_open(request, follower.cluster_id, region, stop):
            screen.say(line)
        return 0
    failed = [step for step in steps if step["Status"]["State"] in FAILED]
    for step in failed:
        follower.explain(step, request.get("LogUri"))
    ended = cluster["Status"]["State"] in ENDED
    if ended and not failed:
        reason = (cluster["Status"].get("StateChangeReason") or {}).get("Message") or "without a reason"
        screen.say(f"The cluster ended before its steps ({reason})"
                   + (f"; its logs come to {request['LogUri']}{follower.cluster_id}/" if request.get("LogUri") else ""))
    if not ended and request["Instances"]["KeepJobFlowAliveWhenNoSteps"]:
        screen.say(f"The cluster goes on, and costs: {stop}")
    return 1


def _what_to_open(request: dict[str, Any], cluster_id: str, region: str, stop: str) -> Iterator[str]:
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
