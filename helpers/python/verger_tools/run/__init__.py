"""The runner: a notebook headless, on this machine or behind a gateway, in the set-up's Python environment or a bundle's."""
