"""terminate ends a cluster and waits for it."""

from tests.verger_tools.emr.conftest import BUCKET, SHA256
from verger_tools.base.release import RELEASE


def test_it_is_terminated_and_a_second_call_says_so(account, run):
    cluster = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle-sha256", SHA256, url=account.url).stdout.strip()
    unasked = run("terminate", cluster, url=account.url)
    assert unasked.returncode == 2
    assert "which is 0 min old? What is on its disks goes with it. Nobody can be asked here: say --yes" in unasked.stderr
    done = run("terminate", cluster, "--yes", url=account.url)
    assert done.returncode == 0, done.stderr
    assert account.client("emr").describe_cluster(ClusterId=cluster)["Cluster"]["Status"]["State"] == "TERMINATED"
    again = run("terminate", cluster, "--yes", url=account.url)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (0, f"The cluster {cluster} has ended already")


def test_without_an_id_it_names_those_that_run(account, run):
    emr = account.client("emr")
    none = run("terminate", url=account.url)
    assert (none.returncode, none.stderr) == (2, "No cluster with the tag project=verger runs in eu-central-1\n")
    cluster = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle-sha256", SHA256, url=account.url).stdout.strip()
    emr.run_job_flow(Name="of others", ReleaseLabel=RELEASE.label, ServiceRole="x", JobFlowRole="y",
                     Instances={"MasterInstanceType": "m5.xlarge", "InstanceCount": 1, "KeepJobFlowAliveWhenNoSteps": True})
    done = run("terminate", "--yes", url=account.url)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Say which cluster: those with the tag project=verger that run in eu-central-1 are",
        f"  {cluster}  WAITING  «verger», 0 min old"]
    assert emr.describe_cluster(ClusterId=cluster)["Cluster"]["Status"]["State"] == "WAITING"


def test_a_protected_one_stays_and_the_way_out_is_said(account, run):
    emr = account.client("emr")
    cluster = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle-sha256", SHA256, url=account.url).stdout.strip()
    emr.set_termination_protection(JobFlowIds=[cluster], TerminationProtected=True)
    done = run("terminate", cluster, "--yes", url=account.url)
    assert done.returncode == 2
    assert f"The cluster {cluster} is protected from termination: `aws emr modify-cluster-attributes" in done.stderr
