"""upload puts what a cluster needs on the bucket, once."""

import hashlib
import tarfile

import pytest

from tests.verger_tools.emr.conftest import BUCKET, EMR, REGION
from verger_tools.base.project import ROOT


def keys(aws):
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {entry["Key"]: entry["LastModified"] for page in pages for entry in page.get("Contents", [])}


def test_everything_is_there_and_the_second_call_uploads_nothing(aws, run, bundle):
    words = ("--bucket", BUCKET, "--prefix", "on/emr", "--bundle", str(bundle))
    first = run("upload", *words, "--create-bucket", url=aws.url)
    assert first.returncode == 0, first.stderr
    uploaded = keys(aws)
    sample = [file for file in (ROOT / "data-sample").rglob("*") if file.is_file()]
    assert len(uploaded) == 2 + len(list((ROOT / "notebooks").glob("*.ipynb"))) + len(sample)
    assert f"on/emr/data-sample/{sample[0].relative_to(ROOT / 'data-sample').as_posix()}" in uploaded
    s3 = aws.client("s3")
    for name, content_type in (("bootstrap.sh", "text/x-shellscript"),
                               ("notebooks/fruits.ipynb", "application/x-ipynb+json"),
                               ("verger-bundle-linux-x86_64.tar.gz", "application/gzip")):
        assert s3.head_object(Bucket=BUCKET, Key=f"on/emr/{name}")["ContentType"] == content_type
    # What create-cluster is told where the bundle itself is not.
    assert f"create-cluster has the cluster compare: {hashlib.sha256(bundle.read_bytes()).hexdigest()}" in first.stderr
    assert s3.get_object(Bucket=BUCKET, Key="on/emr/bootstrap.sh")["Body"].read() == (EMR / "bootstrap.sh").read_bytes()
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == REGION
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())

    second = run("upload", *words, url=aws.url)
    assert f"0 of {len(uploaded)} files uploaded (0.0 MB), {len(uploaded)} were there already" in second.stderr
    assert keys(aws) == uploaded


def test_a_bundle_of_many_parts_is_known_again_and_a_changed_one_is_not(account, run, tmp_path):
    file = tmp_path / "large.tar.gz"
    (tmp_path / "install-kernel.sh").write_text("echo", encoding="utf-8")
    with open(tmp_path / "noise", "wb") as noise:
        noise.write(bytes(20 << 20))
    for mark in (b"a", b"b"):
        with open(tmp_path / "noise", "r+b") as noise:
            noise.write(mark)
        with tarfile.open(file, "w:gz", compresslevel=0) as archive:
            archive.add(tmp_path / "install-kernel.sh", "verger/install-kernel.sh")
            archive.add(tmp_path / "noise", "verger/noise")
        assert run("upload", "--bucket", BUCKET, "--bundle", str(file), url=account.url).returncode == 0
        head = account.client("s3").head_object(Bucket=BUCKET, Key="verger/verger-bundle-linux-x86_64.tar.gz")
        assert head["ETag"].endswith('-2"')  # two parts
        again = run("upload", "--bucket", BUCKET, "--bundle", str(file), url=account.url)
        assert " 0 of " in again.stderr


def test_for_graviton_it_is_another_bundle(account, run, bundle):
    done = run("upload", "--bucket", BUCKET, "--bundle", str(bundle), "--platform", "linux-arm64", url=account.url)
    assert done.returncode == 0
    assert "verger/verger-bundle-linux-arm64.tar.gz" in keys(account)


@pytest.mark.parametrize("words, said", [
    (("--bucket", "no-such-bucket"),
     "There is no bucket no-such-bucket: `helpers/emr/upload --bucket no-such-bucket --create-bucket` makes it"),
    (("--bucket", "Fruits"), "'Fruits' is not the name of a bucket: 3 to 63 small letters"),
    (("--bucket", "s3://fruits/on/emr"), "--bucket fruits/on/emr has a folder in it: say --bucket fruits --prefix on/emr"),
    (("--bucket", BUCKET, "--prefix", "my folder"), "--prefix 'my folder' is not a folder's name of letters"),
    (("--bucket", BUCKET, "--prefix", "x$(id)"), "--prefix 'x$(id)' is not a folder's name"),
    (("--bucket", BUCKET, "--region", "us-east-1"),
     "--region is us-east-1, which is not among the allowed regions (eu-central-1, "),
    (("--bucket", BUCKET, "--region", "eu-west-1"), f"The bucket {BUCKET} is in {REGION}"),
])
def test_what_cannot_be_is_said_in_one_sentence(account, run, bundle, words, said):
    done = run("upload", *words, "--bundle", str(bundle), url=account.url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert said in done.stderr


def test_a_missing_or_strange_bundle(account, run, tmp_path):
    assert "There is no bundle " in run("upload", "--bucket", BUCKET, "--bundle", "none.tar.gz", url=account.url).stderr
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as archive:
        archive.add(EMR / "bootstrap.sh", "something/else.sh")
    assert "has no verger/install-kernel.sh" in run("upload", "--bucket", BUCKET, "--bundle", str(other),
                                                              url=account.url).stderr
    other.write_bytes(other.read_bytes()[:100])
    assert "is not a whole .tar.gz" in run("upload", "--bucket", BUCKET, "--bundle", str(other), url=account.url).stderr
