"""The project's notebooks, and the step that runs one of them headless on the cluster."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

from botocore.exceptions import ClientError

from java_parameters import Declaration, Misfit, ParameterError, assign, read_cells
from verger_tools.base.errors import Failure
from verger_tools.base.project import ROOT

from . import screen
from .aws import code, require_allowed
from .places import Place, region_of, require_bucket, split

RUN_NOTEBOOK = "/opt/verger/current/run-notebook"
FOLDER = ROOT / "notebooks"
PLACES = ("images", "image", "model", "weights")  # parameters that name what the cluster reads


def find(name: str) -> Path:
    """The file of a notebook of the project, named `fruits` or `fruits.ipynb`; the bundle has the same ones."""
    stem = name[:-len(".ipynb")] if name.endswith(".ipynb") else name
    file = FOLDER / f"{stem}.ipynb"
    if "/" in stem or not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.ipynb")))
        raise Failure(f"There is no notebook {name} in the bundle: it has {known}; put yours into notebooks/, and build and "
                      "upload the bundle again")
    return file


def parameters(file: Path) -> dict[str, Declaration]:
    """What the notebook's `parameters` cell declares: names in their order, each with its declaration."""
    declared = read_cells(json.loads(file.read_text(encoding="utf-8"))["cells"])
    return {one.name: one for one in declared or ()}


def check(name: str, given: Sequence[Sequence[str]], output: Optional[str] = None) -> Path:
    """Refuses what the step would stumble over on the cluster, where it costs; asks nothing of AWS. Returns the file."""
    file = find(name)
    declared = parameters(file)
    for parameter, value in given:
        if parameter == "output":
            raise Failure(f"-p output would leave the executed notebook elsewhere than its results: say --output {value}")
        if parameter not in declared:
            raise Failure(f"{file.name} has no parameter {parameter}: it has {', '.join(declared) or 'none'}")
        if "://" not in value and value and (parameter in PLACES or _is_here(value)):
            raise Failure(f"{parameter} = {value} is a path of this machine, which the cluster cannot read: copy it with "
                          f"`aws s3 {'cp' if parameter == 'weights' else 'sync'} {value} s3://<bucket>/<prefix>/…` and give "
                          "that URI")
        _require_fit(parameter, value, declared[parameter])
    names = [parameter for parameter, _ in given]
    twice = sorted({parameter for parameter in names if names.count(parameter) > 1})
    if twice:
        raise Failure(f"The parameter {twice[0]} is given {names.count(twice[0])} times")
    if output:
        split(output)  # refuses what is not on S3: the cluster's disks go when it does
    return file


def _is_here(value: str) -> bool:
    """Whether a value is the path of something on this machine."""
    try:
        return Path(value).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # too long for a name, the home of nobody, a null character
        return False


def _require_fit(parameter: str, value: Any, declared: Declaration) -> None:
    """As papermill on the cluster will: the very same reader."""
    try:
        assign(parameter, value, declared)
    except Misfit as misfit:
        raise Failure(f"{misfit.where} = {value if misfit.where == parameter else misfit.value} does not fit, for {misfit.where} "
                      f"is declared {misfit.declared}: {misfit.way_out}") from misfit
    except ParameterError as error:
        raise Failure(str(error)) from error


def step(name: str, given: Sequence[Sequence[str]], place: Place, output: Optional[str] = None) -> dict[str, Any]:
    """
    The step of a headless run.

    :param given: pairs of a parameter's name and value; `images` is the sample on the bucket, unless it is among them
    :param place: the folder on the bucket that the sample and the results are in
    :param output: where the results go, an S3 URI; default: `results/<notebook>` of the place
    """
    file = check(name, given, output)
    if "images" in parameters(file) and all(parameter != "images" for parameter, _ in given):
        given = [*given, ("images", place.uri("data-sample"))]
    output = output or place.uri(f"results/{file.stem}")
    arguments = [RUN_NOTEBOOK, file.stem]
    for parameter, value in given:
        arguments += ["-p", parameter, value]
    return {"Name": f"run {file.stem}", "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": [*arguments, "--output", output.rstrip("/")]}}


def require_output(s3: Any, output: str, place: Place, allowed: Sequence[str]) -> None:
    """The bucket that results go to is there, in an allowed region; says so if the nodes' role may not write there."""
    require_bucket(s3, split(output)[0], allowed)
    if not f"{output}/".startswith(place.uri("results") + "/"):
        screen.say(f"The nodes' role of helpers/emr/create-roles writes below {place.uri('results')}/ only: {output} needs a "
                   "policy of its own.")


def require_inputs(s3: Any, given: Sequence[Sequence[str]], place: Place, allowed: Sequence[str]) -> None:
    """What `images` and `weights` name on S3 is there, in an allowed region; says if the nodes' role may not read it."""
    for parameter, uri in given:
        if parameter in PLACES and re.match(r"s3[an]?://", uri):
            _require_input(s3, parameter, uri, place, allowed)


def _require_input(s3: Any, parameter: str, uri: str, place: Place, allowed: Sequence[str]) -> None:
    bucket, key = split(uri)
    try:
        found = region_of(s3.head_bucket(Bucket=bucket))
    except ClientError as error:
        if code(error) in ("404", "NoSuchBucket"):
            raise Failure(f"{parameter} = {uri}: there is no bucket {bucket}") from error
        if code(error) != "403":
            raise
        found = region_of(error.response)
    if found:
        require_allowed(found, allowed, f"The region of the bucket {bucket}")
    if bucket != place.bucket or not f"{key}/".startswith(f"{place.prefix}/"):
        screen.say(f"The nodes' role of helpers/emr/create-roles reads below {place.uri()}/ only: {parameter} = {uri} needs a "
                   "policy of its own.")
    try:
        if _is_there(s3, bucket, key):
            return
    except ClientError as error:
        if code(error) not in ("AccessDenied", "403"):
            raise
        screen.say(f"Whether {parameter} = {uri} is there cannot be seen (s3:ListBucket is denied to you); going on.")
        return
    raise Failure(f"There is nothing at {parameter} = {uri}: `aws s3 ls {uri.replace('s3a:', 's3:').replace('s3n:', 's3:')}` "
                  "shows what is")


def _is_there(s3: Any, bucket: str, key: str) -> bool:
    """Whether there is a file or a folder of this name, or anything that a pattern of Hadoop's begins with."""
    def first(prefix: str) -> Optional[str]:
        entries = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents", [])
        return entries[0]["Key"] if entries else None

    stem = re.split(r"[*?\[{]", key)[0]
    if stem != key or not key:
        return first(stem) is not None
    # Not what only begins like it: Training-2 is no Training.
    return first(key) == key or first(key.rstrip("/") + "/") is not None


def is_notebook_run(step_config: dict[str, Any]) -> bool:
    return step_config["HadoopJarStep"].get("Args", [None])[:1] == [RUN_NOTEBOOK]


def output_of(step_config: dict[str, Any]) -> str:
    """Where the results of a notebook's step go."""
    arguments = step_config["HadoopJarStep"]["Args"]
    return arguments[arguments.index("--output") + 1]
