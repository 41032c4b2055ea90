"""`emr-config.json`: its placeholders filled, its fields checked against the API before AWS sees them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional, Union

import botocore.session
from botocore.validate import ParamValidator

from verger_tools.base.errors import Failure
from verger_tools.base.project import ROOT

FILE = ROOT / "emr-config.json"

# Fields that the API takes as any string and EMR refuses.
_VALUES = {r"ReleaseLabel": r"emr-\d+\.\d+\.\d+",
           r"(.*\.)?InstanceType": r"[a-z0-9-]+\.[a-z0-9]+",
           r"(.*\.)?VolumeType": r"gp2|gp3|io1|io2|st1|sc1|standard",
           r"Instances\.Ec2SubnetIds\[\d+\]": r"subnet-[0-9a-f]+",
           r"LogUri": r"s3://.+/",
           r"BootstrapActions\[\d+\]\.ScriptBootstrapAction\.Path": r"s3://.+"}


def load(file: Union[str, Path] = FILE) -> Any:
    """The request with its placeholders, as a dictionary."""
    try:
        return json.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure(f"Cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise Failure(f"{file} is not JSON: {error}") from error


def fill(node: Any, values: Mapping[str, Optional[str]], path: str = "") -> Any:
    """A copy with every `${NAME}` replaced; one that is unknown, or has no value, is refused by its name and place."""
    if isinstance(node, dict):
        return {key: fill(value, values, f"{path}.{key}" if path else key) for key, value in node.items()}
    if isinstance(node, list):
        return [fill(value, values, f"{path}[{index}]") for index, value in enumerate(node)]
    if not isinstance(node, str):
        return node

    def value_of(match: "re.Match[str]") -> str:
        name = match.group(1)
        if name not in values:
            raise Failure(f"{path} has the unknown placeholder ${{{name}}}: known are {', '.join(sorted(values))}")
        value = values[name]
        if value is None:
            raise Failure(f"{path} has the placeholder ${{{name}}}, and nothing fills it")
        return value

    filled = re.sub(r"\$\{([^}]*)\}", value_of, node)
    left = re.search(r"\$\{\w*|<[A-Z_]{2,}>", filled)
    if left:
        raise Failure(f"{path} has something like a placeholder left, {left.group(0)}: write it as ${{NAME}}")
    return filled


APPLICATIONS = ("Hadoop", "Spark", "JupyterEnterpriseGateway")  # what install-kernel.sh finds on the cluster


def require_cluster(request: Any, file: Union[str, Path]) -> None:
    """Refuses what EMR's API takes, but no cluster of Verger's can be made of."""
    def items(node: Any, key: str) -> list[dict[str, Any]]:
        found = node.get(key) if isinstance(node, dict) else None
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    if not isinstance(request, dict):
        raise Failure(f"{file} is no request: it must be a JSON object, with {{ and }} around it")
    have = [item.get("Name") for item in items(request, "Applications")]
    lacks = [name for name in APPLICATIONS if name not in have]
    if lacks:
        raise Failure(f"Applications of {file} lacks {' and '.join(lacks)}, without which the kernel cannot be installed: add "
                      + ", ".join(f'{{"Name": "{name}"}}' for name in lacks))
    kinds = [fleet.get("InstanceFleetType") for fleet in items(request.get("Instances"), "InstanceFleets")
             if any("InstanceType" in kind for kind in items(fleet, "InstanceTypeConfigs"))]
    if "MASTER" not in kinds or "CORE" not in kinds:
        raise Failure(f"Instances.InstanceFleets of {file} lacks a MASTER or a CORE fleet with its InstanceTypeConfigs: "
                      "emr-config.json shows them")


def check(request: Any, operation: str = "RunJobFlow") -> None:
    """Refuses a request that the API would not take: each fault with the path of its field."""
    shape = botocore.session.get_session().get_service_model("emr").operation_model(operation).input_shape
    report = ParamValidator().validate(request, shape)
    faults = [_readable(line) for line in report.generate_report().splitlines()] if report.has_errors() else []
    faults += _walk(request, shape, "")
    if faults:
        raise Failure("\n".join(["The request is not one that EMR takes:", *(f"  {fault}" for fault in faults)]))


# Python's names of types: what a value of it is, and what is wanted.
_TYPES = {"str": ("text in quotes", "text in quotes"), "int": ("a whole number", "a whole number, without quotes"),
          "float": ("a number with a point", "a number, without quotes"), "Decimal": ("a number", "a number, without quotes"),
          "decimal.Decimal": ("a number", "a number, without quotes"),
          "bool": ("true or false", "true or false, without quotes"), "dict": ("an object, { }", "an object, { }"),
          "list": ("a list, [ ]", "a list, [ ]"), "tuple": ("a list, [ ]", "a list, [ ]"), "NoneType": ("null", "null")}


def _readable(line: str) -> str:
    """botocore's words with the path in front."""
    match = re.match(r'Unknown parameter in (.*?): "(.*?)", must be one of: (.*)', line)
    if match:
        where, name, known = match.groups()
        return f"{_path(where, name)}: there is no such field; there are {known}"
    match = re.match(r'Missing required parameter in (.*?): "(.*?)"', line)
    if match:
        where, name = match.groups()
        return f"{_path(where, name)}: is missing"
    match = re.match(r"Invalid type for parameter (.*?), value: (.*), type: <class '(\w+)'>, valid types: (.*)", line)
    if match:
        where, value, is_, may_be = match.groups()
        wanted = [_TYPES.get(name, (name,) * 2)[1] for name in re.findall(r"<class '([\w.]+)'>", may_be)]
        return f"{where}: {value} is {_TYPES.get(is_, (is_,))[0]}, and must be {' or '.join(dict.fromkeys(wanted))}"
    match = re.match(r"Invalid (\w+) for parameter (.*?), value: (.*), valid min (?:length|value): (.*)", line)
    if match:
        what, where, value, least = match.groups()
        return (f"{where}: is {value}, and must be at least {least}" if what != "length" else
                f"{where}: has {value} entries or characters, and must have at least {least}")
    return line


def _path(where: str, name: str) -> str:
    return name if where == "input" else f"{where}.{name}"


def _walk(value: Any, shape: Any, path: str) -> list[str]:
    """What ParamValidator does not look at: enums, patterns, and the values of `_VALUES`."""
    faults = []
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, member in shape.members.items():
            if key in value:
                faults += _walk(value[key], member, f"{path}.{key}" if path else key)
    elif shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            faults += _walk(item, shape.member, f"{path}[{index}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, item in value.items():
            faults += _walk(item, shape.value, f"{path}.{key}")
    elif isinstance(value, str):
        enum = getattr(shape, "enum", None)
        if enum and value not in enum:
            faults.append(f"{path}: is {value!r}, and must be one of {', '.join(enum)}")
        for place, pattern in _VALUES.items():
            if re.fullmatch(place, path) and not re.fullmatch(pattern, value):
                faults.append(f"{path}: is {value!r}, and must look like {pattern}")
    return faults
