"""Runs a notebook headless on a running cluster, as a step, and follows it to its end."""

import argparse
from collections.abc import Sequence
from typing import Optional

from botocore.exceptions import BotoCoreError, ClientError

from verger_tools.base.errors import Failure

from . import cli, notebooks, screen
from .aws import Account, code, explain, require_allowed
from .following import Follower
from .places import Place, split

CAN_TAKE_STEPS = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")


def run(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    notebooks.check(options.notebook, options.parameters, options.output)
    account = Account(options.region)
    require_allowed(account.region, options.allowed_regions)
    account.who()
    follower = Follower(account, options.cluster)
    cluster = follower.cluster()
    if cluster["Status"]["State"] not in CAN_TAKE_STEPS:
        raise Failure(f"The cluster {options.cluster} is {cluster['Status']['State']} and takes no steps: "
                      "helpers/emr/create-cluster makes another one")
    log_uri = cluster.get("LogUri")
    place = _place(log_uri, options)
    step = notebooks.step(options.notebook, [tuple(pair) for pair in options.parameters], place, options.output)
    output = notebooks.output_of(step)
    s3 = account.client("s3")
    notebooks.require_output(s3, output, place, options.allowed_regions)
    notebooks.require_inputs(s3, options.parameters, place, options.allowed_regions)
    # Once: EMR takes a request that is sent again for another step.
    answer = account.client("emr", attempts=1).add_job_flow_steps(JobFlowId=options.cluster, Steps=[step])
    step_id = answer["StepIds"][0]
    print(step_id, flush=True)
    if options.no_wait:
        return 0
    try:
        done = follower.until_step_is_done(step_id)
    except (BotoCoreError, ClientError) as error:
        screen.say(explain(error))
        screen.say(f"The step {step_id} goes on; its results come to {output}/")
        return 2
    except KeyboardInterrupt:
        return _cancel(account, options.cluster, step_id)
    if done["Status"]["State"] == "COMPLETED":
        screen.say(f"Results: {output}/ (`aws s3 cp --recursive {output} out/`)")
        return 0
    follower.explain(done, log_uri)
    return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = cli.parser("run-notebook",
                        "Runs a notebook headless on a running cluster and follows it. Exit code: 0; 1 if it failed; 2 if it "
                        "could not be started; 130 after Ctrl-C, which cancels the step.")
    add = parser.add_argument
    add("cluster", type=cli.cluster_id, help="id of the cluster, such as j-2AXXXXXXGAPLF")
    add("notebook", help="a name in notebooks/, such as fruits")
    add("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="a parameter of the notebook; images is the sample on the bucket, unless given")
    add("--output", metavar="URI", help="where the results go; default: results/<notebook> beside the cluster's logs")
    cli.add_regions(parser)
    add("--no-wait", action="store_true", help="prints the step's id and stops")
    return parser.parse_args(arguments)


def _place(log_uri: Optional[str], options: argparse.Namespace) -> Place:
    """The folder on the bucket that create-cluster put the logs into."""
    if log_uri:
        bucket, key = split(log_uri)
        prefix = key.strip("/")
        if prefix.endswith("/logs"):
            return Place(bucket, prefix[:-len("/logs")])
    if not options.output or all(name != "images" for name, _ in options.parameters):
        raise Failure(f"The cluster {options.cluster} is not one of create-cluster's: its logs are in "
                      f"{log_uri or 'no bucket'}; say --output s3://… and -p images s3://…")
    return Place(*split(options.output))


def _cancel(account: Account, cluster_id: str, step_id: str) -> int:
    screen.say("\nInterrupted: cancelling the step")
    try:
        answer = account.client("emr").cancel_steps(ClusterId=cluster_id, StepIds=[step_id],
                                                    StepCancellationOption="SEND_INTERRUPT")
        info = answer.get("CancelStepsInfoList") or [{}]
        if info[0].get("Status") == "FAILED":
            screen.say(f"EMR does not cancel it: {info[0].get('Reason', 'without a reason')}")
    except ClientError as error:
        screen.say(f"The step {step_id} goes on ({code(error)}): {explain(error)}")
    return 130


if __name__ == "__main__":
    cli.main(run)
