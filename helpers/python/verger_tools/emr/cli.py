"""What all commands have in common: how they read their words and how they end."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn, Optional

from botocore.exceptions import BotoCoreError, ClientError

from verger_tools.base.errors import Failure

from .aws import EU_REGIONS, explain, regions


class _Formatter(argparse.HelpFormatter):
    """Shows the defaults that say something."""

    def _get_help_string(self, action: argparse.Action) -> Optional[str]:
        tells = action.option_strings and isinstance(action.default, (str, int)) and not isinstance(action.default, bool)
        return f"{action.help}; default: %(default)s" if tells and action.default != argparse.SUPPRESS else action.help


def parser(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"helpers/emr/{name}", description=description, formatter_class=_Formatter)


def cluster_id(text: str) -> str:
    """What a command line names a cluster by."""
    if not re.fullmatch(r"j-[A-Z0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text} is not the id of a cluster, which looks like j-2AXXXXXXGAPLF")
    return text


def add_regions(to: argparse.ArgumentParser) -> None:
    to.add_argument("--region", help="region; default: AWS_REGION, or the profile's")
    to.add_argument("--allowed-regions", type=regions, default=list(EU_REGIONS), metavar="A,B",
                    help=f"regions that may be used; default: those of the EU, {', '.join(EU_REGIONS)}")


def main(command: Callable[[Sequence[str]], int]) -> NoReturn:
    """Runs a command and ends the process with its exit code: 2 for what the user can put right, 130 for Ctrl-C."""
    try:
        code = command(sys.argv[1:])
    except Failure as failure:
        print(failure, file=sys.stderr)
        code = 2
    except (BotoCoreError, ClientError) as error:
        print(explain(error), file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        print("\nInterrupted", file=sys.stderr)
        code = 130
    sys.exit(code)
