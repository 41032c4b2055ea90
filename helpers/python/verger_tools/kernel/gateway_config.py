"""Lets JupyterLab 4 reach a kernel that is still starting through Enterprise Gateway 2.6 or 3.3: a configuration of the gateway.

JupyterLab opens the WebSocket of a kernel twice with one session: Chromium refuses the first, since JupyterLab's server does not
answer the protocol that it offers, and that server never closes it towards the gateway. The gateway keeps the first waiting for the
kernel, and the second for the end of the first, which does not come; after 40 s JupyterLab tries again, and gets the channels of a
connection that never had any: KeyError 'iopub'. Here whoever comes again with the same session takes the place of the earlier one
at once, and gets its channels if it had any.

It is done to jupyter_server 1, on which these gateways run; another version is left as it is.
"""

import asyncio
from typing import Any

import jupyter_server
from jupyter_server.services.kernels.handlers import ZMQChannelsHandler


def mend(handler: Any) -> None:
    """Changes the class that answers `/api/kernels/…/channels`."""
    register, opened, closed = handler._register_session, handler.open, handler.on_close

    async def _register_session(self: Any) -> None:
        earlier = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        if earlier:
            earlier.on_connection_close()
            connected = getattr(earlier, "connected", None)
            if connected:
                await asyncio.wait([connected])  # half a second at most; after it the earlier one leaves the channels alone
        await register(self)

    def open_channels(self: Any, kernel_id: str) -> Any:
        if self._close_future.done():  # it waited for the kernel, and another one came meanwhile
            return self.ws_connection.close()
        self.connected = opened(self, kernel_id)  # done when the kernel has answered on these channels
        return self.connected

    def on_close(self: Any) -> None:
        connected = getattr(self, "connected", None)
        if connected is None:
            if self._open_sessions.get(self.session_key) is self:
                del self._open_sessions[self.session_key]
            if not self._close_future.done():
                self._close_future.set_result(None)
            return
        closed(self)
        if not connected.done():
            self.channels = {}  # they are the next one's

    handler._register_session, handler.open, handler.on_close = _register_session, open_channels, on_close


if jupyter_server.__version__.startswith("1."):
    mend(ZMQChannelsHandler)
