"""Runs a module of this folder, whatever folder the caller is in: `python helpers/python verger_tools.run fruits`."""

import runpy
import sys

if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
