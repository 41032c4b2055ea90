"""Sets up what is missing, then hands over to the runner inside the set-up's own Python environment."""

import os
import sys
from pathlib import Path

import setup_steps

RUNNER = Path(__file__).with_name("run_notebook.py")


def main(arguments):
    only_set_up = arguments == ["--setup"]
    asks_for_help = not arguments or arguments[0] in ("-h", "--help")
    # The kernel of a gateway has a Java and a Spark of its own.
    elsewhere = any(argument.split("=")[0] == "--gateway" for argument in arguments)
    try:
        python = setup_steps.only_python() if asks_for_help or elsewhere else setup_steps.all_steps()
    except setup_steps.SetupError as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(f"Cannot write {error.filename}: the set-up belongs to whoever cloned the project; clone your own")
    if not only_set_up:
        os.execv(python, [str(python), str(RUNNER), *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
