"""The request that the words of create-cluster make of `emr-config.json`."""

import re

from . import config, notebooks
from .aws import Failure


def build(options, place):
    """The filled request: instances, steps and tags as the options say, not checked yet."""
    values = {"BUCKET": place.bucket, "PREFIX": place.prefix, "NAME": options.name, "SUBNET": options.subnet,
              "SERVICE_ROLE": options.service_role, "NODE_ROLE": options.node_role,
              "SECURITY_CONFIGURATION": security_name(options), "PLATFORM": platform(options.instance_type)}
    file = options.config or config.FILE
    template = config.load(file)
    if options.subnet is None:
        template.get("Instances", {}).pop("Ec2SubnetIds", None)
    request = config.fill(template, values)
    config.check(request)  # before it is taken apart below
    if options.release:
        request["ReleaseLabel"] = options.release
    request["AutoTerminationPolicy"] = {"IdleTimeout": 60 * options.idle_minutes}
    request["Tags"] = [*request.get("Tags", []), *({"Key": key, "Value": value} for key, value in
                                                   (tag.split("=", 1) for tag in options.tags))]
    _require_fleets(request, file)
    _size(request, options)
    _choose_steps(request, options, place)
    return request


def _require_fleets(request, file):
    kinds = [fleet["InstanceFleetType"] for fleet in request["Instances"].get("InstanceFleets", [])
             if fleet.get("InstanceTypeConfigs")]
    if "MASTER" not in kinds or "CORE" not in kinds:
        raise Failure(f"Instances.InstanceFleets of {file} lacks a MASTER or a CORE fleet with its InstanceTypeConfigs: "
                      "emr-config.json shows them")


def _size(request, options):
    on_demand = options.workers - options.spot
    for fleet in request["Instances"]["InstanceFleets"]:
        for kind in fleet["InstanceTypeConfigs"]:
            kind["InstanceType"] = options.instance_type
        if fleet["InstanceFleetType"] == "CORE":
            fleet["TargetOnDemandCapacity"] = on_demand
            fleet["TargetSpotCapacity"] = options.spot
            if not options.spot:
                fleet.get("LaunchSpecifications", {}).pop("SpotSpecification", None)
                for kind in fleet["InstanceTypeConfigs"]:
                    kind.pop("BidPriceAsPercentageOfOnDemandPrice", None)
    limits = request.setdefault("ManagedScalingPolicy", {}).setdefault("ComputeLimits", {"UnitType": "InstanceFleetUnits"})
    limits["MinimumCapacityUnits"] = options.workers
    limits["MaximumCapacityUnits"] = options.max_workers
    # What is added is on spot, as far as there is any; spot that falls back to on demand must fit, too.
    limits["MaximumOnDemandCapacityUnits"] = options.workers if options.spot else options.max_workers


def _choose_steps(request, options, place):
    steps = [step for step in request.get("Steps", []) if not notebooks.is_notebook_run(step)]
    if options.notebook:
        steps.append(notebooks.step(options.notebook, [tuple(pair) for pair in options.parameters], place, options.output))
    request["Instances"]["KeepJobFlowAliveWhenNoSteps"] = options.keep
    if not options.keep:
        for step in steps:
            step["ActionOnFailure"] = "TERMINATE_CLUSTER"
    request["Steps"] = steps


def platform(instance_type):
    """That of the bundle. Graviton types have a g behind their generation: m6g, c7gn, r8gd."""
    return "linux-arm64" if re.match(r"[a-z]+\d+g", instance_type) else "linux-x86_64"


def security_name(options):
    """The security configuration for encryption at rest; one for each key."""
    if options.security_configuration:
        return options.security_configuration
    return "verger-at-rest" + (f"-{options.kms_key[-12:]}" if options.kms_key else "")
