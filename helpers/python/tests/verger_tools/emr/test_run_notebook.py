"""run-notebook adds a step to a running cluster and follows it to its exit code."""

import gzip
import signal
import subprocess
import sys

import pytest

from tests import processes
from tests.verger_tools.emr.clock import Clock
from tests.verger_tools.emr.conftest import BUCKET, EMR, SHA256


@pytest.fixture
def cluster(account, run):
    done = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle-sha256", SHA256, url=account.url)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def last_step(account, cluster):
    return account.client("emr").list_steps(ClusterId=cluster)["Steps"][0]


def test_the_step_is_the_notebooks(account, cluster, run):
    done = run("run-notebook", cluster, "fruits", "-p", "k", "12", "--no-wait", url=account.url)
    assert done.returncode == 0, done.stderr
    step = last_step(account, cluster)
    assert (step["Id"], step["Name"], step["ActionOnFailure"]) == (done.stdout.strip(), "run fruits", "CONTINUE")
    assert step["Config"]["Args"] == [
        "/opt/verger/current/run-notebook", "fruits", "-p", "k", "12", "-p", "images", f"s3://{BUCKET}/verger/data-sample",
        "--output", f"s3://{BUCKET}/verger/results/fruits"]


def test_it_follows_to_the_end(account, cluster, run):
    with Clock(account.url, steps={"run fruits": ["PENDING", "RUNNING", "RUNNING", "COMPLETED"]}) as clock:
        done = run("run-notebook", cluster, "fruits", "--output", f"s3://{BUCKET}/mine/", url=clock.url)
    assert done.returncode == 0, done.stderr
    said = [line[10:] for line in done.stderr.splitlines() if line[2:3] == ":"]
    assert said == ["cluster WAITING", "step «run fruits» PENDING", "step «run fruits» RUNNING", "step «run fruits» COMPLETED"]
    assert f"Results: s3://{BUCKET}/mine/ " in done.stderr
    assert f"writes below s3://{BUCKET}/verger/results/ only: s3://{BUCKET}/mine needs a policy of its own" in done.stderr


def test_a_failure_shows_emrs_reason_and_the_end_of_stderr(account, cluster, run):
    """The log is on the bucket, where EMR puts it; the clock says FAILED."""
    emr, s3 = account.client("emr"), account.client("s3")
    lines = [f"line {number}" for number in range(100)] + ["k = 5000 is not among the 1 to 359 components"]

    class Logging(Clock):
        def with_states(self, said):
            if "Step" in said:
                key = f"verger/logs/{cluster}/steps/{said['Step']['Id']}/stderr.gz"
                s3.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress("\n".join(lines).encode()))
            return super().with_states(said)

    with Logging(account.url, steps={"run fruits": ["RUNNING", "FAILED"]}, failure={"Reason": "Unknown Error."}) as clock:
        done = run("run-notebook", cluster, "fruits", "-p", "k", "5000", url=clock.url)
    assert done.returncode == 1
    shown = done.stderr.splitlines()
    step = emr.list_steps(ClusterId=cluster)["Steps"][0]
    assert "The step «run fruits» ended FAILED: Unknown Error." in shown
    assert f"The end of s3://{BUCKET}/verger/logs/{cluster}/steps/{step['Id']}/stderr.gz:" in shown
    assert shown[-1] == "    k = 5000 is not among the 1 to 359 components"
    assert "    line 76" in shown and "    line 75" not in shown  # 25 lines


