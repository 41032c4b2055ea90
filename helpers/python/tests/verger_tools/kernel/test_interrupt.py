"""Interrupting a cell ends it, cancels its Spark jobs and leaves the session usable: with the real kernel."""

import time

import pytest

pytestmark = pytest.mark.slow

SESSION = """
import org.apache.spark.scheduler.*;
import org.apache.spark.sql.*;
import java.nio.file.*;
SparkSession spark = SparkSession.builder().getOrCreate();
spark.sparkContext().addSparkListener(new SparkListener() {
    public void onJobStart(SparkListenerJobStart job) {
        try { Files.writeString(Path.of("%s"), "started"); } catch (java.io.IOException e) { }
    }
});
"""
LONG_JOB = 'spark.range(0, 1000000000000L, 1, 8).selectExpr("max(hash(id * 3, id * 7, id))").collectAsList();'
ACTIVE_JOBS = "spark.sparkContext().statusTracker().getActiveJobIds().length"


@pytest.fixture(scope="module")
def kernel(job_started, real_kernel):
    real_kernel.run(SESSION % job_started)
    real_kernel.run("spark.range(10).count()")
    return real_kernel


@pytest.fixture(scope="module")
def job_started(tmp_path_factory):
    """A file that is there once a Spark job has started."""
    return tmp_path_factory.mktemp("interrupt") / "started"


def outputs(client, request, seconds):
    """What a cell leaves until it is idle, by message type."""
    found, end = [], time.monotonic() + seconds
    while True:
        message = client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
        if message["parent_header"].get("msg_id") == request:
            found.append((message["msg_type"], message["content"]))
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return found


def interrupted(kernel, code, started=None):
    """Runs a cell, interrupts it, and returns its error and all that it printed."""
    if started:
        started.unlink(missing_ok=True)
    request = kernel.client.execute(code)
    time.sleep(2)
    while started and not started.exists():
        time.sleep(0.1)
    kernel.manager.interrupt_kernel()
    found = outputs(kernel.client, request, 60)
    (error,) = [content for kind, content in found if kind == "error"]
    return error, "".join(content["text"] for kind, content in found if kind == "stream")


def wait_for_no_jobs(kernel):
    end = time.monotonic() + 60
    while kernel.run(ACTIVE_JOBS) != "0":
        assert time.monotonic() < end
        time.sleep(0.2)


def test_a_spark_job_is_cancelled(kernel, job_started):
    error, printed = interrupted(kernel, LONG_JOB, job_started)

    assert "interrupted" in "\n".join(error["traceback"]).lower()
    assert "Interrupted: a Spark job is cancelled" in printed
    wait_for_no_jobs(kernel)
    assert kernel.run("spark.range(10).count()") == "10"


def test_a_value_that_is_still_to_be_shown_is_cancelled_with_its_job(kernel, job_started):
    error, _ = interrupted(kernel, 'spark.range(0, 1000000000000L, 1, 8).selectExpr("max(hash(id * 3, id * 7, id))")', job_started)

    assert "interrupted" in "\n".join(error["traceback"]).lower()
    wait_for_no_jobs(kernel)
    assert kernel.run("1 + 1") == "2"


def test_nothing_more_of_a_cell_runs(kernel):
    interrupted(kernel, "int ran = 0;\nThread.sleep(600_000);\nran = 1;")

    assert kernel.run("ran") == "0"


def test_a_cell_that_sleeps_ends(kernel):
    error, printed = interrupted(kernel, "Thread.sleep(600_000);")

    assert "interrupted" in "\n".join(error["traceback"]).lower()
    assert "cancelled" not in printed
    assert kernel.run("1 + 1") == "2"


def test_a_job_that_the_interrupted_cell_still_submits_is_cancelled_too(kernel, job_started):
    job_started.unlink()

    stubborn = "try { Thread.sleep(600_000); } catch (InterruptedException e) { }\n"
    interrupted(kernel, "{" + stubborn + LONG_JOB + "}")

    end = time.monotonic() + 60
    while not job_started.exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    wait_for_no_jobs(kernel)


def test_the_jobs_of_the_next_cell_are_its_own(kernel):
    interrupted(kernel, "Thread.sleep(600_000);")

    assert kernel.run('spark.range(0, 400000000L, 1, 4).selectExpr("max(hash(id * 3))").collectAsList().size()') == "1"
