"""An AWS on loopback (moto, in a process of its own), and the scripts run as a user runs them."""

import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import urllib.request

import boto3
import pytest

from verger_tools.base.project import HELPERS

EMR = HELPERS / "emr"
REGION = "eu-central-1"
BUCKET = "fruit-photographs"
ON_BUCKET = b"a bundle of another test"
SHA256 = hashlib.sha256(ON_BUCKET).hexdigest()
SECRET = "wJalrXUtnFEMIsecret"


class Server:
    """moto as a process: what it answers is EMR's shape; its clusters are up at once and its steps never end."""

    def __init__(self, **environment):
        self._clients = {}
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
                                        env={**os.environ, **environment}, stderr=subprocess.PIPE,
                                        text=True)
        for line in self.process.stderr:
            found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", line)
            if found:
                self.url = found.group(1)
                break
        else:
            raise RuntimeError("moto did not start")
        # Nobody reads on: the pipe would fill.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)

    def post(self, path, body=b""):
        urllib.request.urlopen(urllib.request.Request(self.url + path, body, {"Content-Type": "text/plain"})).read()

    def client(self, service, region=REGION):
        """One for all tests: to make one takes longer than most requests."""
        if (service, region) not in self._clients:
            self._clients[service, region] = boto3.client(service, region_name=region, endpoint_url=self.url,
                                                          aws_access_key_id="test", aws_secret_access_key="test")
        return self._clients[service, region]

    def create_bucket(self, name, region=REGION):
        self.client("s3", region).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.drain.wait()


def pytest_collection_modifyitems(items):
    for item in items:
        if {"server", "managed"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def server():
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def aws(server):
    """An account without anything in it."""
    server.post("/moto-api/reset")
    return server


@pytest.fixture
def account(aws):
    """An account with what create-cluster wants: roles, encrypted volumes, and a bucket with the bundle on it."""
    iam = aws.client("iam")
    iam.create_role(RoleName="VergerEmrService", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="VergerEmrNodes")
    aws.client("ec2").enable_ebs_encryption_by_default()
    s3 = aws.client("s3")
    aws.create_bucket(BUCKET)
    s3.put_object(Bucket=BUCKET, Key="verger/verger-bundle-linux-x86_64.tar.gz", Body=ON_BUCKET)
    s3.put_object(Bucket=BUCKET, Key="verger/bootstrap.sh", Body=(EMR / "bootstrap.sh").read_bytes())
    return aws


@pytest.fixture
def environment(tmp_path):
    """A clean environment, of somebody who has keys of an account but no files of AWS."""
    def environment(url=None, **changes):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8",
                       "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true",
                       "AWS_REGION": REGION, "VERGER_EMR_POLL": "0.05", "VERGER_EMR_LOG_WAIT": "0.3"}
        environment.update({"AWS_ENDPOINT_URL": url} if url else {}, **changes)
        return {name: value for name, value in environment.items() if value is not None}
    return environment


@pytest.fixture
def run(tmp_path, environment):
    """Runs a script of helpers/emr as a user does, but without a terminal."""
    def run(script, *arguments, url=None, **changes):
        done = subprocess.run([sys.executable, str(EMR / script), *arguments], env=environment(url, **changes), cwd=tmp_path,
                              text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
        assert "Traceback" not in done.stderr, done.stderr
        assert SECRET not in done.stdout + done.stderr
        return done
    return run


@pytest.fixture
def bundle(tmp_path):
    """An archive laid out as the bundle is, with little in it."""
    file = tmp_path / "verger-bundle-linux-x86_64.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name, content in (("verger/VERSION", b"0.1.0\n"),
                              ("verger/install-kernel.sh", b"#!/usr/bin/env bash\necho installed\n"),
                              ("verger/lib/driver/install-kernel.sh", b"another one"),
                              ("verger/lib/noise", os.urandom(200_000))):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file
