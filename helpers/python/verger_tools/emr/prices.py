"""What a cluster costs an hour, from a table of a known date."""

import json
import re
from typing import Any

from verger_tools.base.project import HELPERS

FILE = HELPERS / "emr" / "prices.json"

# GiB to a core of general, compute and memory instances; the cores of a size; what EMR gives YARN, as on m5.xlarge.
_GIB_A_CORE = {"m": 4, "c": 2, "r": 8}
_CORES = {"medium": 1, "large": 2, "xlarge": 4}
_YARN = 12288 / 16384


def too_small(request: dict[str, Any]) -> list[str]:
    """A sentence where a worker has no room for one executor and YARN's application master; none where it is not known."""
    spark = {key: value for part in request.get("Configurations", []) if part.get("Classification") == "spark-defaults"
             for key, value in part.get("Properties", {}).items()}
    sizes = [re.fullmatch(r"(\d+)m", spark.get(f"spark.{name}", "")) for name in
             ("executor.memory", "executor.memoryOverhead", "yarn.am.memory", "yarn.am.memoryOverhead")]
    known = [int(size.group(1)) for size in sizes if size]
    if len(known) < len(sizes):
        return []
    wanted = sum(known)
    kinds = dict.fromkeys(kind["InstanceType"] for fleet in request["Instances"]["InstanceFleets"]
                          if fleet["InstanceFleetType"] == "CORE" for kind in fleet["InstanceTypeConfigs"])
    lines = []
    for kind in kinds:
        match = re.fullmatch(r"([a-z])\d[a-z]*\.(\w+)", kind)
        if match and match.group(1) in _GIB_A_CORE and match.group(2) in _CORES:
            room = int(1024 * _GIB_A_CORE[match.group(1)] * _CORES[match.group(2)] * _YARN)
            if room < wanted:
                lines.append(f"{kind} is too small: YARN has some {room:,} MiB there, and one executor with YARN's application "
                             f"master takes {wanted:,} (spark-defaults in emr-config.json): m5.xlarge has room for two.")
    return lines


def estimate(region: str, instance_type: str, on_demand: int, spot: int, most: int) -> list[str]:
    """
    Sentences about the price.

    :param on_demand: instances on demand, the primary node among them
    :param spot: instances on spot
    :param most: instances that managed scaling may have
    """
    table = json.loads(FILE.read_text(encoding="utf-8"))
    ec2 = table["ec2"].get(region, {}).get(instance_type)
    uplift = table["emr"].get(instance_type)
    if ec2 is None or uplift is None:
        return [f"No estimate: {FILE.name} has no price of {instance_type} in {region}, so whether EMR has it there shows only "
                f"when the cluster starts; see {table['see']}"]
    each = ec2 + uplift
    count = on_demand + spot
    lines = [f"Estimate: {count * each:.2f} {table['currency']} an hour in {region} for {count} {instance_type}, on demand "
             f"{ec2:.3f} for EC2 and {uplift:.3f} for EMR each."]
    usual = table["spot"].get(region, {}).get(instance_type)
    if spot and usual:
        lines.append(f"With {spot} on spot at the usual {usual:.3f}: {on_demand * each + spot * (usual + uplift):.2f} an hour; "
                     "without spot capacity it is on demand.")
    if most > count:
        lines.append(f"Scaled out to {most} instances: up to {most * each:.2f} an hour.")
    lines.append("Not in it: EBS volumes, S3, traffic, tax.")
    lines.append(f"Prices read {table['read']}: EC2 from {table['ec2-source']}; EMR from {table['emr-source']}.")
    return lines
