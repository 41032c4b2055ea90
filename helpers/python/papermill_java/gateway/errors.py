"""The error of whoever asks something of a gateway."""

import click
from papermill.exceptions import PapermillException


class GatewayError(PapermillException, click.ClickException):
    """What a gateway refuses or cannot do; its message is one sentence.

    A ClickException too, so that papermill's command line prints it as its last line and exits with 1.
    """
