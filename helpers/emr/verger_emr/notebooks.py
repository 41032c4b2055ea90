"""The project's notebooks, and the step that runs one of them headless on the cluster."""

import json
import re
from pathlib import Path

from . import screen
from .aws import Failure
from .config import ROOT
from .places import require_bucket, split

RUN_NOTEBOOK = "/opt/verger/current/run-notebook"
FOLDER = ROOT / "notebooks"


def find(name):
    """The file of a notebook of the project, named `fruits` or `fruits.ipynb`; the bundle has the same ones."""
    stem = name[:-len(".ipynb")] if name.endswith(".ipynb") else name
    file = FOLDER / f"{stem}.ipynb"
    if "/" in stem or not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.ipynb")))
        raise Failure(f"There is no notebook {name} in the bundle: it has {known}; put yours into notebooks/, and build and "
                      "upload the bundle again")
    return file


def parameters(file):
    """The names that the notebook's `parameters` cell declares, in their order."""
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            return re.findall(r"^[ \t]*(?:final\s+)?[\w.<>,\[\]]+\s+(\w+)\s*=", "".join(cell["source"]), re.M)
    return []


def step(name, given, place, output=None):
    """
    The step of a headless run.

    :param given: pairs of a parameter's name and value; `images` is the sample on the bucket, unless it is among them
    :param place: the folder on the bucket that the sample and the results are in
    :param output: where the results go, an S3 URI; default: `results/<notebook>` of the place
    """
    file = find(name)
    declared = parameters(file)
    for parameter, value in given:
        if parameter not in declared:
            raise Failure(f"{file.name} has no parameter {parameter}: it has {', '.join(declared) or 'none'}")
        if "://" not in value and value and Path(value).expanduser().exists():
            raise Failure(f"{parameter} = {value} is a path of this machine, which the cluster cannot read: copy it with "
                          f"`aws s3 sync {value} s3://<bucket>/<folder>` and give that URI")
    names = [parameter for parameter, _ in given]
    twice = sorted({parameter for parameter in names if names.count(parameter) > 1})
    if twice:
        raise Failure(f"The parameter {twice[0]} is given {names.count(twice[0])} times")
    if "images" in declared and "images" not in names:
        given = [*given, ("images", place.uri("data-sample"))]
    output = output or place.uri(f"results/{file.stem}")
    split(output)  # refuses what is not on S3: the cluster's disks go when it does
    arguments = [RUN_NOTEBOOK, file.stem]
    for parameter, value in given:
        arguments += ["-p", parameter, value]
    return {"Name": f"run {file.stem}", "ActionOnFailure": "CONTINUE",
            "HadoopJarStep": {"Jar": "command-runner.jar", "Args": [*arguments, "--output", output.rstrip("/")]}}


def require_output(s3, output, place, allowed):
    """The bucket that results go to is there, in an allowed region; says so if the nodes' role may not write there."""
    require_bucket(s3, split(output)[0], allowed)
    if not f"{output}/".startswith(place.uri("results") + "/"):
        screen.say(f"The nodes' role of helpers/emr/create-roles writes below {place.uri('results')}/ only: {output} needs a "
                   "policy of its own.")


def is_notebook_run(step_config):
    return step_config["HadoopJarStep"].get("Args", [None])[:1] == [RUN_NOTEBOOK]


def output_of(step_config):
    """Where the results of a notebook's step go."""
    arguments = step_config["HadoopJarStep"]["Args"]
    return arguments[arguments.index("--output") + 1]
