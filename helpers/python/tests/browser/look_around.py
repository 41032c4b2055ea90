"""Does in a browser what a person does, on the project's kernel: documentation, completion, errors, long output, stop, leave, return.

Prints what came of each, and leaves screenshots of all.
"""

import re
import time
from pathlib import Path

import jupyterlab

options = jupyterlab.arguments()
folder = Path(options.folder)
SESSION = """import org.apache.spark.sql.*;
import verger.features.ImageFeaturizer;
import verger.images.Images;
SparkSession spark = SparkSession.builder().getOrCreate();
ImageFeaturizer f = new ImageFeaturizer();"""
CELLS = {
    "session": SESSION,
    "documentation": "",
    "completion": "f.setNetw",
    "wrong column": 'spark.range(3).select("idd")',
    "exception": 'int[] few = new int[1];\nSystem.out.println(few[2]);',
    "does not compile": "int n = undefined + 1;",
    "lines": 'for (int i = 1; i <= 10000; i++) System.out.println("line " + i);',
    "long job": 'spark.sql("select sum(hash(id, id)) from range(0, 100000000000000)").collectAsList();',
    "after it": 'System.out.println("usable: " + spark.range(7).count());',
    "slow": 'for (int i = 1; i <= 20; i++) { System.out.println("tick " + i); Thread.sleep(500); }',
    "at the end": 'System.out.println("the end");',
}
DOCUMENTED = ["ImageFeaturizer", "f.setNetwork", "Images.read(", "spark.read()", "String.format"]
AT = {name: i for i, name in enumerate(CELLS)}
jupyterlab.write_notebook(folder / "look.ipynb", options.kernel, *CELLS.values())


def ticks(book):
    """The lines that the slow cell has printed; how far it is stands between them."""
    return re.findall(r"tick \d+", book.text(AT["slow"]))


def say(what, found):
    print(f"{what}: {found}", flush=True)


with jupyterlab.jupyterlab(options) as url, jupyterlab.browser(options) as browser:
    book = jupyterlab.Notebook(browser, url, "look.ipynb", folder)
    page = book.page
    book.run_to_end(AT["session"], 180)
    say("session", "started")

    for place in DOCUMENTED:
        book.write(AT["documentation"], place)
        page.keyboard.press("Shift+Tab")
        page.locator(".jp-Tooltip").wait_for(timeout=180_000)
        book.screenshot("shift-tab-" + re.sub(r"\W+", "-", place).strip("-"))
        say(f"Shift-Tab {place}", page.locator(".jp-Tooltip").inner_text().strip().splitlines())
        page.keyboard.press("Escape")
        page.locator(".jp-Tooltip").wait_for(state="detached")

    book.edit(AT["completion"])
    page.keyboard.press("Tab")
    page.wait_for_timeout(3000)
    book.screenshot("tab")
    say("Tab", page.locator(".jp-Completer-item").all_inner_texts())
    page.keyboard.press("Escape")

    for name in ("wrong column", "exception", "does not compile"):
        book.run(AT[name])
        book.until(lambda at=AT[name]: any(output["output_type"] == "error" for output in book.outputs()[at]), 180, "an error")
        book.screenshot(name.replace(" ", "-"))
        error = next(output for output in book.outputs()[AT[name]] if output["output_type"] == "error")
        say(name, [error["ename"], len(error["traceback"])])

    book.run_to_end(AT["lines"], 180)
    page.wait_for_timeout(2000)
    lines = book.text(AT["lines"]).splitlines()
    book.screenshot("lines")
    say("lines", [len(lines), lines == [f"line {i}" for i in range(1, 10001)], len(book.outputs()[AT["lines"]])])

    book.run(AT["long job"])
    page.wait_for_timeout(8000)
    book.screenshot("before-stop")
    start = time.monotonic()
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    book.until(lambda: book.status()[0] == "idle", 180, "an idle kernel")
    stopped = time.monotonic() - start
    book.run_to_end(AT["after it"], 180)
    book.screenshot("after-stop")
    say("stop", [f"{stopped:.1f} s", book.text(AT["after it"]).strip()])

    # The line goes down in mid-job, as in a train: what comes meanwhile is kept.
    book.run(AT["slow"])
    book.until(lambda: len(ticks(book)) >= 3, 180, "the third tick")
    book.drop_connection()
    book.run_to_end(AT["at the end"], 180)
    book.screenshot("reconnected")
    say("reconnected", ticks(book) == [f"tick {i}" for i in range(1, 21)])

    # The browser is closed in mid-job: Jupyter keeps what came for nobody but the same page. The kernel goes on.
    book.run(AT["slow"])
    book.until(lambda: 3 <= len(ticks(book)) < 20, 180, "the third tick of this run, not of the last")
    book.save()
    page.close()
    time.sleep(4)
    book = jupyterlab.Notebook(browser, url, "look.ipynb", folder)
    book.screenshot("returned")
    before = ticks(book)
    book.run_to_end(AT["at the end"], 180)
    book.screenshot("returned-and-done")
    say("returned", [before[:3] == ["tick 1", "tick 2", "tick 3"], book.text(AT["at the end"]).strip()])
