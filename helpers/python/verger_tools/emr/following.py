"""Waits for a cluster and its steps, and shows why a step failed."""

import gzip
import os
import time
from collections.abc import Callable
from typing import Any, Optional, TypeVar

from botocore.exceptions import ClientError

from . import screen
from .aws import NO_ANSWER, Account, code, explain, is_passing
from .places import split

ENDED = ("TERMINATED", "TERMINATED_WITH_ERRORS")
UP = ("WAITING", "RUNNING")
FAILED = ("FAILED", "INTERRUPTED")
FINAL = ("COMPLETED", "CANCELLED", *FAILED)
POLL = float(os.environ.get("VERGER_EMR_POLL", "15"))  # seconds between two looks
LOG_WAIT = float(os.environ.get("VERGER_EMR_LOG_WAIT", "120"))  # seconds that EMR may take to put a step's log on the bucket
TAIL = 25
PATIENCE = 600  # seconds without an answer of AWS before it gives up looking


T = TypeVar("T")


class Follower:
    """Follows one cluster: a line for each change of its state or of a step's."""

    def __init__(self, account: Account, cluster_id: str):
        self.emr = account.client("emr", attempts=1)  # it has a patience of its own
        self.account = account
        self.cluster_id = cluster_id
        self.start = time.monotonic()
        self.seen: dict[str, str] = {}

    def cluster(self) -> dict[str, Any]:
        """The cluster as it is now."""
        cluster = self._patiently(lambda: self.emr.describe_cluster(ClusterId=self.cluster_id))["Cluster"]
        status = cluster["Status"]
        reason = (status.get("StateChangeReason") or {}).get("Message")
        self._change("cluster", status["State"], reason)
        return cluster

    def steps(self) -> list[dict[str, Any]]:
        """All steps as they are now, first one first."""
        pages = self._patiently(lambda: list(self.emr.get_paginator("list_steps").paginate(ClusterId=self.cluster_id)))
        steps = [step for page in pages for step in page["Steps"]][::-1]
        for step in steps:
            self._change(f"step «{step['Name']}»", step["Status"]["State"])
        return steps

    def until_ended(self) -> dict[str, Any]:
        """Waits until the cluster is terminated; returns it."""
        while True:
            cluster = self.cluster()
            if cluster["Status"]["State"] in ENDED:
                return cluster
            self._wait("terminating")

    def until_steps_are_done(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Waits until every step has ended, or the cluster has; returns cluster and steps."""
        while True:
            cluster, steps = self.cluster(), self.steps()
            over = cluster["Status"]["State"] in ENDED
            if over or (steps and all(step["Status"]["State"] in FINAL for step in steps)):
                return cluster, steps
            if not steps and cluster["Status"]["State"] in UP:
                return cluster, steps
            self._wait(cluster["Status"]["State"].lower())

    def until_step_is_done(self, step_id: str) -> dict[str, Any]:
        """Waits until one step has ended, or the cluster has; returns the step."""
        while True:
            step = self._patiently(lambda: self.emr.describe_step(ClusterId=self.cluster_id, StepId=step_id))["Step"]
            state = step["Status"]["State"]
            self._change(f"step «{step['Name']}»", state)
            if state in FINAL or self.cluster()["Status"]["State"] in ENDED:
                return step
            self._wait(state.lower())

    def explain(self, step: dict[str, Any], log_uri: Optional[str]) -> None:
        """Says why a step failed: EMR's words, then the end of its stderr from the log bucket."""
        details = step["Status"].get("FailureDetails") or {}
        words = ". ".join(filter(None, [details.get("Reason"), details.get("Message")]))
        state = step["Status"]["State"]
        if state not in FINAL:
            screen.say(f"The cluster ended while the step «{step['Name']}» was {state}")
            return
        screen.say(f"The step «{step['Name']}» ended {state}" + (f": {words}" if words else ""))
        if not log_uri or state not in FAILED:
            return
        bucket, prefix = split(log_uri)
        folder = f"{prefix.rstrip('/')}/{self.cluster_id}/steps/{step['Id']}/"
        lines = self._stderr(bucket, folder)
        where = f"s3://{bucket}/{folder}"
        if lines is None:
            screen.say(f"EMR has not put its log on the bucket in {LOG_WAIT:.0f} s; it comes within minutes: {where}stderr.gz")
            return
        screen.say(f"The end of {where}stderr.gz:")
        for line in lines:
            screen.say(f"    {line}")

    def _stderr(self, bucket: str, folder: str) -> Optional[list[str]]:
        s3 = self.account.client("s3")
        end = time.monotonic() + LOG_WAIT
        while True:
            try:
                body = s3.get_object(Bucket=bucket, Key=folder + "stderr.gz")["Body"].read()
                text = gzip.decompress(body).decode("utf-8", errors="replace")
                return [line for line in text.splitlines() if line.strip()][-TAIL:]
            except ClientError as error:
                if code(error) not in ("NoSuchKey", "404"):
                    raise
            if time.monotonic() >= end:
                return None
            self._wait("waiting for the step's log", min(POLL, 5))

    def _patiently(self, look: Callable[[], T]) -> T:
        """A run of hours outlives a network that is away for a minute; what was seen once is looked for again."""
        end = time.monotonic() + (PATIENCE if self.seen else 0)
        said = False
        while True:
            try:
                return look()
            except (*NO_ANSWER, ClientError) as error:
                if not is_passing(error) or time.monotonic() >= end:
                    raise
                if not said:
                    screen.event(f"{explain(error)} Trying again")
                said = True
                self._wait("no answer of AWS")

    def _change(self, what: str, state: str, reason: Optional[str] = None) -> None:
        if self.seen.get(what) != state:
            self.seen[what] = state
            screen.event(f"{what} {state}" + (f": {reason.rstrip('.')}" if reason else ""))

    def _wait(self, doing: str, seconds: float = POLL) -> None:
        minutes, rest = divmod(int(time.monotonic() - self.start), 60)
        screen.still(f"{doing}, {minutes}:{rest:02d}")
        time.sleep(seconds)
