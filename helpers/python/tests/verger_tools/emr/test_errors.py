"""Every error of AWS is one sentence with a way out."""


import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from tests.verger_tools.emr.conftest import BUCKET
from verger_tools.emr.aws import explain


@pytest.mark.parametrize("command", [("create-cluster", "--bucket", BUCKET, "--yes"), ("terminate", "j-1"),
                                     ("run-notebook", "j-1", "fruits")])
def test_no_credentials(aws, run, command):
    done = run(*command, url=aws.url, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 2
    assert "There are no usable AWS credentials (Unable to locate credentials): log in with `aws sso login`" in done.stderr


@pytest.mark.parametrize("command", [("create-cluster", "--bucket", BUCKET, "--yes"), ("terminate", "j-1")])
def test_no_network_is_said_at_once(run, command):
    done = run(*command, url="http://127.0.0.1:9")
    assert done.returncode == 2
    assert 'AWS cannot be reached (Could not connect to the endpoint URL: "http://127.0.0.1:9/")' in done.stderr


def test_no_region(run):
    done = run("terminate", "j-1", AWS_REGION=None)
    assert (done.returncode, done.stderr) == (2, "No region: say --region eu-central-1, or set AWS_REGION\n")


def test_a_profile_that_is_not_there(run):
    done = run("terminate", "j-1", AWS_PROFILE="orchard")
    assert done.returncode == 2
    assert "profile (orchard) could not be found: `aws configure list-profiles`" in done.stderr


def test_denied_and_unknown_keys(server, run, aws):
    """moto checks policies from the next request on, as IAM would."""
    iam = aws.client("iam")
    iam.create_user(UserName="picker")
    key = iam.create_access_key(UserName="picker")["AccessKey"]
    iam.put_user_policy(UserName="picker", PolicyName="who", PolicyDocument=(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]}'))
    server.post("/moto-api/reset-auth", b"0")
    try:
        keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        emr = run("terminate", "j-1", "--yes", url=aws.url, **keys)
        s3 = run("create-cluster", "--bucket", BUCKET, "--yes", url=aws.url, **keys)
        unknown = run("terminate", "j-1", "--yes", url=aws.url)
    finally:
        server.post("/moto-api/reset-auth", b"Infinity")
    assert ("AWS denies elasticmapreduce:DescribeCluster: the policy that allows it is helpers/emr/policies/operator.json"
            in emr.stderr)
    assert f"The bucket {BUCKET} is not yours to list (s3:ListBucket)" in s3.stderr
    assert "AWS does not know these credentials (InvalidClientTokenId)" in unknown.stderr
    assert {done.returncode for done in (emr, s3, unknown)} == {2}


def answer(code, operation="RunJobFlow", message=""):
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize("error, said", [
    (answer("ExpiredTokenException"), "The AWS credentials have expired: log in with `aws sso login`"),
    (answer("ExpiredToken", "HeadBucket"), "The AWS credentials have expired"),
    (answer("UnrecognizedClientException"), "AWS does not know these credentials (UnrecognizedClientException)"),
    (answer("AccessDeniedException", message="User: arn:… is not authorized to perform: iam:PassRole on resource: …"),
     "AWS denies iam:PassRole: the policy that allows it is helpers/emr/policies/operator.json"),
    (answer("AccessDenied", "PutObject"), "AWS denies s3:PutObject: "),
    (answer("403", "HeadObject", "Forbidden"), "AWS denies s3:GetObject: the policy that allows it is "),
    (answer("UnauthorizedOperation", "GetEbsEncryptionByDefault"), "AWS denies ec2:GetEbsEncryptionByDefault"),
    (answer("ThrottlingException"), "AWS still answers ThrottlingException after 4 attempts of RunJobFlow"),
    (answer("ValidationException", message="The subnet is in another VPC.\nMore"),
     "AWS refuses RunJobFlow (ValidationException): The subnet is in another VPC"),
    (NoCredentialsError(), "There are no usable AWS credentials"),
    (ProfileNotFound(profile="x"), "The config profile (x) could not be found"),
    (UnauthorizedSSOTokenError(), "The AWS login has expired"),
    (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached"),
    (ConnectTimeoutError(endpoint_url="https://x"), "AWS cannot be reached"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_sentences(error, said):
    sentence = explain(error)
    assert sentence.startswith(said)
    assert "\n" not in sentence
