"""The request that the words of create-cluster make of `emr-config.json`."""

import argparse
import re
from typing import Any

from verger_tools.base.errors import Failure

from . import bundles, config, notebooks
from .places import PLATFORMS, Place


def build(options: argparse.Namespace, place: Place) -> dict[str, Any]:
    """The filled request: instances, steps and tags as the options say, not checked yet."""
    values = {"BUCKET": place.bucket, "PREFIX": place.prefix, "NAME": options.name, "SUBNET": options.subnet,
              "SERVICE_ROLE": options.service_role, "NODE_ROLE": options.node_role,
              "SECURITY_CONFIGURATION": security_name(options)}
    file = options.config or config.FILE
    template = config.load(file)
    if options.subnet is None:
        template.get("Instances", {}).pop("Ec2SubnetIds", None)
    # Before it is taken apart below.
    config.check(config.fill(template, {**values, "PLATFORM": PLATFORMS[0], "BUNDLE_SHA256": bundles.UNKNOWN}))
    config.require_cluster(template, file)
    values["PLATFORM"] = platform(options.instance_type or instance_types(template)[0])
    values["BUNDLE_SHA256"] = options.bundle_sha256 = bundles.sha256_wanted(options, values["PLATFORM"])
    request = config.fill(template, values)
    if options.release:
        request["ReleaseLabel"] = options.release
    if options.idle_minutes:
        request["AutoTerminationPolicy"] = {"IdleTimeout": 60 * options.idle_minutes}
    request["Tags"] = [*request.get("Tags", []), *({"Key": key, "Value": value} for key, value in
                                                   (tag.split("=", 1) for tag in options.tags))]
    if options.instance_type:
        for fleet in request["Instances"]["InstanceFleets"]:
            for kind in fleet["InstanceTypeConfigs"]:
                kind["InstanceType"] = options.instance_type
    workers, spot = _size(request, options)
    _scale(request, options, workers, spot)
    _choose_steps(request, options, place)
    return request


def core_fleet(request: dict[str, Any]) -> dict[str, Any]:
    return next(fleet for fleet in request["Instances"]["InstanceFleets"] if fleet["InstanceFleetType"] == "CORE")


def instance_types(request: dict[str, Any]) -> list[str]:
    """The types of all fleets, those of the workers first, each once."""
    fleets = sorted(request["Instances"]["InstanceFleets"], key=lambda fleet: fleet["InstanceFleetType"] != "CORE")
    return list(dict.fromkeys(kind["InstanceType"] for fleet in fleets for kind in fleet.get("InstanceTypeConfigs", [])))


def _size(request: dict[str, Any], options: argparse.Namespace) -> tuple[int, int]:
    """Sets the workers, if a flag names them; returns how many there are, and how many of them on spot."""
    fleet = core_fleet(request)
    file_spot = fleet.get("TargetSpotCapacity", 0)
    workers = options.workers or fleet.get("TargetOnDemandCapacity", 0) + file_spot
    spot = min(file_spot, workers) if options.spot is None else options.spot
    if not 0 <= spot <= workers:
        raise Failure(f"--spot {spot} is not among the 0 to {workers} workers")
    if options.workers is not None or options.spot is not None:
        fleet["TargetOnDemandCapacity"] = workers - spot
        fleet["TargetSpotCapacity"] = spot
        if not spot:
            fleet.get("LaunchSpecifications", {}).pop("SpotSpecification", None)
            for kind in fleet["InstanceTypeConfigs"]:
                kind.pop("BidPriceAsPercentageOfOnDemandPrice", None)
    return workers, spot


def _scale(request: dict[str, Any], options: argparse.Namespace, workers: int, spot: int) -> None:
    """Managed scaling as the file has it, as far as no flag names it; none where the file has none."""
    if options.max_workers is not None and options.max_workers < workers:
        raise Failure(f"--max-workers {options.max_workers} is less than the {workers} workers")
    if "ManagedScalingPolicy" not in request and options.max_workers is None:
        return
    if options.workers is options.spot is options.max_workers is None:
        return
    limits = request.setdefault("ManagedScalingPolicy", {}).setdefault("ComputeLimits", {"UnitType": "InstanceFleetUnits"})
    if options.workers is not None or "MinimumCapacityUnits" not in limits:
        limits["MinimumCapacityUnits"] = workers
    if options.max_workers is not None or options.workers is not None or "MaximumCapacityUnits" not in limits:
        limits["MaximumCapacityUnits"] = options.max_workers or 2 * workers
    most = limits["MaximumCapacityUnits"]
    if options.workers is not None or options.spot is not None:
        # What is added is on spot, as far as there is any; spot that falls back to on demand must fit, too.
        limits["MaximumOnDemandCapacityUnits"] = workers if spot else most
    for name in ("MinimumCapacityUnits", "MaximumOnDemandCapacityUnits", "MaximumCoreCapacityUnits"):
        if limits.get(name, 0) > most:
            limits[name] = most


def _choose_steps(request: dict[str, Any], options: argparse.Namespace, place: Place) -> None:
    steps = [step for step in request.get("Steps", []) if not notebooks.is_notebook_run(step)]
    if options.notebook:
        steps.append(notebooks.step(options.notebook, [tuple(pair) for pair in options.parameters], place, options.output))
    if options.keep is not None:
        request["Instances"]["KeepJobFlowAliveWhenNoSteps"] = options.keep
    if options.keep is False:
        for step in steps:
            step["ActionOnFailure"] = "TERMINATE_CLUSTER"
    request["Steps"] = steps


def platform(instance_type: str) -> str:
    """That of the bundle. Graviton types have a g behind their generation: m6g, c7gn, r8gd."""
    return "linux-arm64" if re.match(r"[a-z]+\d+g", instance_type) else "linux-x86_64"


def security_name(options: argparse.Namespace) -> str:
    """The security configuration for encryption at rest; one for each key."""
    if options.security_configuration:
        return options.security_configuration
    return "verger-at-rest" + (f"-{options.kms_key[-12:]}" if options.kms_key else "")
