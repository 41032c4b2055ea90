"""Terminates a cluster, and waits until it costs nothing any more."""

from datetime import datetime, timezone

from botocore.exceptions import ClientError

from . import cli, screen
from .aws import Account, Failure, code
from .following import ENDED, Follower


def terminate(arguments):
    options = _parse(arguments)
    account = Account(options.region)
    account.who()
    follower = Follower(account, options.cluster)
    cluster = follower.cluster()
    if cluster["Status"]["State"] in ENDED:
        screen.say(f"The cluster {options.cluster} has ended already")
        return 0
    if cluster["Status"]["State"] != "TERMINATING":
        if not screen.ask(f"Terminate «{cluster['Name']}», which is {_age(cluster)} old? What is on its disks goes with it.",
                          options.yes):
            screen.say("The cluster goes on, and costs")
            return 0
        _terminate(account, options)
    if not options.no_wait:
        follower.until_ended()
    return 0


def _parse(arguments):
    parser = cli.parser("terminate", "Terminates a cluster and waits for its end.")
    parser.add_argument("cluster", help="id of the cluster, such as j-2AXXXXXXGAPLF")
    parser.add_argument("--region", help="region; default: AWS_REGION, or the profile's")
    parser.add_argument("--yes", action="store_true", help="does not ask")
    parser.add_argument("--no-wait", action="store_true", help="does not wait for its end")
    return parser.parse_args(arguments)


def _terminate(account, options):
    try:
        account.client("emr").terminate_job_flows(JobFlowIds=[options.cluster])
    except ClientError as error:
        if code(error) == "ValidationException" and "protect" in str(error).lower():
            raise Failure(f"The cluster {options.cluster} is protected from termination: `aws emr modify-cluster-attributes "
                          f"--cluster-id {options.cluster} --no-termination-protected --region {account.region}`, then again"
                          ) from error
        raise


def _age(cluster):
    created = (cluster["Status"].get("Timeline") or {}).get("CreationDateTime")
    if created is None:
        return "some time"
    minutes = int((datetime.now(timezone.utc) - created).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(minutes, 0)} min"


if __name__ == "__main__":
    cli.main(terminate)
