"""Runs a notebook with papermill and leaves the executed notebook, a page of it, and its results in one folder."""

import argparse
import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn, Optional, TextIO

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from nbformat.reader import NotJSONError
from papermill.exceptions import PapermillException, PapermillExecutionError
from tqdm.auto import tqdm

from papermill_java import NotebookParameter, list_parameters
from papermill_java.gateway import GatewayError
from verger_tools.run.failures import java_error, plain
from verger_tools.run.html import write_page
from verger_tools.run.progress import engine

# The checkout, or the bundle on a cluster.
ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "notebooks").is_dir())
KERNEL = "verger"
DEAD_KERNEL = 138  # papermill's own exit code for it

_received: Optional[int] = None  # the signal that ends this process


def main(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    notebook = _find(options.notebook)
    kernel = options.kernel or _kernel(notebook, named=bool(options.gateway))
    try:
        known = list_parameters(notebook)
    except NotJSONError:
        sys.exit(f"{notebook} is not a notebook: it holds no JSON")
    except (AttributeError, nbformat.NBFormatError, nbformat.ValidationError) as error:
        sys.exit(f"{notebook} is not a notebook that this reads: {str(error).strip().splitlines()[0]}")
    if options.list_parameters:
        _print_parameters(known)
        return 0
    folder = Path(options.output or Path("out") / notebook.stem)
    parameters = dict(options.parameters)
    if options.gateway:
        _check_places(known, parameters)
    elif any(parameter.name == "output" for parameter in known):
        parameters.setdefault("output", str(folder))
    return _execute(notebook, folder, parameters, kernel, options)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="notebooks/run",
        description="Runs a Java notebook headless; sets everything up at the first call.",
        allow_abbrev=False,  # --gateway is looked for before anything is set up
    )
    parser.add_argument("notebook", help="a name in notebooks/, such as fruits, or the path of an .ipynb")
    parser.add_argument("-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
                        help="a parameter of the notebook; its declared Java type says how VALUE is read")
    parser.add_argument("--output", metavar="DIR",
                        help="folder for the executed notebook, its .html and its results (default: out/<notebook>)")
    parser.add_argument("--gateway", metavar="URL",
                        help="run on a kernel of this Enterprise Gateway, and not on this machine: results go where "
                             "-p output says, the executed notebook and its .html still to DIR")
    parser.add_argument("--kernel", metavar="NAME",
                        help="the kernel to run on (default: verger; with --gateway the notebook's own, if it names one; "
                             "a cluster also has verger-cluster)")
    parser.add_argument("--list-parameters", action="store_true", help="list the notebook's parameters and stop")
    parser.add_argument("--setup", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.gateway is not None and not options.gateway.strip():
        parser.error("--gateway is empty: give the gateway's URL, such as http://host:8888")
    if _is_uri(options.output or ""):
        parser.error(f"--output {options.output} is not a folder of this machine, where the executed notebook goes: "
                     f"give -p output {options.output} for the results")
    names = [name for name, _ in options.parameters]
    for name in names:
        if names.count(name) > 1:
            parser.error(f"parameter {name} is given {names.count(name)} times")
    return options


def _find(name: str) -> Path:
    candidates = [Path(name), ROOT / "notebooks" / f"{name}.ipynb", ROOT / "notebooks" / name]
    for candidate in candidates:
        if candidate.suffix == ".ipynb" and candidate.is_file():
            return candidate
    known = ", ".join(sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
    sys.exit(f"There is no notebook {name}: give the path of an .ipynb, or one of {known}")


def _print_parameters(known: Sequence[NotebookParameter]) -> None:
    width = max((len(parameter.name) for parameter in known), default=0)
    for parameter in known:
        line = f"{parameter.name:<{width}}  {parameter.type} = {parameter.default}"
        print(f"{line}   {parameter.help}" if parameter.help else line)


def _check_places(known: Sequence[NotebookParameter], parameters: dict[str, str]) -> None:
    """A kernel elsewhere sees no folder of this machine: neither the one for results, nor one that comes with the project."""
    here = [parameter.name for parameter in known
            if parameter.name == "output" or os.path.isdir(ROOT / (parameter.default.strip('"') or "?"))]
    missing = [name for name in here if name not in parameters]
    if missing:
        print("A kernel of a gateway sees no folder of this machine: give "
              f"{' and '.join(f'-p {name} URI' for name in missing)}, such as s3://bucket/folder or hdfs:///folder",
              file=sys.stderr)
        sys.exit(2)
    for name in here:
        if not _is_uri(parameters[name]):
            print(f"{name} = {parameters[name]} is a path where the kernel runs, and not on this machine", file=sys.stderr)


def _is_uri(text: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", text) is not None


def _execute(notebook: Path, folder: Path, parameters: dict[str, str], kernel: str, options: argparse.Namespace) -> int:
    executed = folder / notebook.name
    if executed.resolve() == notebook.resolve():
        sys.exit(f"The executed notebook would replace {notebook}: give another --output")
    start = time.monotonic()
    failure, code = None, 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        papermill.execute_notebook(_literal(notebook), _literal(executed), parameters, progress_bar=True,
                                   kernel_name=kernel, language="java",
                                   stdout_file=_Screen(sys.stdout), stderr_file=_Screen(sys.stderr),
                                   **engine(options.gateway, sys.stderr))
    except PapermillExecutionError as error:
        failure, code = java_error(error), 1
    except DeadKernelError as error:
        failure = str(error) if options.gateway else "The kernel died in the middle of the notebook: what it said last is above"
        code = DEAD_KERNEL
    except GatewayError as error:
        failure, code = str(error), 1
    except PapermillException as error:  # a parameter that does not fit
        sys.exit(str(error))
    except NoSuchKernel as error:
        sys.exit(f"{notebook} asks for the kernel {error.name}, which is not installed: choose the kernel verger")
    except TimeoutError as error:  # it is an OSError, too
        failure, code = f"The kernel did not answer in time: {error}", 1
    except OSError as error:
        sys.exit(f"Cannot write to {folder}: {error.strerror or error}")
    except RuntimeError as error:  # what jupyter_client raises
        failure, code = f"The kernel could not start ({error}): what it said is above", 1
    except BaseException:  # many things, where a signal comes in between
        if not _received:
            raise
    if _received:
        print("Interrupted: the kernel is stopped, and an earlier result stays as it was", file=sys.stderr)
        return 128 + _received
    page = write_page(executed)
    print(f"{executed} and {page.name}, in {time.monotonic() - start:.0f} s", file=sys.stderr)
    if failure:
        print(failure if sys.stderr.isatty() else plain(failure), file=sys.stderr)
    return code


def _kernel(notebook: Path, named: bool) -> str:
    """Ours for all that is Java: notebooks from elsewhere name another kernel, or none. With `named` the notebook's own comes first."""
    try:
        with notebook.open(encoding="utf-8") as file:
            metadata = json.load(file).get("metadata") or {}
    except (OSError, ValueError, AttributeError):
        return KERNEL  # whoever reads it next says what is wrong with it
    spec = metadata.get("kernelspec") or {}
    language = str(spec.get("language") or (metadata.get("language_info") or {}).get("name") or "java").lower()
    if language != "java":
        sys.exit(f"{notebook} is a notebook in {language.capitalize()}, and this runs Java: choose the kernel verger for it in Jupyter, "
                 "or give --kernel verger if its cells are Java")
    return str(named and spec.get("name") or KERNEL)


class _Screen:
    """Shows what cells print, above the progress bar."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    def write(self, text: str) -> None:
        tqdm.write(text, file=self.stream, end="")

    def flush(self) -> None:
        self.stream.flush()


def _literal(path: Path) -> str:
    """papermill takes a path for a template with {parameters} in it."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _stop(signum: int, _frame: Optional[FrameType]) -> NoReturn:
    """Ctrl-C, or a scheduler's SIGTERM: papermill takes the kernel along."""
    global _received
    _received = signum
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # of the cell that nobody waits for any more
    raise KeyboardInterrupt


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    logging.getLogger("papermill").addHandler(logging.StreamHandler(_Screen(sys.stderr)))
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")  # a kernel of the same name in the user's home is another one
    sys.exit(main(sys.argv[1:]))
