#!/usr/bin/env python3
"""Kills runs of the main job at random moments, runs each again, and holds what comes of it against a run that nobody disturbed.

Each run begins with the results of half of the photographs in its output. It is killed, with all of its processes, when so many
of the parts of its features are there, while it saves, or while it publishes.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

ROOT = Path(__file__).resolve().parents[2]
TABLES = {"features.parquet": "features", "projection.parquet": "pca", "files.parquet": None}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("images", type=Path, help="folder of photographs in folders named by class")
    parser.add_argument("--kills", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the moments; default: %(default)s")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        half = folder / "half"
        pictures = sorted(path for path in options.images.rglob("*") if path.is_file())
        for path in pictures[::2]:
            target = half / path.relative_to(options.images)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        # The same paths, since what a photograph is known by includes its path: what is half is listed by a move.
        images = folder / "images"
        half.rename(images)
        finish(images, folder / "earlier", None)
        shutil.copytree(options.images, images, dirs_exist_ok=True)
        finish(images, folder / "undisturbed", None)
        for kill in range(options.kills):
            output = folder / f"killed-{kill}"
            shutil.copytree(folder / "earlier", output)
            moment = ("30 %", "60 %", "saving", "publishing")[kill % 4]
            at = kill_at(images, output, moment, chance)
            left = sorted(path.name for path in output.iterdir() if path.name.startswith("_"))
            said = finish(images, output, folder / f"log-{kill}")
            wrong = said if said.startswith("exit ") else differences(output, folder / "undisturbed")
            failed += bool(wrong)
            print(f"{kill + 1}. {moment}: killed {at}, left {', '.join(left)}; then: {said}; {wrong or 'equal'}", flush=True)
    print(f"{options.kills - failed} of {options.kills} equal")
    return 1 if failed else 0


def command(images, output):
    return [ROOT / "notebooks" / "run", "fruits", "--output", output.parent / f"{output.name}-notebook",
            "-p", "images", images, "-p", "output", output, "-p", "maxFailed", "1.0"]


def finish(images, output, log):
    """Runs to the end; what it said of features that were there."""
    done = subprocess.run(command(images, output), capture_output=True, text=True)
    if log:
        log.write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        return f"exit {done.returncode}: {(done.stdout + done.stderr).strip().splitlines()[-1]}"
    found = re.search(r"files read, .*", done.stdout + done.stderr)
    return found.group() if found else "no line of what was read"


def kill_at(images, output, moment, chance):
    """Starts a run, kills it and all of its processes; says when."""
    start = time.monotonic()
    process = subprocess.Popen(command(images, output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    before = (output / "manifest.json").stat().st_mtime_ns
    while process.poll() is None and not arrived(output, moment, before):
        time.sleep(0.005)
    time.sleep(chance.uniform(0, {"30 %": 1.5, "60 %": 1.5, "saving": 3, "publishing": 0.1}[moment]))
    ended = process.poll()
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    return f"after {time.monotonic() - start:.1f} s" + ("" if ended is None else f", when it had ended with {ended}")


def arrived(output, moment, manifest):
    if moment == "publishing":
        with suppress(FileNotFoundError):
            return (output / "manifest.json").stat().st_mtime_ns != manifest
        return True
    with suppress(FileNotFoundError):  # a folder that goes while it is looked into
        if moment == "saving":
            return any(output.glob("_writing-*/files/projection.parquet"))
        parts = len(list(output.glob("_features/*/files-*.parquet")))
        return parts >= {"30 %": 4, "60 %": 8}[moment]
    return False


def descendants(pid):
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for parent in found:
        found.extend(child for child, of in parents.items() if of == parent)
    return found[1:]


def differences(output, undisturbed):
    """What is not as in the undisturbed run; empty if all is."""
    wrong = []
    if not (output / "manifest.json").is_file():
        return "no manifest"
    if any(path.name.startswith("_writing") or path.name.startswith("_dead") for path in output.iterdir()):
        wrong.append("litter")
    for table, column in TABLES.items():
        found, right = (parquet.read_table(folder / table).sort_by("origin") for folder in (output, undisturbed))
        if found["origin"] != right["origin"]:
            wrong.append(f"{table}: {found.num_rows} rows for {right.num_rows}, or others")
        elif column is None:
            if found["status"] != right["status"]:
                wrong.append(f"{table}: another status")
        else:
            numbers = [np.array(one[column].to_pylist(), dtype=np.float64) for one in (found, right)]
            if column == "features" and not np.array_equal(*numbers):
                wrong.append(f"{table}: other features")
            if column == "pca" and np.abs(numbers[0] - numbers[1]).max() > 1e-9 * np.abs(numbers[1]).max():
                wrong.append(f"{table}: off by {np.abs(numbers[0] - numbers[1]).max()}")
    counts = [json.loads((folder / "manifest.json").read_text())["counts"] for folder in (output, undisturbed)]
    if counts[0] != counts[1]:
        wrong.append(f"counts {counts[0]} for {counts[1]}")
    return "; ".join(wrong)


if __name__ == "__main__":
    sys.exit(main())
