"""Runs the notebook of the main job in a browser: progress that moves, a stop, a browser closed and opened in mid-job, the end.

Prints what came of each, and leaves screenshots of all.
"""

import json
import time
from pathlib import Path

import jupyterlab

options = jupyterlab.arguments("notebook", "images", "output")
folder = Path(options.folder)
content = json.loads(Path(options.notebook).read_text())
cells = content["cells"]
CODE = [i for i, cell in enumerate(cells) if cell["cell_type"] == "code"]
PARAMETERS = CODE[0]
FEATURIZE = next(i for i in CODE if 'stage("featurize")' in "".join(cells[i]["source"]))


def parameter(line):
    for name in ("images", "output"):
        if line.startswith(f"String {name} ="):
            return f"String {name} = {json.dumps(getattr(options, name))};\n"
    # The features' cell runs three times here, and would find those of the time before.
    return "boolean fresh = true;\n" if line.startswith("boolean fresh =") else line


cells[PARAMETERS]["source"] = [parameter(line) for line in "".join(cells[PARAMETERS]["source"]).splitlines(keepends=True)]
content["metadata"]["kernelspec"]["name"] = options.kernel
(folder / "job.ipynb").write_text(json.dumps(content))


def say(what, found):
    print(f"{what}: {found}", flush=True)


def run(book, code):
    for i in code:
        book.run_to_end(i, 300)
        failed = [output["evalue"] for output in book.outputs()[i] if output["output_type"] == "error"]
        assert not failed, failed


def shown(book):
    return book.text(FEATURIZE).strip()


with jupyterlab.jupyterlab(options) as url, jupyterlab.browser(options) as browser:
    book = jupyterlab.Notebook(browser, url, "job.ipynb", folder)
    run(book, [i for i in CODE if i < FEATURIZE])

    book.run(FEATURIZE)
    book.until(lambda: " images" in shown(book) and shown(book), 60, "a progress with images")
    moving = []
    for i in range(5):
        before = moving[-1] if moving else None
        since = time.monotonic()
        text = book.until(lambda last=before: shown(book) != last and shown(book), 10, "a line that moves")
        moving.append(text)
        say(f"progress {i + 1}", [text, f"{time.monotonic() - since:.1f} s"])
        book.screenshot(f"progress-{i + 1}")

    start = time.monotonic()
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("i")
    book.page.keyboard.press("i")
    book.until(lambda: book.status()[0] == "idle", 60, "an idle kernel")
    say("stop", f"{time.monotonic() - start:.1f} s")
    book.screenshot("stopped")
    run(book, [FEATURIZE])
    say("folded", shown(book))
    book.screenshot("done")

    book.run(FEATURIZE)
    book.until(lambda: " images" in shown(book), 60, "a progress with images")
    book.save()
    book.page.close()
    book = jupyterlab.Notebook(browser, url, "job.ipynb", folder)
    book.screenshot("returned")
    say("returned", shown(book))
    run(book, [i for i in CODE if i > FEATURIZE])
    book.screenshot("end")
    book.save()
    say("end", len(CODE))
