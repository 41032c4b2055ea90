"""emr-config.json is a request that EMR's API takes, and a broken one is refused by the name of its field."""

import json
import subprocess
import sys

import pytest

from tests.verger_tools.emr.conftest import EMR
from verger_tools.base.errors import Failure
from verger_tools.base.project import ROOT
from verger_tools.base.release import RELEASE
from verger_tools.emr import check_config, config


def check(tmp_path, request):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(request), encoding="utf-8")
    return subprocess.run([sys.executable, str(EMR / "check-config"), str(file)], capture_output=True, text=True)


@pytest.fixture
def request_():
    return json.loads((ROOT / "emr-config.json").read_text(encoding="utf-8"))


def properties(request, classification):
    return {key: value for part in request["Configurations"] if part["Classification"] == classification
            for key, value in part["Properties"].items()}


def test_the_projects_own_passes(tmp_path, request_):
    done = check(tmp_path, request_)
    assert done.returncode == 0, done.stderr


def test_it_is_the_cluster_of_the_mission(request_):
    assert request_["ReleaseLabel"] == RELEASE.label
    assert [each["Name"] for each in request_["Applications"]] == ["Hadoop", "Spark", "Livy", "JupyterEnterpriseGateway"]
    primary, core = request_["Instances"]["InstanceFleets"]
    assert (primary["InstanceFleetType"], primary["TargetOnDemandCapacity"]) == ("MASTER", 1)
    assert (core["InstanceFleetType"], core["TargetOnDemandCapacity"], core["TargetSpotCapacity"]) == ("CORE", 1, 1)
    assert core["LaunchSpecifications"]["SpotSpecification"]["TimeoutAction"] == "SWITCH_TO_ON_DEMAND"
    kinds = {kind["InstanceType"] for fleet in (primary, core) for kind in fleet["InstanceTypeConfigs"]}
    assert kinds == {"m5.xlarge"}
    assert "Ec2KeyName" not in request_["Instances"]
    assert request_["SecurityConfiguration"] and request_["LogUri"] and request_["AutoTerminationPolicy"]


def test_nothing_of_emrs_committer_or_class_path_is_overridden(request_):
    text = json.dumps(request_)
    for word in ("committer", "commitProtocol", "fs.s3", "spark.jars", "extraClassPath", "InstanceGroups"):
        assert word not in text


