"""Terminates a cluster, and waits until it costs nothing any more."""

import argparse
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import ClientError

from verger_tools.base.errors import Failure

from . import cli, screen
from .aws import Account, code
from .following import ENDED, Follower


def terminate(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    account = Account(options.region)
    account.who()
    if not options.cluster:
        raise Failure(_which(account))
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


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = cli.parser("terminate", "Terminates a cluster and waits for its end.")
    parser.add_argument("cluster", nargs="?", type=cli.cluster_id,
                        help="id of the cluster, such as j-2AXXXXXXGAPLF; without it, lists the clusters that run")
    parser.add_argument("--region", help="region; default: AWS_REGION, or the profile's")
    parser.add_argument("--yes", action="store_true", help="does not ask")
    parser.add_argument("--no-wait", action="store_true", help="does not wait for its end")
    return parser.parse_args(arguments)


def _which(account: Account) -> str:
    """A sentence, and a line for each cluster of the project that costs."""
    emr = account.client("emr")
    pages = emr.get_paginator("list_clusters").paginate(ClusterStates=["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"])
    lines = []
    for summary in [summary for page in pages for summary in page["Clusters"]]:
        try:
            cluster = emr.describe_cluster(ClusterId=summary["Id"])["Cluster"]
        except ClientError as error:
            if code(error) not in ("AccessDenied", "AccessDeniedException"):
                raise
            continue  # the operator's policy shows those with the tag only
        if {"Key": "project", "Value": "verger"} in cluster.get("Tags", []):
            lines.append(f"  {cluster['Id']}  {cluster['Status']['State']}  «{cluster['Name']}», {_age(cluster)} old")
    if not lines:
        return f"No cluster with the tag project=verger runs in {account.region}"
    return "\n".join([f"Say which cluster: those with the tag project=verger that run in {account.region} are", *lines])


def _terminate(account: Account, options: argparse.Namespace) -> None:
    try:
        account.client("emr").terminate_job_flows(JobFlowIds=[options.cluster])
    except ClientError as error:
        if code(error) == "ValidationException" and "protect" in str(error).lower():
            raise Failure(f"The cluster {options.cluster} is protected from termination: `aws emr modify-cluster-attributes "
                          f"--cluster-id {options.cluster} --no-termination-protected --region {account.region}`, then again"
                          ) from error
        raise


def _age(cluster: dict[str, Any]) -> str:
    created = (cluster["Status"].get("Timeline") or {}).get("CreationDateTime")
    if created is None:
        return "some time"
    minutes = int((datetime.now(timezone.utc) - created).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(minutes, 0)} min"


if __name__ == "__main__":
    cli.main(terminate)
