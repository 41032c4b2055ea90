"""Starts the Java kernel for a gateway, and answers in its place when it cannot start.

A gateway shows of a kernel that ends while it starts nothing but that it is gone, so this process takes over the kernel's
ports: whoever opens or runs a notebook reads the kernel's own last words in the first cell.

    kernel_process.py CONNECTION_FILE     starts `launch`, which lies beside this file

    VERGER_LAUNCH      another launcher
    VERGER_BUSY_FILE   file whose time says that the machine is in use, touched each minute while the kernel lives;
                       default: EMR's, where there is one

Signals are the kernel's, and so is the exit code.
"""

import collections
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import IO, Any, Optional

BUSY_FILE_OF_EMR = Path("/emr/metricscollector/isbusy")
BUSY_SECONDS = float(os.environ.get("VERGER_BUSY_SECONDS", "60"))
LINES_KEPT = 40
DELIMITER = b"<IDS|MSG>"


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        sys.exit("kernel_process.py takes the connection file of a kernel, and nothing else")
    connection = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    kernel = Kernel(arguments[0], connection)
    code = kernel.run()
    if kernel.was_up or kernel.received:
        return code
    return LastWords(connection, code, kernel.lines()).serve()


class Kernel:
    """The kernel's process, from its start to its end."""

    def __init__(self, connection_file: str, connection: dict[str, Any]):
        launch = os.environ.get("VERGER_LAUNCH") or str(Path(__file__).resolve().with_name("launch"))
        self._address = (_reachable(connection["ip"]), connection["shell_port"])
        self._kept: collections.deque[str] = collections.deque(maxlen=LINES_KEPT)
        self._busy = BusyFile()
        self.was_up = False
        self.received: Optional[int] = None
        self._process: Optional[subprocess.Popen[bytes]] = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._pass_on)
        # The kernel ends with the process that is named there: with this one, which stands between it and the gateway.
        environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
        self._process = process = subprocess.Popen(["bash", launch, connection_file], stderr=subprocess.PIPE, env=environment)
        if self.received:  # while it started
            process.send_signal(self.received)
        self._wait = process.wait
        self._reader = threading.Thread(target=self._read, args=[process.stderr], daemon=True)
        self._reader.start()

    def run(self) -> int:
        """Waits for its end and returns the exit code, as a shell counts it."""
        while True:
            try:
                code = self._wait(timeout=5 if self.was_up else 0.2)
                break
            except subprocess.TimeoutExpired:
                self.was_up = self.was_up or self._answers()
                self._busy.touch()
        self._reader.join(timeout=2)  # what it said last; a process that it left behind may hold the pipe
        return code if code >= 0 else 128 - code

    def lines(self) -> list[str]:
        return list(self._kept)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(self._address, timeout=1):
                return True
        except OSError:
            return False

    def _read(self, stderr: IO[bytes]) -> None:
        for line in stderr:
            self._kept.append(line.decode("utf-8", "replace").rstrip())
            sys.stderr.buffer.write(line)
            sys.stderr.flush()

    def _pass_on(self, number: int, _frame: Optional[FrameType]) -> None:
        self.received = number
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)


class BusyFile:
    """EMR ends an idle cluster and does not see a kernel outside of YARN: a file's time tells it."""

    def __init__(self) -> None:
        named = os.environ.get("VERGER_BUSY_FILE")
        self._file = Path(named) if named else BUSY_FILE_OF_EMR if BUSY_FILE_OF_EMR.parent.is_dir() else None
        self._next = 0.0

    def touch(self) -> None:
        if self._file is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BUSY_SECONDS
        try:
            self._file.touch()
        except OSError as error:
            print(f"Cannot touch {self._file} ({error.strerror}): the cluster may count as idle while this kernel lives",
                  file=sys.stderr, flush=True)
            self._file = None


