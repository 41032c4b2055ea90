"""Where the gateway is and how to get in: every environment variable that this package reads stands here.

The names are those of jupyter_server's GatewayClient, so what is set for JupyterLab counts for papermill too.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional
from urllib.parse import SplitResult, unquote, urlsplit

from .errors import GatewayError

URL = "JUPYTER_GATEWAY_URL"
WS_URL = "JUPYTER_GATEWAY_WS_URL"  # default: the URL, with ws in place of http
KERNELS_ENDPOINT = "JUPYTER_GATEWAY_KERNELS_ENDPOINT"
KERNELSPECS_ENDPOINT = "JUPYTER_GATEWAY_KERNELSPECS_ENDPOINT"
AUTH_TOKEN = "JUPYTER_GATEWAY_AUTH_TOKEN"  # noqa: S105
AUTH_SCHEME = "JUPYTER_GATEWAY_AUTH_SCHEME"  # default: token; empty: the token alone
AUTH_HEADER_KEY = "JUPYTER_GATEWAY_AUTH_HEADER_KEY"  # default: Authorization
HTTP_USER = "JUPYTER_GATEWAY_HTTP_USER"
HTTP_PWD = "JUPYTER_GATEWAY_HTTP_PWD"
HEADERS = "JUPYTER_GATEWAY_HEADERS"  # more headers, as a JSON object
VALIDATE_CERT = "JUPYTER_GATEWAY_VALIDATE_CERT"  # "no" or "false" takes any certificate
CA_CERTS = "JUPYTER_GATEWAY_CA_CERTS"
CLIENT_CERT = "JUPYTER_GATEWAY_CLIENT_CERT"
CLIENT_KEY = "JUPYTER_GATEWAY_CLIENT_KEY"
CONNECT_TIMEOUT = "JUPYTER_GATEWAY_CONNECT_TIMEOUT"  # seconds; default: 10
REQUEST_TIMEOUT = "JUPYTER_GATEWAY_REQUEST_TIMEOUT"  # seconds, of all requests but the start of a kernel; default: 42
ALLOWED_ENVS = "JUPYTER_GATEWAY_ALLOWED_ENVS"  # names, with commas, of what is sent to the kernel beside KERNEL_*
ENV_WHITELIST = "JUPYTER_GATEWAY_ENV_WHITELIST"  # its older name
LAUNCH_TIMEOUT = "KERNEL_LAUNCH_TIMEOUT"  # seconds until a kernel must answer; the gateway is sent it as well; default: 300
KERNEL_PREFIX = "KERNEL_"  # KERNEL_USERNAME and whatever else a gateway's kernelspecs ask for

_DEFAULT_LAUNCH_TIMEOUT = 300
_DEFAULT_CONNECT_TIMEOUT = 10
_DEFAULT_REQUEST_TIMEOUT = 42


@dataclass(frozen=True)
class Settings:
    """What requests to one gateway have in common. Its repr shows no secret."""

    url: str
    ws_url: str
    kernels_endpoint: str
    kernelspecs_endpoint: str
    launch_timeout: float
    request_timeout: float
    kernel_env: Mapping[str, str] = field(repr=False)
    connection: Mapping[str, Any] = field(repr=False)  # arguments of a tornado HTTPRequest

    @classmethod
    def of(cls, url: Optional[str] = None, launch_timeout: Optional[float] = None, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Settings from the environment.

        :param url: in place of JUPYTER_GATEWAY_URL
        :param launch_timeout: seconds, in place of KERNEL_LAUNCH_TIMEOUT
        """
        url = url or environ.get(URL) or ""
        if not url:
            raise GatewayError(f"No gateway is named: give its URL in {URL}, such as http://host:8888.")
        parts = _split(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl().rstrip("/")
        if launch_timeout is None:
            launch_timeout = _seconds(environ, LAUNCH_TIMEOUT, _DEFAULT_LAUNCH_TIMEOUT)
        return cls(
            url=shown,
            ws_url=(environ.get(WS_URL) or "ws" + shown[len("http"):]).rstrip("/"),
            kernels_endpoint=environ.get(KERNELS_ENDPOINT, "/api/kernels"),
            kernelspecs_endpoint=environ.get(KERNELSPECS_ENDPOINT, "/api/kernelspecs"),
            launch_timeout=launch_timeout,
            request_timeout=_seconds(environ, REQUEST_TIMEOUT, _DEFAULT_REQUEST_TIMEOUT),
            kernel_env=_kernel_env(environ, launch_timeout),
            connection={
                "headers": _headers(environ),
                "connect_timeout": _seconds(environ, CONNECT_TIMEOUT, _DEFAULT_CONNECT_TIMEOUT),
                "validate_cert": environ.get(VALIDATE_CERT, "").lower() not in ("no", "false"),
                "ca_certs": _file(environ, CA_CERTS),
                "client_cert": _file(environ, CLIENT_CERT),
                "client_key": _file(environ, CLIENT_KEY),
                "auth_username": environ.get(HTTP_USER) or user or None,
                "auth_password": environ.get(HTTP_PWD) or password or None,
            },
        )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # a port that is no number
        pass
    shown = url.rpartition("@")[2]  # no password on the screen
    raise GatewayError(f"'{shown}' is no URL of a gateway: give http://host:port or https://host:port.")


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise GatewayError(f"{name} is '{text}': give a number of seconds above 0.")
    return seconds


def _file(environ: Mapping[str, str], name: str) -> Optional[str]:
    path = environ.get(name) or None
    if path and not os.path.isfile(path):
        raise GatewayError(f"{name} is '{path}', and there is no such file: name a PEM file.")
    return path


def _headers(environ: Mapping[str, str]) -> dict[str, str]:
    try:
        headers = json.loads(environ.get(HEADERS) or "{}")
    except ValueError:
        headers = None
    if not isinstance(headers, dict):
        raise GatewayError(f'{HEADERS} holds no JSON object: give headers as {{"name": "value"}}.')
    headers = {str(name): str(value) for name, value in headers.items()}
    token = environ.get(AUTH_TOKEN)
    if token:
        scheme = environ.get(AUTH_SCHEME, "token")
        headers[environ.get(AUTH_HEADER_KEY) or "Authorization"] = f"{scheme} {token}".strip()
    return headers


def _kernel_env(environ: Mapping[str, str], launch_timeout: float) -> dict[str, str]:
    """What the gateway is told of the kernel's environment."""
    allowed = (environ.get(ALLOWED_ENVS) or environ.get(ENV_WHITELIST) or "").split(",")
    env = {name: value for name, value in environ.items() if name.startswith(KERNEL_PREFIX) or name in allowed}
    if environ.get(HTTP_USER):
        env.setdefault("KERNEL_USERNAME", environ[HTTP_USER])
    env[LAUNCH_TIMEOUT] = f"{launch_timeout:g}"
    return env
