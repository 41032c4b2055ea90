"""Starts a kernel through a gateway's REST API, has it add 1 + 1, and deletes it.

Run by the Python of the gateway's environment, whose tornado it uses. Exit code 0: the kernel works; otherwise the last line
says what does not; 3: the gateway could not be asked.

    try_kernel.py --url http://localhost:9547 --kernel verger --user emr-notebook

EG_AUTH_TOKEN is the gateway's token, if it wants one.
"""

import argparse
import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClosedError, websocket_connect

CONNECTION_SECONDS = 90  # the gateway opens it when the kernel answers, or after a minute


class Failure(Exception):
    """What does not work, in a sentence; the details before it."""


class NotAsked(Failure):
    """Why nothing is known of the kernel."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True, help="of the gateway, or several with blanks between: the first that answers counts")
    parser.add_argument("--kernel", action="append", required=True, help="name; the first one is started, all must be listed")
    parser.add_argument("--user", default="", help="in whose name the kernel starts")
    parser.add_argument("--wait", type=float, default=60, help="seconds until the gateway must answer")
    parser.add_argument("--timeout", type=float, default=180, help="seconds until the kernel must have answered")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(check(options))
    except NotAsked as why:
        print(why, file=sys.stderr)
        sys.exit(3)
    except Failure as failure:
        sys.exit(str(failure))


async def check(options: argparse.Namespace) -> None:
    start = time.monotonic()
    gateway = await Gateway.found(options.url.split(), options.wait)
    listed = (await gateway.get("/api/kernelspecs"))["kernelspecs"]
    for name in options.kernel:
        if name not in listed:
            raise Failure(f"The gateway at {gateway.url} does not list the kernel {name}: it lists {', '.join(sorted(listed)) or 'none'}")
    kernel = options.kernel[0]
    started = await gateway.start(kernel, options)
    try:
        result = await asyncio.wait_for(gateway.evaluate(started["id"], "1 + 1"), options.timeout)
    except asyncio.TimeoutError:
        raise Failure(f"The kernel {kernel} did not answer within {options.timeout:.0f} s: the gateway's log says more") from None
    except WebSocketClosedError:
        raise Failure(f"The gateway closed the connection to the kernel {kernel}: its log says more") from None
    finally:
        await gateway.delete(started["id"])
    if result != "2":
        raise Failure(f"The kernel {kernel} says that 1 + 1 is {result}")
    print(f"Kernels {', '.join(options.kernel)} are listed by the gateway at {gateway.url}; "
          f"{kernel} started and found 1 + 1 = 2, in {time.monotonic() - start:.0f} s")


class Gateway:
    """An Enterprise Gateway on this machine: its certificate, if it has one, names another host."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        token = os.environ.get("EG_AUTH_TOKEN")
        self._headers = {"Authorization": f"token {token}"} if token else {}

    @classmethod
    async def found(cls, urls: Sequence[str], seconds: float) -> "Gateway":
        end = time.monotonic() + seconds
        while True:
            for url in urls:
                gateway = cls(url)
                try:
                    await gateway.get("/api")
                    return gateway
                except HTTPClientError as error:
                    if error.code in (401, 403):
                        raise NotAsked(f"The gateway at {url} wants a token: set EG_AUTH_TOKEN") from None
                except OSError:
                    pass
                except ValueError:  # an answer, but no gateway's
                    pass
            if time.monotonic() > end:
                raise NotAsked(f"No gateway answered within {seconds:.0f} s at {', '.join(urls)}: set --gateway-url, "
                              "and look whether its service runs")
            await asyncio.sleep(1)

    def request(self, path: str, **more: Any) -> HTTPRequest:
        return HTTPRequest(self.url + path, headers=self._headers, validate_cert=False, connect_timeout=5, **more)

    async def get(self, path: str) -> Any:
        return json.loads((await AsyncHTTPClient().fetch(self.request(path))).body)

    async def start(self, kernel: str, options: argparse.Namespace) -> dict[str, Any]:
        body = json.dumps({"name": kernel, "env": {"KERNEL_USERNAME": options.user} if options.user else {}})
        try:
            answer = await AsyncHTTPClient().fetch(self.request("/api/kernels", method="POST", body=body,
                                                                request_timeout=options.timeout))
        except HTTPClientError as error:
            said = error.response.body.decode("utf-8", "replace") if error.response else str(error)
            try:
                said = json.loads(said).get("reason") or json.loads(said).get("message") or said
            except ValueError:
                pass
            raise Failure(f"The gateway could not start the kernel {kernel}: {said}") from None
        return json.loads(answer.body)

    async def evaluate(self, kernel_id: str, code: str) -> str:
        """The text of an expression's value; the kernel's own words where it has none."""
        url = f"/api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}"
        request = self.request(url, request_timeout=CONNECTION_SECONDS)
        request.url = request.url.replace("http", "ws", 1)
        try:
            socket = await websocket_connect(request)
        except HTTPClientError as error:
            raise Failure(f"The gateway opens no connection to the kernel: {error.code} {error.message}: its log says more") from None
        try:
            asked = await self._ask(socket, code)
            while True:
                text = await socket.read_message()
                if text is None:
                    raise WebSocketClosedError
                message = json.loads(text)
                if message["parent_header"].get("msg_id") == asked:
                    if message["msg_type"] == "execute_result":
                        return message["content"]["data"]["text/plain"]
                    if message["msg_type"] == "error":
                        raise Failure("\n".join([*message["content"]["traceback"], message["content"]["evalue"]]))
                elif message["msg_type"] == "status" and message["content"]["execution_state"] in ("dead", "restarting"):
                    raise Failure("The kernel died while it started: the gateway's log says more")
        finally:
            socket.close()

    @staticmethod
    async def _ask(socket: Any, code: str) -> str:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex, "version": "5.3"}
        await socket.write_message(json.dumps({
            "header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}}))
        return header["msg_id"]

    async def delete(self, kernel_id: str) -> None:
        try:
            await AsyncHTTPClient().fetch(self.request(f"/api/kernels/{kernel_id}", method="DELETE", request_timeout=60))
        except (HTTPClientError, OSError):
            pass  # gone already


if __name__ == "__main__":
    main(sys.argv[1:])
