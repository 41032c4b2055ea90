#!/usr/bin/env python3
"""Featurizes photographs with and without the line that says how far it is, in turns, and holds its time left against the truth."""

import argparse
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

LEFT = re.compile(r"([\d,]+) of ([\d,]+) images .* · .*?, (?:(\d+) min )?(\d+) s left")
MOMENTS = (0.1, 0.3, 0.6)
# Everything is loaded and compiled before the clock starts, so that the line is all that is different.
PREPARE = """
SparkSession spark = SparkSession.builder().getOrCreate();
ImageFeaturizer featurizer = new ImageFeaturizer();
featurizer.transform(Images.reader(spark).limit(200).list({images}).images()).write().format("noop").mode("overwrite").save();
Dataset<Row> photographs = Images.read(spark, {images});
var process = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
"""
MEASURE = """
long cpu = process.getProcessCpuTime(), wall = System.nanoTime();
featurizer.transform(photographs).write().format("noop").mode("overwrite").save();
System.out.println((System.nanoTime() - wall) / 1e9 + " " + (process.getProcessCpuTime() - cpu) / 1e9);
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, help="folder of photographs")
    parser.add_argument("--kernels", type=Path, default=Path(".verger/venv/share/jupyter/kernels"),
                        help="folder of the kernel specs that notebooks/run --setup made; default: %(default)s")
    parser.add_argument("--photographs", type=int, default=2000, help="copies of them are made to reach it; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copies(options.images, Path(folder), options.photographs)
        times = {"on": [], "off": []}
        for number in range(options.rounds):
            for progress in ("on", "off") if number % 2 == 0 else ("off", "on"):
                wall, cpu, said = run(options.kernels, folder, progress)
                times[progress].append((wall, cpu))
                print(f"round {number + 1}, progress {progress}: {wall:.2f} s, {cpu:.2f} CPU s" + estimates(said, wall), flush=True)
    for at, name in enumerate(("wall", "CPU")):
        ratios = [on[at] / off[at] for on, off in zip(times["on"], times["off"])]
        print(f"{name}, on / off: median {statistics.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}; "
              f"of the least of each {min(on[at] for on in times['on']) / min(off[at] for off in times['off']):.3f}")


def copies(images, folder, number):
    found = sorted(path for path in images.rglob("*.jpg"))
    if not found:
        raise SystemExit(f"There is no .jpg in {images}.")
    for i in range(number):
        path = found[i % len(found)]
        target = folder / path.parent.name / f"{i}-{path.name}"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def run(kernels, folder, progress):
    """Wall and CPU seconds of one featurizing, and what its line said: seconds since its first word, text."""
    manager = KernelManager(kernel_name="verger")
    manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(kernels.resolve())])
    manager.start_kernel(env={**os.environ, "VERGER_PROGRESS": progress})
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=180)
        execute(client, PREPARE.format(images=json.dumps(folder)))
        printed, said = execute(client, MEASURE)
        wall, cpu = (float(word) for word in printed.split())
        return wall, cpu, said
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def execute(client, code):
    printed, said, start = [], [], None

    def look(message):
        nonlocal start
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "busy":
            start = time.monotonic()
        elif message["msg_type"] == "error":
            raise SystemExit("\n".join(content["traceback"]))
        elif message["msg_type"] == "stream" and content["name"] == "stdout":
            printed.append(content["text"])
        elif message["msg_type"] in ("display_data", "update_display_data"):
            said.append((time.monotonic() - start, content["data"].get("text/plain", "")))

    client.execute_interactive(code, timeout=3600, allow_stdin=False, output_hook=look)
    return "".join(printed), said


def estimates(said, wall):
    """At a tenth and so on of the images: what the line said is left, what was left, and by how much it was wrong."""
    words = ""
    for moment in MOMENTS:
        for since, text in said:
            found = LEFT.search(text)
            if found and int(found[1].replace(",", "")) >= moment * int(found[2].replace(",", "")):
                left = 60 * int(found[3] or 0) + int(found[4])
                words += f"; at {moment:.0%} {left} s left, truly {wall - since:.1f} ({left / (wall - since) - 1:+.0%})"
                break
    return words


if __name__ == "__main__":
    main()
