"""JupyterLab and a page of it, for scripts that Playwright's Python runs: this file wants nothing of the project."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden) "


def arguments(*more):
    parser = argparse.ArgumentParser()
    for name in ("chromium", "folder", *more):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--gateway")
    parser.add_argument("--kernel", default="verger")
    return parser.parse_args()


def write_notebook(file, kernel, *cells):
    content = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": kernel, "language": "java", "display_name": kernel}},
        "cells": [{"id": f"cell{i}", "cell_type": "code", "source": code, "metadata": {}, "outputs": [], "execution_count": None}
                  for i, code in enumerate(cells)],
    }  # fmt: skip
    file.write_text(json.dumps(content))


@contextmanager
def jupyterlab(options):
    """Starts it as the box's `start` says, on the notebooks in the folder; gives its URL."""
    folder = Path(options.folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER{name}": str(folder / "own" / name.lower())
           for name in ("_CONFIG_DIR", "_DATA_DIR", "_RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")}  # fmt: skip
    command = [Path(sys.executable).with_name("jupyter"), "lab", "--no-browser", "--allow-root", f"--port={port}",
               "--IdentityProvider.token=", "--expose-app-in-browser",
               *([f"--gateway-url={options.gateway}"] if options.gateway else []), str(folder)]  # fmt: skip
    news = folder / "own/lab_settings_dir/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    news.parent.mkdir(parents=True, exist_ok=True)
    news.write_text('{"fetchNews": "false"}')
    log = folder / "jupyterlab.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def browser(options):
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        yield running
        running.close()


class Notebook:
    """A notebook that is open in a page."""

    def __init__(self, running, url, name, folder):
        self.page = running.new_page(viewport={"width": 1280, "height": 1000})
        self.page.set_default_timeout(180_000)  # a busy machine
        self._folder, self._name = Path(folder), name
        self._address = f"{url}/lab/workspaces/{Path(name).stem}/tree/{name}"  # each its own: they share no tabs
        self.load()

    def load(self):
        """Loads the page, which has the notebook's name in its address: JupyterLab takes it away, and saves its tabs after a while."""
        self.page.goto(self._address)
        self.await_kernel()

    def await_kernel(self, seconds=180):
        """Until JupyterLab has a kernel for it, which need not have started: before, it forgets what one types."""
        self.page.wait_for_selector(SHOWN + ".jp-CodeCell", timeout=seconds * 1000)
        self.until(lambda: self._ask(f"w?.context?.path === '{self._name}' && w.sessionContext.session?.kernel?.id"), seconds, "a kernel")
        self.page.wait_for_timeout(500)

    def _ask(self, expression):
        return self.page.evaluate(f"() => {{const w = window.jupyterapp.shell.currentWidget; return {expression};}}")

    def until(self, found, seconds, what):
        """Waits for something of the page; returns it."""
        end = time.monotonic() + seconds
        while True:
            answer = found()
            if answer:
                return answer
            if time.monotonic() > end:
                self.screenshot("failed")
                raise AssertionError(f"{seconds} s without {what}; the kernel is {self.status()}: {self.outputs()}"[:4000])
            self.page.wait_for_timeout(200)

    def status(self):
        return self._ask("[w.sessionContext.session?.kernel?.status, w.sessionContext.session?.kernel?.connectionStatus]")

    def outputs(self):
        """Of every code cell its outputs, as in the file."""
        return self._ask("Array.from(w.content.model.cells).map(c => c.outputs ? c.outputs.toJSON() : null)")

    def counts(self):
        """Of every cell its number; None while it runs or has not run."""
        return self._ask("Array.from(w.content.model.cells).map(c => c.executionCount ?? null)")

    def text(self, cell):
        """All that a cell shows as text."""
        parts = []
        for output in self.outputs()[cell] or []:
            content = output.get("text") or output.get("data", {}).get("text/plain") or output.get("traceback") or ""
            parts.append("".join(content) if isinstance(content, list) else content)
        return "".join(parts)

    def select(self, cell):
        self._ask(f"(w.content.activeCellIndex = {cell}, w.content.scrollToItem({cell}), w.content.mode = 'command')")

    def run(self, cell):
        """Types Ctrl-Enter in a cell."""
        self.select(cell)
        self.page.locator(SHOWN + ".jp-Cell.jp-mod-active .jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def drop_connection(self):
        """Ends the page's connection to the kernel for some seconds, as a network does."""
        self._ask("w.sessionContext.session.kernel._ws.close()")

    def edit(self, cell):
        """Puts the cursor at the end of a cell."""
        self.select(cell)
        self.page.locator(SHOWN + ".jp-Cell.jp-mod-active .cm-content").click()
        self.page.keyboard.press("Control+End")

    def write(self, cell, code):
        """Types code in place of what is in a cell, so that no bracket is closed by JupyterLab."""
        self.edit(cell)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)

    def save(self):
        """Saves, and waits until it is saved."""
        self._ask("w.context.save()")

    def source(self, cell):
        return self._ask(f"w.content.model.cells.get({cell}).sharedModel.getSource()")

    def run_to_end(self, cell, seconds=120):
        before = self.counts()[cell]
        self.run(cell)
        self.until(lambda: self.counts()[cell] not in (None, before), seconds, f"an end of cell {cell}")

    def screenshot(self, name):
        self.page.screenshot(path=self._folder / f"{name}.png")
