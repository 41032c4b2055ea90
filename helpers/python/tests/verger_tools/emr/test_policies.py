"""The policies are least privilege in shape, name real actions, and are enough for what the scripts do."""

import json
import re

import botocore.session
import pytest

from tests.verger_tools.emr.conftest import BUCKET, EMR, REGION, Server
from verger_tools.emr import create_roles

POLICIES = sorted((EMR / "policies").glob("*.json"))
SERVICES = {"elasticmapreduce": "emr", "ec2": "ec2", "iam": "iam", "sts": "sts", "kms": "kms", "s3": "s3"}
# Permissions that are no operations of the same name.
ONLY_PERMISSIONS = {"iam:PassRole", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts",
                    "s3:PutBucketPublicAccessBlock", "s3:GetEncryptionConfiguration", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
LOOKING = re.compile(r"\w+:(Describe|List|Get)\w*")
ACCOUNT = "123456789012"  # moto's


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_shape(file):
    document = json.loads(file.read_text(encoding="utf-8"))
    assert list(document) == ["Version", "Statement"]
    assert document["Version"] == "2012-10-17"
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids) and all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids)
    placeholders = set(re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8")))
    assert placeholders <= {"BUCKET", "PREFIX", "ACCOUNT", "REGION", "KMS_KEY"}
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}
        assert ("Principal" in statement) == file.stem.endswith("-trust")


@pytest.mark.parametrize("file", [file for file in POLICIES if not file.stem.endswith("-trust")], ids=lambda file: file.stem)
def test_actions_are_real_and_nothing_is_open(file):
    session = botocore.session.get_session()
    for statement in json.loads(file.read_text(encoding="utf-8"))["Statement"]:
        for action in statement["Action"]:
            service, _, name = action.partition(":")
            assert action in ONLY_PERMISSIONS or name in session.get_service_model(SERVICES[service]).operation_names, action
        for resource in statement["Resource"]:
            if resource == "*":
                assert "Condition" in statement or all(LOOKING.fullmatch(action) for action in statement["Action"]), statement


@pytest.fixture(scope="module")
def managed():
    """Another one, with the policies that AWS manages: reading them takes moto its time."""
    server = Server(MOTO_IAM_LOAD_MANAGED_POLICIES="true")
    yield server
    server.stop()


@pytest.fixture
def aws(managed):
    managed.post("/moto-api/reset")
    return managed


def filled(name):
    text = (EMR / "policies" / f"{name}.json").read_text(encoding="utf-8")
    for key, value in {"BUCKET": BUCKET, "PREFIX": "verger", "ACCOUNT": ACCOUNT, "REGION": REGION}.items():
        text = text.replace(f"${{{key}}}", value)
    return text


def test_create_roles_makes_them_twice_alike(aws, run):
    iam, ec2 = aws.client("iam"), aws.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    for _ in range(2):
        done = run("create-roles", "--bucket", BUCKET, "--subnet", subnet["SubnetId"], "--yes", url=aws.url)
        assert done.returncode == 0, done.stderr
        for role, name in create_roles.ROLES.items():
            made = iam.get_role_policy(RoleName=role, PolicyName="verger")["PolicyDocument"]
            assert made["Statement"] == [statement for statement in json.loads(filled(name))["Statement"]
                                         if "${KMS_KEY}" not in json.dumps(statement)]
            trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
            assert trust == json.loads(filled(f"{name}-trust"))
        profile = iam.get_instance_profile(InstanceProfileName="VergerEmrNodes")["InstanceProfile"]
        assert [role["RoleName"] for role in profile["Roles"]] == ["VergerEmrNodes"]
        attached = iam.list_attached_role_policies(RoleName="VergerEmrService")["AttachedPolicies"]
        assert [each["PolicyName"] for each in attached] == ["AmazonEMRServicePolicy_v2"]
        tags = ec2.describe_subnets(SubnetIds=[subnet["SubnetId"]])["Subnets"][0]["Tags"]
        assert {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"} in tags


def test_a_key_comes_with_the_leave_to_use_it(aws, run):
    key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert run("create-roles", "--bucket", BUCKET, "--kms-key", key, "--yes", url=aws.url).returncode == 0
    iam = aws.client("iam")
    for role, actions in (("VergerEmrService", {"kms:CreateGrant", "kms:DescribeKey"}), ("VergerEmrNodes", {"kms:Decrypt"})):
        statements = iam.get_role_policy(RoleName=role, PolicyName="verger")["PolicyDocument"]["Statement"]
        allowed = {action for statement in statements if statement["Resource"] == [key] for action in statement["Action"]}
        assert actions <= allowed


def test_the_operators_policy_is_enough_for_all_scripts(aws, run, bundle):
    """moto checks each action against the policy, as IAM would, but resources for S3 only, and no conditions."""
    iam = aws.client("iam")
    aws.client("ec2").enable_ebs_encryption_by_default()
    assert run("create-roles", "--bucket", BUCKET, "--yes", url=aws.url).returncode == 0
    printed = run("create-roles", "--bucket", BUCKET, "--print-operator-policy", url=aws.url).stdout
    assert json.loads(printed) == json.loads(filled("operator"))
    iam.create_user(UserName="picker")
    key = iam.create_access_key(UserName="picker")["AccessKey"]
    operator = json.loads(printed)
    for statement in operator["Statement"]:
        if not statement["Action"][0].startswith("s3:"):
            statement["Resource"] = "*"
    iam.put_user_policy(UserName="picker", PolicyName="verger", PolicyDocument=json.dumps(operator))
    # moto asks for these two, which IAM does not know: to AWS they are s3:ListBucket and s3:GetObject.
    iam.put_user_policy(UserName="picker", PolicyName="moto", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:HeadBucket", "s3:HeadObject"], "Resource": "*"}]}))
    keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    aws.post("/moto-api/reset-auth", b"0")
    try:
        upload = run("upload", "--bucket", BUCKET, "--create-bucket", "--bundle", str(bundle), url=aws.url, **keys)
        create = run("create-cluster", "--bucket", BUCKET, "--subnet", subnet, "--yes", "--no-wait", "--bundle", str(bundle),
                     url=aws.url, **keys)
        cluster = create.stdout.strip()
        step = run("run-notebook", cluster, "fruits", "--no-wait", url=aws.url, **keys)
        end = run("terminate", cluster, "--yes", url=aws.url, **keys)
        denied = run("create-roles", "--bucket", BUCKET, "--yes", url=aws.url, **keys)
    finally:
        aws.post("/moto-api/reset-auth", b"Infinity")
    for done in (upload, create, step, end):
        assert done.returncode == 0, done.stderr
        assert "cannot be seen" not in done.stderr
    assert "AWS denies iam:CreateRole" in denied.stderr
