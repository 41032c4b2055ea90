"""Sets up what is missing, then hands over to the runner inside the set-up's own Python environment."""

import os
import sys
from collections.abc import Sequence

from verger_tools.base.errors import Failure
from verger_tools.base.project import PYTHON
from verger_tools.setup import parts, weights


def main(arguments: Sequence[str]) -> None:
    only_set_up = arguments[:1] == ["--setup"]
    asks_for_help = not arguments or arguments[0] in ("-h", "--help")
    # What follows --setup are networks whose weights are wanted, too.  The kernel of a gateway has a Java and a Spark of its own.
    elsewhere = any(argument.split("=")[0] == "--gateway" for argument in arguments)
    try:
        if asks_for_help or elsewhere:
            python = parts.only_python()
        else:
            asked = [weights.of(name) for name in arguments[1:]] if only_set_up else weights.asked_for(arguments)
            python = parts.all_parts(asked)
    except Failure as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(f"Cannot write {error.filename}: the set-up belongs to whoever cloned the project; clone your own")
    if not only_set_up:
        os.execv(python, [str(python), str(PYTHON), "verger_tools.run", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
