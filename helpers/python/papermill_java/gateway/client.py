"""The kernel's channels, through one WebSocket to the gateway."""

import asyncio
import json
import queue
import time
import uuid
from datetime import datetime
from typing import Any, Optional
from urllib.parse import quote

from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import HTTPTimeoutError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from .errors import GatewayError
from .rest import Gateway, Unreachable, unreachable

_LARGEST_MESSAGE = 1 << 30  # a cell may show many pictures
_SECONDS_BETWEEN_LOOKS = 5  # the gateway logs each
_SECONDS_FOR_A_LOOK = 5
_SECONDS_BETWEEN_PINGS = 20
# A gateway that only is busy, or a network that stumbles, gets more time than a port where nobody listens.
_SECONDS_UNANSWERED = 60
_SECONDS_REFUSED = 4
# To delete a kernel while the gateway replaces it would leave the new one there, and nobody who knows it.
_SECONDS_TO_RESTART = 5
_SECONDS_TO_REPLACE = 0.5

_LOST = "all that the notebook's cells had made is lost."


def _date(value: datetime) -> str:
    return value.isoformat()


class Channel:
    """Messages of one kind, as they came."""

    def __init__(self, client: "KernelClient"):
        self._client = client
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def put(self, message: dict[str, Any]) -> None:
        self._messages.put_nowait(message)

    async def get_msg(self, timeout: Optional[float] = None) -> dict[str, Any]:
        """The next message.

        :raises queue.Empty: none came within `timeout` seconds
        """
        await self._client.send_pending()
        try:
            return await asyncio.wait_for(self._messages.get(), timeout)
        except asyncio.TimeoutError:
            raise queue.Empty from None


