"""Who may know whom: dependencies point one way, and each package needs no more than what it is installed with."""

import ast
import sys

import pytest

from verger_tools.base.project import PYTHON

# A package, and what its modules may import beside the standard library and the package itself.
MAY_IMPORT = {
    "java_parameters": {"yaml"},
    "papermill_java": {"java_parameters", "papermill", "click", "nbclient", "nbformat", "jupyter_client", "tornado"},
    "verger_tools/base": set(),
    "verger_tools/setup": {"verger_tools.base"},
    "verger_tools/run": {"papermill_java", "papermill", "nbclient", "nbconvert", "nbformat", "jupyter_client", "tqdm"},
    "verger_tools/emr": {"verger_tools.base", "java_parameters", "boto3", "botocore"},
    "verger_tools/box": {"verger_tools.base"},
    "verger_tools/bundle": {"verger_tools.base", "verger_tools.setup"},
    "verger_tools/kernel": {"zmq", "tornado", "jupyter_client", "jupyter_core", "jupyter_server"},  # of the gateway's Python
}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_what_it_may(package):
    own = {package.replace("/", "."), *MAY_IMPORT[package]}
    files = list((PYTHON / package).rglob("*.py"))
    found = {(file.name, name) for file in files for name in imports(file) if name.split(".")[0] not in sys.stdlib_module_names}

    assert files
    assert {(file, name) for file, name in found if not any(f"{name}.".startswith(f"{allowed}.") for allowed in own)} == set()


def test_every_package_has_its_line():
    packages = {path.parent.relative_to(PYTHON).as_posix() for folder in ("java_parameters", "papermill_java", "verger_tools")
                for path in (PYTHON / folder).rglob("__init__.py")}

    assert packages - {"verger_tools", "papermill_java/gateway"} == set(MAY_IMPORT)