def test_ctrl_c_cancels_the_step(account, cluster, environment):
    """moto knows no CancelSteps: that answer is the clock's."""
    answer = (200, {"CancelStepsInfoList": [{"StepId": "s-1", "Status": "SUBMITTED"}]})
    with Clock(account.url, steps={"run fruits": ["RUNNING"]}, answers={"CancelSteps": answer}) as clock:
        process = processes.start([sys.executable, str(EMR / "run-notebook"), cluster, "fruits"], env=environment(clock.url),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        clock.wait_for("DescribeStep")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        asked = [body for name, body in clock.requests if name == "CancelSteps"]
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert asked == [{"ClusterId": cluster, "StepIds": [out.strip()], "StepCancellationOption": "SEND_INTERRUPT"}]


def test_a_network_that_is_away_for_a_while_ends_nothing(account, cluster, run):
    with Clock(account.url, steps={"run fruits": ["RUNNING", "COMPLETED"]}, away={"DescribeStep": 3}) as clock:
        done = run("run-notebook", cluster, "fruits", url=clock.url)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("AWS cannot be reached") == 1
    assert len([name for name, _ in clock.requests if name == "DescribeStep"]) == 5


def test_credentials_that_expire_meanwhile(account, cluster, run):
    expired = (400, {"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"})
    with Clock(account.url, answers={"DescribeStep": expired}) as clock:
        done = run("run-notebook", cluster, "fruits", url=clock.url)
    assert done.returncode == 2
    assert "The AWS credentials have expired: log in with" in done.stderr
    assert done.stderr.splitlines()[-1].endswith(f" goes on; its results come to s3://{BUCKET}/verger/results/fruits/")


def test_a_cluster_that_ends_under_the_step(account, cluster, run):
    with Clock(account.url, cluster=["WAITING", "TERMINATED_WITH_ERRORS"], steps={"run fruits": ["PENDING"]}) as clock:
        done = run("run-notebook", cluster, "fruits", url=clock.url)
    assert done.returncode == 1
    assert "The cluster ended while the step «run fruits» was PENDING" in done.stderr


def test_an_ended_or_unknown_cluster_takes_no_step(account, cluster, run):
    account.client("emr").terminate_job_flows(JobFlowIds=[cluster])
    ended = run("run-notebook", cluster, "fruits", url=account.url)
    assert (ended.returncode, f"The cluster {cluster} is TERMINATED and takes no steps" in ended.stderr) == (2, True)
    unknown = run("run-notebook", "j-NONE", "fruits", url=account.url)
    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (2, 1)
    assert "There is no such cluster in this region" in unknown.stderr


def test_parameters_are_read_before_anything_is_asked_of_aws(run):
    words = {("-p", "output", "s3://x/y"): "say --output s3://x/y", ("-p", "k", "two"): "k is declared int: give a whole number"}
    for word, said in words.items():
        done = run("run-notebook", "j-2AXXXXXXGAPLF", "fruits", *word, url="http://127.0.0.1:9", AWS_ACCESS_KEY_ID=None)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert said in done.stderr


@pytest.mark.parametrize("words, said", [
    (("j_1", "fruits"), "j_1 is not the id of a cluster, which looks like j-2AXXXXXXGAPLF"),
    (("j-2AXXXXXXGAPLF", "vegetables"), "There is no notebook vegetables in the bundle: it has classify, cluster-check, fruits, "),
])
def test_a_malformed_id_and_an_unknown_notebook_need_no_credentials(run, words, said):
    done = run("run-notebook", *words, url="http://127.0.0.1:9", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 2
    assert said in done.stderr


def test_images_that_are_not_there_start_no_step(account, cluster, run):
    done = run("run-notebook", cluster, "fruits", "-p", "images", f"s3://{BUCKET}/verger/none", "--no-wait", url=account.url)
    assert done.returncode == 2
    assert f"There is nothing at images = s3://{BUCKET}/verger/none" in done.stderr


def test_results_do_not_leave_the_allowed_regions(account, cluster, run):
    account.create_bucket("fruits-in-ohio", "us-east-2")
    done = run("run-notebook", cluster, "fruits", "--output", "s3://fruits-in-ohio/out", url=account.url)
    assert done.returncode == 2
    assert "The region of the bucket fruits-in-ohio is us-east-2, which is not among the allowed regions" in done.stderr
