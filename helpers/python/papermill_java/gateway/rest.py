"""The gateway's HTTP interface: kernels are listed, started, asked for and deleted."""

import errno
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from .errors import GatewayError
from .settings import AUTH_TOKEN, CA_CERTS, CONNECT_TIMEOUT, REQUEST_TIMEOUT, Settings


class Unreachable(GatewayError):
    """No answer came at all."""

    def __init__(self, message: str, refused: bool):
        super().__init__(message)
        self.refused = refused  # nobody listens there; otherwise it may only be slow


@dataclass(frozen=True)
class Answer:
    """A status and what came with it: JSON, or None if it was none."""

    code: int
    reason: str
    content: Any

    @property
    def words(self) -> str:
        """Why, in the gateway's own words."""
        said = self.content if isinstance(self.content, dict) else {}
        # A gateway gives a reason of its own, or HTTP's name of the status; a message, or nothing; a traceback of its fault.
        trace = (str(said.get("traceback") or "").strip().splitlines() or [""])[-1]
        parts = [str(said.get(key) or "").strip() for key in ("reason", "message")] + [trace]
        distinct = list(dict.fromkeys(part for part in parts if part and part != "Unknown server error"))
        return f"{self.code} {': '.join(distinct) or self.reason}".rstrip(".!")


class Gateway:
    """One gateway; to be made and used in one event loop."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._http = AsyncHTTPClient(force_instance=True)

    def close(self) -> None:
        self._http.close()

    async def kernels(self) -> list[str]:
        """The names of the kernels that it can start."""
        answer = await self._ask("GET", self.settings.kernelspecs_endpoint)
        specs = answer.content.get("kernelspecs") if isinstance(answer.content, dict) else None
        if answer.code in (401, 403):
            self._refuse(answer)
        if answer.code != 200 or not isinstance(specs, dict):
            raise GatewayError(
                f"There is no Enterprise Gateway at {self.settings.url}: "
                f"{self.settings.kernelspecs_endpoint} answers {answer.words}."
            )
        return sorted(specs)

    async def start(self, kernel: str, env: dict[str, str], timeout: float) -> str:
        """Starts a kernel and returns its id. The gateway may have launched a process only: it need not answer yet."""
        answer = await self._ask("POST", self.settings.kernels_endpoint, {"name": kernel, "env": env}, timeout)
        if answer.code in (401, 403):
            self._refuse(answer)
        if answer.code not in (200, 201) or not isinstance(answer.content, dict) or "id" not in answer.content:
            raise GatewayError(f"The gateway {self.settings.url} cannot start the kernel {kernel}: {answer.words}.")
        return answer.content["id"]

    async def state(self, kernel_id: str, timeout: Optional[float] = None) -> Optional[str]:
        """The kernel's state, such as `idle`; None if the gateway has no such kernel (any more)."""
        answer = await self._ask("GET", self._path(kernel_id), timeout=timeout)
        if answer.code == 404:
            return None
        if answer.code != 200 or not isinstance(answer.content, dict):  # a proxy's 502, while the gateway restarts
            raise Unreachable(f"The gateway {self.settings.url} answers {answer.words}.", refused=False)
        return str(answer.content.get("execution_state"))

    async def delete(self, kernel_id: str, timeout: Optional[float] = None) -> bool:
        """Ends a kernel; False if there was none."""
        answer = await self._ask("DELETE", self._path(kernel_id), timeout=timeout)
        if answer.code not in (200, 204, 404):
            raise GatewayError(f"The gateway {self.settings.url} cannot delete its kernel {kernel_id}: {answer.words}.")
        return answer.code != 404

    async def interrupt(self, kernel_id: str) -> None:
        await self._ask("POST", f"{self._path(kernel_id)}/interrupt", {})

    def _path(self, kernel_id: str) -> str:
        return f"{self.settings.kernels_endpoint}/{quote(kernel_id)}"

    async def _ask(self, method: str, path: str, body: Any = None, timeout: Optional[float] = None) -> Answer:
        timeout = timeout or self.settings.request_timeout
        connection = dict(self.settings.connection)
        connection["connect_timeout"] = min(timeout, connection["connect_timeout"])
        connection["headers"] = {**connection["headers"], "Content-Type": "application/json"}
        request = HTTPRequest(
            self.settings.url + path,
            method,
            body=None if body is None else json.dumps(body),
            request_timeout=timeout,
            follow_redirects=False,  # to a login page, say; a POST would become a GET
            **connection,
        )
        try:
            response = await self._http.fetch(request, raise_error=False)
        except (OSError, HTTPTimeoutError, HTTPStreamClosedError) as error:
            raise unreachable(self.settings, error) from error
        try:
            content = json.loads(response.body or b"null")
        except ValueError:
            content = None
        return Answer(response.code, response.reason, content)

    def _refuse(self, answer: Answer) -> None:
        hint = f": set {AUTH_TOKEN}" if answer.code == 401 else ""
        raise GatewayError(f"The gateway {self.settings.url} refuses: {answer.words}{hint}.")


def unreachable(settings: Settings, error: Exception) -> Unreachable:
    """Why no connection came about or lasted, and what to do."""
    refused = isinstance(error, (ConnectionError, HTTPStreamClosedError))
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate is not valid here ({error.verify_message}): name the CA's in {CA_CERTS}"
    elif isinstance(error, ssl.SSLError):
        why = "it speaks no HTTPS: give its URL with http://"
    elif isinstance(error, socket.gaierror):
        why = "no such host: check its URL"
    elif isinstance(error, HTTPTimeoutError):
        why = f"no answer in time: check its URL and the network, or raise {CONNECT_TIMEOUT} or {REQUEST_TIMEOUT}"
    elif isinstance(error, ConnectionRefusedError):
        why = "connection refused: check its URL, and that it runs"
    elif refused:
        why = "it closed the connection: check its URL, http:// or https:// above all"
    else:
        number = error.errno if isinstance(error, OSError) else None
        said = (error.strerror if isinstance(error, OSError) else None) or errno.errorcode.get(number or 0, str(error))
        why = f"{said}: check its URL and the network"
    return Unreachable(f"The gateway {settings.url} cannot be reached: {why}.", refused)
