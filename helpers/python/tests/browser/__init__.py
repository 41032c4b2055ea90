"""JupyterLab in a real browser: Debian's chromium, driven by Playwright in an environment of its own."""
