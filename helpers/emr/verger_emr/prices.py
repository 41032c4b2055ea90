"""What a cluster costs an hour, from a table of a known date."""

import json
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "prices.json"


def estimate(region, instance_type, on_demand, spot, most):
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
        return [f"No estimate: {FILE.name} has no price of {instance_type} in {region}; see {table['see']}"]
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
