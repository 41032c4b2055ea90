"""How other programs are run: silently, and with their last words where they fail."""

import sys

import pytest

from verger_tools.base import process
from verger_tools.base.errors import Failure


def python(code):
    return [sys.executable, "-c", code]


def test_what_succeeds_is_silent(capfd):
    process.run(python("print('ripe')"), "Picking")
    assert capfd.readouterr() == ("", "")


def test_what_fails_shows_its_last_lines_and_the_exit_code():
    with pytest.raises(process.CommandFailed) as raised:
        process.run(python("import sys; print('\\n'.join(f'line {n}' for n in range(100))); sys.stderr.write('unripe\\n'); sys.exit(3)"),
                    "Picking")
    lines = str(raised.value).splitlines()
    assert lines[-1] == "Picking failed with exit code 3: its last lines are above"
    assert lines[-2] == "unripe" or lines[0] == "unripe" or "unripe" in lines  # the two streams are one
    assert len(lines) == process.LINES_SHOWN + 1
    assert "line 0" in raised.value.said


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(Failure, match="^Picking cannot be started: /nowhere/picker: No such file or directory$"):
        process.run(["/nowhere/picker"], "Picking")


def test_it_has_the_folder_and_the_environment_that_it_is_given_and_no_terminal(tmp_path):
    code = "import os, pathlib, sys; pathlib.Path('seen').write_text(os.environ['FRUIT'] + repr(sys.stdin.read()))"
    process.run(python(code), "Picking", cwd=tmp_path, environment={"FRUIT": "Pfirsich"})
    assert (tmp_path / "seen").read_text() == "Pfirsich''"


def test_output_and_success():
    assert process.output(python("import sys; print('ä'); print('no', file=sys.stderr); sys.exit(1)")).strip() in ("ä", "\\xe4")
    assert process.succeeds(python(""))
    assert not process.succeeds(python("raise SystemExit(1)"))
    assert not process.succeeds(["/nowhere/picker"])