class LastWords:
    """A kernel that answers everything with the reason why the real one is not there."""

    def __init__(self, connection: dict[str, Any], code: int, lines: Sequence[str]):
        self._connection = connection
        self._code = code or 1
        self._session = uuid.uuid4().hex
        said = [line for line in lines if line.strip()]
        self._error = {
            "ename": "KernelCouldNotStart",
            "evalue": f"The Java kernel could not start (exit code {self._code}): {_gist(said)}",
            "traceback": [f"The Java kernel could not start (exit code {self._code}). What it said last:", *said],
        }
        print(self._error["evalue"], file=sys.stderr, flush=True)

    def serve(self) -> int:
        """Answers until a shutdown, a signal, or the end of the process that started this one; returns the exit code."""
        import zmq

        ended = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: ended.append(True))
        parent = os.getppid()
        context = zmq.Context()
        self._iopub = self._bind(context, zmq.PUB, "iopub")
        heart = self._bind(context, zmq.ROUTER, "hb")  # its echo is the same as REP's
        channels = [self._bind(context, zmq.ROUTER, name) for name in ("shell", "control")]
        poller = zmq.Poller()
        for channel in (heart, *channels):
            poller.register(channel, zmq.POLLIN)
        while not ended and os.getppid() == parent:
            for channel, _ in poller.poll(500):
                frames = channel.recv_multipart()
                if channel is heart:
                    heart.send_multipart(frames)
                elif self._answer(channel, frames) == "shutdown_request":
                    ended.append(True)
        context.destroy(linger=1000)
        return self._code

    def _bind(self, context: Any, kind: int, name: str) -> Any:
        channel = context.socket(kind)
        channel.bind(f"{self._connection['transport']}://{self._connection['ip']}:{self._connection[name + '_port']}")
        return channel

    def _answer(self, channel: Any, frames: list[bytes]) -> Optional[str]:
        """Answers one request and returns its type; None where it is not signed as it must be."""
        at = frames.index(DELIMITER)
        identities, (signature, *parts) = frames[:at], frames[at + 1:at + 6]
        if not hmac.compare_digest(signature, self._sign(parts)):
            return None
        request = json.loads(parts[0])
        kind = request["msg_type"]
        self._publish("status", {"execution_state": "busy"}, request)
        if kind == "execute_request" and not json.loads(parts[3]).get("silent"):
            self._publish("error", self._error, request)
        self._send(channel, identities, kind.replace("_request", "_reply"), self._reply(kind, json.loads(parts[3])), request)
        self._publish("status", {"execution_state": "idle"}, request)
        return kind

    def _reply(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        if kind == "kernel_info_request":
            return {"status": "ok", "protocol_version": "5.3", "implementation": "verger", "implementation_version": "0",
                    "language_info": {"name": "Java", "version": "17", "mimetype": "text/x-java-source",
                                      "file_extension": ".java"},
                    "banner": self._error["evalue"], "help_links": []}
        if kind == "shutdown_request":
            return {"status": "ok", "restart": bool(content.get("restart"))}
        if kind == "comm_info_request":
            return {"status": "ok", "comms": {}}
        if kind == "interrupt_request":
            return {"status": "ok"}
        return {"status": "error", "execution_count": 1, **self._error}

    def _publish(self, kind: str, content: dict[str, Any], request: dict[str, Any]) -> None:
        self._send(self._iopub, [kind.encode()], kind, content, request)

    def _send(self, channel: Any, identities: Sequence[bytes], kind: str, content: dict[str, Any], request: dict[str, Any]) -> None:
        header = {"msg_id": uuid.uuid4().hex, "session": self._session, "username": "kernel", "msg_type": kind,
                  "version": "5.3", "date": datetime.now(timezone.utc).isoformat()}
        parts = [json.dumps(part).encode() for part in (header, request, {}, content)]
        channel.send_multipart([*identities, DELIMITER, self._sign(parts), *parts])

    def _sign(self, parts: Sequence[bytes]) -> bytes:
        key = self._connection["key"].encode()
        if not key:
            return b""
        scheme = self._connection.get("signature_scheme", "hmac-sha256")
        return hmac.new(key, b"".join(parts), getattr(hashlib, scheme.split("-")[-1])).hexdigest().encode()


def _gist(lines: Sequence[str]) -> str:
    """The line that says most: the last one that is not a frame of a Java stack."""
    telling = [line for line in lines if not re.match(r"\s|\.\.\. \d+ more", line)]
    return telling[-1] if telling else "it said nothing"


def _reachable(ip: str) -> str:
    return "127.0.0.1" if ip in ("0.0.0.0", "*", "") else ip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
