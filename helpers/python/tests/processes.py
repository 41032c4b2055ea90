"""Processes of a test, none of which outlives it."""

import os
import signal
import subprocess
from contextlib import suppress

_started = []


def start(command, **options):
    """subprocess.Popen, as the leader of a group of its own."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    _started.append(process)
    return process


def end_all():
    """Kills what the test has left, and what its processes have started."""
    while _started:
        process = _started.pop()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
