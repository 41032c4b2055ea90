"""Opens a notebook with a new kernel, runs its cells at once, and again after a reload."""

from pathlib import Path

import jupyterlab

options = jupyterlab.arguments()
folder = Path(options.folder)
jupyterlab.write_notebook(folder / "first.ipynb", options.kernel, "1 + 1", 'System.out.println("hello")')
with jupyterlab.jupyterlab(options) as url, jupyterlab.browser(options) as browser:
    notebook = jupyterlab.Notebook(browser, url, "first.ipynb", folder)
    notebook.run(0)
    notebook.run(1)
    notebook.until(lambda: "hello" in notebook.text(1), 180, "what the second cell prints")
    print(f"at once: {notebook.text(0)} {notebook.text(1)}", end="", flush=True)
    notebook.screenshot("first-try")
    notebook.load()
    notebook.run_to_end(0, 180)
    print(f"again: {notebook.text(0)}")
