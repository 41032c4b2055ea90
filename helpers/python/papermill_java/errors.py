"""The one error a caller of this package meets."""

import click
from papermill.exceptions import PapermillException


class ParameterError(PapermillException, click.ClickException):
    """A parameter that cannot be passed; its message is one sentence for the person who typed it.

    A PapermillException for callers of papermill's Python API. A ClickException too, so that papermill's command line prints
    `Error: <message>` as its last line and exits with 1, instead of a traceback.
    """