class KernelClient:
    """What nbclient asks of a kernel's client. To be made and used in one event loop.

    `lost` says why there is no kernel behind it any more, as soon as that is known.
    """

    allow_stdin = False

    def __init__(self, gateway: Gateway, kernel_name: str, kernel_id: str):
        self._gateway = gateway
        self._kernel = kernel_name
        self._id = kernel_id
        self._session = Session(username=gateway.settings.kernel_env.get("KERNEL_USERNAME", ""))
        self._socket: Optional[WebSocketClientConnection] = None
        self._closed = False
        self._pending: list[dict[str, Any]] = []
        self._next_look = 0.0
        self._died = False
        self._shut_down_since: Optional[float] = None
        self._unanswered_since: Optional[float] = None
        self.lost: Optional[Exception] = None
        self.shell_channel = Channel(self)
        self.iopub_channel = Channel(self)
        self.control_channel = Channel(self)
        self.stdin_channel = Channel(self)
        self._channels = {
            "shell": self.shell_channel,
            "iopub": self.iopub_channel,
            "control": self.control_channel,
            "stdin": self.stdin_channel,
        }

    async def connect(self) -> None:
        """Opens the WebSocket; the gateway answers when the kernel does, or after a minute."""
        settings = self._gateway.settings
        # The id of a session, else the gateway warns.
        url = f"{settings.ws_url}{settings.kernels_endpoint}/{quote(self._id)}/channels?session_id={uuid.uuid4()}"
        request = HTTPRequest(url, request_timeout=settings.launch_timeout + 60, **settings.connection)
        try:
            self._socket = await websocket_connect(
                request, on_message_callback=self._receive, max_message_size=_LARGEST_MESSAGE,
                # A network on the way may drop the connection without a word to either side.
                ping_interval=_SECONDS_BETWEEN_PINGS, ping_timeout=_SECONDS_BETWEEN_PINGS,
            )
        except HTTPClientError as error:
            if isinstance(error, HTTPTimeoutError):
                raise unreachable(settings, error) from error
            raise GatewayError(
                f"The gateway {settings.url} opens no WebSocket to its kernel {self._kernel}: {error.code} {error.message}."
            ) from error
        except OSError as error:
            raise unreachable(settings, error) from error

    def stop_channels(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def start_channels(self) -> None:
        """Nothing: a kernel hands out its client when it is connected."""

    def wait_for_ready(self, timeout: Optional[float] = None) -> None:
        """Nothing, likewise."""

    def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True, **_: Any) -> str:
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        return self._send("execute_request", content)

    def kernel_info(self) -> str:
        return self._send("kernel_info_request", {})

    async def send_pending(self) -> None:
        """Sends what was asked for: papermill asks outside of the event loop too."""
        while self._pending and self._socket is not None:
            message = self._pending.pop(0)
            try:
                await self._socket.write_message(json.dumps(message, default=_date))
            except WebSocketClosedError:
                self._closed = True

    async def is_alive(self) -> bool:
        """Whether there still is the kernel that was started. nbclient asks every second, and this asks the gateway."""
        suspect = self._closed or self._died or self._shut_down_since
        if self.lost is None and (suspect or time.monotonic() >= self._next_look):
            self.lost = await self._look()
            self._next_look = time.monotonic() + _SECONDS_BETWEEN_LOOKS
        return self.lost is None

    async def settle(self) -> None:
        """Returns when the gateway has replaced a kernel that died or that somebody restarts."""
        if self._died:
            await asyncio.sleep(_SECONDS_TO_REPLACE)
        elif self._shut_down_since:
            await asyncio.sleep(max(0, self._shut_down_since + _SECONDS_TO_RESTART - time.monotonic()))
            self.lost = self.lost or await self._look()

    async def _look(self) -> Optional[Exception]:
        """What is wrong, by the gateway's HTTP interface."""
        kernel = f"the kernel {self._kernel} of the gateway {self._gateway.settings.url}"
        try:
            state = await self._gateway.state(self._id, _SECONDS_FOR_A_LOOK)
        except Unreachable as error:
            return self._unanswered(error)
        self._unanswered_since = None
        if self._died or state is None or state == "dead":
            return DeadKernelError(f"T{kernel[1:]} died or was deleted, and the gateway's log says more: {_LOST}")
        if self._shut_down_since and time.monotonic() > self._shut_down_since + _SECONDS_TO_RESTART:
            return DeadKernelError(f"Somebody restarted {kernel}: {_LOST}")
        if self._closed:
            said = (self._socket.close_code, self._socket.close_reason) if self._socket else ()
            why = " ".join(str(part) for part in said if part)
            return GatewayError(f"The connection to {kernel} was closed{f' ({why})' if why else ''}: {_LOST}")
        return None

    def _unanswered(self, error: Unreachable) -> Optional[Exception]:
        now = time.monotonic()
        self._unanswered_since = self._unanswered_since or now
        patience = _SECONDS_UNANSWERED if not error.refused else 0 if self._closed else _SECONDS_REFUSED
        if now - self._unanswered_since < patience:
            return None
        return GatewayError(f"The gateway went away in the middle of the notebook, with its kernels: {error}")

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        message = self._session.msg(kind, content)
        self._pending.append({**message, "channel": "shell", "buffers": []})
        return message["header"]["msg_id"]

    def _receive(self, text: Any) -> None:
        if text is None:
            self._closed = True
        elif isinstance(text, str):  # in bytes come buffers of widgets, which Java has not
            message = json.loads(text)
            channel = message.pop("channel", None)
            if channel == "iopub" and message["msg_type"] == "status":
                self._note(message["content"].get("execution_state"), message.get("parent_header") or {})
            if channel in self._channels:
                self._channels[channel].put(message)

    def _note(self, state: Any, parent: dict[str, Any]) -> None:
        """A gateway replaces a kernel that died by an empty one, and says so in a message that answers nothing.

        Of a restart or an end that somebody asked for it says nothing: then the kernel says what it works on last.
        """
        if parent.get("msg_type") == "shutdown_request":
            self._shut_down_since = self._shut_down_since or time.monotonic()
        elif not parent.get("msg_id") and state in ("restarting", "dead"):
            self._died = True