@pytest.mark.parametrize("change, said", [
    (lambda r: r["Instances"]["InstanceFleets"][1].update(TargetSpotCapacity="one"),
     r"Instances\.InstanceFleets\[1\]\.TargetSpotCapacity: one is text in quotes, and must be a whole number, without quotes"),
    (lambda r: r.update(VisibleToAllUsers="yes"),
     r"VisibleToAllUsers: yes is text in quotes, and must be true or false, without quotes"),
    (lambda r: r.update(Tags={"project": "verger"}), r"Tags: .* is an object, \{ \}, and must be a list, \[ \]"),
    (lambda r: r["AutoTerminationPolicy"].update(IdleTimeout="an hour"), r"IdleTimeout: an hour is text in quotes, and must be"),
    (lambda r: r["Instances"]["InstanceFleets"][1].update(TargetSpotCapacity=-1),
     r"TargetSpotCapacity: is -1, and must be at least 0"),
    (lambda r: r["Applications"].pop(3), r"Applications of .* lacks JupyterEnterpriseGateway, without which the kernel cannot be"),
    (lambda r: r.pop("Applications"), r"lacks Hadoop and Spark and JupyterEnterpriseGateway, without"),
    (lambda r: r["Instances"].pop("InstanceFleets"), r"lacks a MASTER or a CORE fleet with its InstanceTypeConfigs"),
    (lambda r: r["Instances"].update(KeepJobFlowAliveWithNoSteps=True),
     r"Instances\.KeepJobFlowAliveWithNoSteps: there is no such field"),
    (lambda r: r["Instances"]["InstanceFleets"][1]["LaunchSpecifications"]["SpotSpecification"].update(
        TimeoutAction="SWITCH_TO_ONDEMAND"),
     r"Instances\.InstanceFleets\[1\]\.LaunchSpecifications\.SpotSpecification\.TimeoutAction: is 'SWITCH_TO_ONDEMAND', "
     r"and must be one of SWITCH_TO_ON_DEMAND, TERMINATE_CLUSTER"),
    (lambda r: r["Steps"][0].pop("HadoopJarStep"), r"Steps\[0\]\.HadoopJarStep: is missing"),
    (lambda r: r.pop("Name"), r"Name: is missing"),
    (lambda r: r["ManagedScalingPolicy"]["ComputeLimits"].update(UnitType="InstanceFleetUnit"),
     r"ManagedScalingPolicy\.ComputeLimits\.UnitType: is 'InstanceFleetUnit', and must be one of InstanceFleetUnits, "),
    (lambda r: r.update(ReleaseLabel="7.14.0"), r"ReleaseLabel: is '7\.14\.0', and must look like emr-"),
    (lambda r: r["Instances"]["InstanceFleets"][0]["InstanceTypeConfigs"][0].update(InstanceType="m5 xlarge"),
     r"Instances\.InstanceFleets\[0\]\.InstanceTypeConfigs\[0\]\.InstanceType: is 'm5 xlarge', and must look like"),
    (lambda r: r.update(LogUri="s3://${BUCKT}/logs/"), r"LogUri has the unknown placeholder \$\{BUCKT\}: known are BUCKET, "),
    (lambda r: r["Steps"][0]["HadoopJarStep"]["Args"].append("s3://${BUCKET/x"),
     r"Steps\[0\]\.HadoopJarStep\.Args\[3\] has something like a placeholder left, \$\{BUCKET"),
    (lambda r: r["Tags"][0].update(Value="<PROJECT>"), r"Tags\[0\]\.Value has something like a placeholder left, <PROJECT>"),
], ids=["wrong type", "wrong boolean", "no list", "time in words", "below the least", "no gateway", "no applications",
        "no fleets", "misspelt field", "wrong enum", "missing field", "missing at the top", "enum in scaling", "release",
        "instance type", "unknown placeholder", "placeholder not closed", "placeholder of another kind"])
def test_a_broken_one_is_refused_by_its_field(tmp_path, request_, change, said):
    """The command in this process, for speed; the next test sees what a process makes of a refusal."""
    change(request_)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(request_), encoding="utf-8")
    with pytest.raises(Failure, match=said):
        check_config.check([str(file)])


def test_a_refusal_is_a_sentence_and_exit_code_2(tmp_path, request_):
    request_.pop("Name")
    done = check(tmp_path, request_)
    assert done.returncode == 2
    assert "Name: is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_enum_of_the_api_is_looked_at(request_):
    """The walk finds a wrong value wherever the model has an enum: in structures, in lists, in maps."""
    request = {"Name": "x", "Instances": {"InstanceGroups": [{"InstanceRole": "MAIN", "InstanceType": "m5.xlarge",
                                                              "InstanceCount": 1}]},
               "PlacementGroupConfigs": [{"InstanceRole": "MASTER", "PlacementStrategy": "WIDE"}],
               "RepoUpgradeOnBoot": "ALWAYS"}
    with pytest.raises(Failure) as failure:
        config.check(request)
    for field in ("Instances.InstanceGroups[0].InstanceRole", "PlacementGroupConfigs[0].PlacementStrategy",
                  "RepoUpgradeOnBoot"):
        assert f"{field}: is " in str(failure.value)


def test_a_placeholder_without_a_value_is_refused():
    with pytest.raises(Failure, match=r"a\[1\]\.b has the placeholder \$\{SUBNET\}, and nothing fills it"):
        config.fill({"a": [0, {"b": "${SUBNET}"}]}, {"SUBNET": None})


def test_a_file_that_is_no_json_is_named(tmp_path):
    file = tmp_path / "half.json"
    file.write_text('{"Name": ', encoding="utf-8")
    done = subprocess.run([sys.executable, str(EMR / "check-config"), str(file)], capture_output=True, text=True)
    assert (done.returncode, "half.json is not JSON" in done.stderr) == (2, True)
