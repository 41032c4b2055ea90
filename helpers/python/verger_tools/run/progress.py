"""How far a cell is, which the kernel says in a display that it renews: one line on a terminal, a line now and then in a log.

The executed notebook gets the sentence that is left of it, and never the line.
"""

import shutil
import time
from typing import Any, Optional, TextIO

from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from tqdm.auto import tqdm

from papermill_java.gateway import GatewayEngine

DISPLAY = "verger-progress-"  # begins the ids of these displays, as the kernel has it
SECONDS_BETWEEN_LINES = 10  # of a log
# Until the kernel must answer. papermill's 60 are too few where much else runs, and one that dies is seen at once.
START_SECONDS = 300


class Line:
    """Where a person looks: a terminal's line is written anew, below the bar of the cells; a log gets one every ten seconds."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._bar: Optional[Any] = None
        self._next = 0.0

    def begin(self) -> None:
        self._next = time.monotonic() + SECONDS_BETWEEN_LINES

    def show(self, text: str) -> None:
        if self._stream.isatty():
            if self._bar is None:
                self._bar = tqdm(total=0, position=1, leave=False, bar_format="{desc}", file=self._stream)
            self._bar.set_description_str(text[: shutil.get_terminal_size().columns - 1])
        elif time.monotonic() >= self._next:
            tqdm.write(text, file=self._stream)
            self._next = time.monotonic() + SECONDS_BETWEEN_LINES

    def end(self, text: Optional[str]) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        if text:
            tqdm.write(text, file=self._stream)


class ProgressClient(PapermillNotebookClient):
    """papermill's client, which knows this display among the others."""

    def __init__(self, *arguments: Any, line: Line, **options: Any):
        super().__init__(*arguments, **options)
        self._line = line
        self._shown: Optional[dict[str, Any]] = None  # what the display has now, by MIME type
        self._place = 0  # among the outputs of its cell

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        content = msg["content"]
        if str((content.get("transient") or {}).get("display_id")).startswith(DISPLAY):
            self._show(msg["msg_type"], content["data"], cell)
            return None
        if msg["msg_type"] == "clear_output":
            self._shown, self._place = None, 0
        if msg["msg_type"] == "status" and content["execution_state"] == "idle":
            self._end(cell)
        return super().process_message(msg, cell, cell_index)

    def _show(self, kind: str, data: dict[str, Any], cell: Any) -> None:
        if kind == "display_data":
            self._line.begin()
            self._place = len(cell.outputs)
        self._shown = data
        if "text/plain" in data:
            self._line.show("".join(data["text/plain"]))

    def _end(self, cell: Any) -> None:
        """The cell is done: what the display has now is the sentence, or nothing."""
        sentence = "".join((self._shown or {}).get("text/plain", ""))
        self._line.end(sentence)
        if sentence:
            cell.outputs.insert(self._place, new_output("display_data", data=self._shown))
        self._shown = None


class ProgressEngine(NBClientEngine):
    """papermill's own engine with this client, which papermill lets nobody name."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Runs the notebook.

        :param options: those of papermill's engine; and `progress_file`, where the line goes
        """
        line = Line(options.pop("progress_file"))
        options.pop("input_path", None)  # for other engines
        timeouts = {"startup_timeout": options.pop("start_timeout", START_SECONDS), "timeout": options.pop("execution_timeout", None)}
        try:
            return ProgressClient(nb_man, line=line, kernel_name=kernel_name, log=logger, **timeouts, **options).execute()
        finally:
            line.end(None)


class GatewayProgressEngine(GatewayEngine, ProgressEngine):
    """The same on a kernel of a gateway, which hands on to the class beside it."""


_HERE, _THERE = "verger", "verger_gateway"
papermill_engines.register(_HERE, ProgressEngine)
papermill_engines.register(_THERE, GatewayProgressEngine)


def engine(gateway: Optional[str], stream: TextIO) -> dict[str, Any]:
    """What papermill is told to run a notebook with this line.

    :param gateway: its URL; None for a kernel of this machine
    :param stream: where the line goes
    """
    where = {"engine_name": _THERE, "gateway_url": gateway} if gateway else {"engine_name": _HERE, "start_timeout": START_SECONDS}
    return {**where, "progress_file": stream}
