"""A kernel of a gateway, from its start to its end."""

import asyncio
import queue
import time
from collections.abc import Awaitable
from typing import Any, Optional, TypeVar

from papermill.log import logger

from .client import KernelClient
from .errors import GatewayError
from .rest import Gateway, Unreachable
from .settings import LAUNCH_TIMEOUT, Settings

T = TypeVar("T")

_SECONDS_FOR_A_REPLY = 5
_PAD = 30  # a gateway that gives up after KERNEL_LAUNCH_TIMEOUT shall be the first to say so
_SECONDS_TO_END = 30
_SECONDS_TO_END_LOST = 3  # a run whose kernel died shall tell of it soon
_PROGRESS = (10, 30, 60)  # seconds after which a line says that we still wait; then every minute


class GatewayKernel:
    """What nbclient asks of a kernel manager. Made anywhere, used in one event loop."""

    def __init__(self, settings: Settings, name: str):
        self.settings = settings
        self.kernel_name = name
        self.kernel_id: Optional[str] = None
        self._gateway: Optional[Gateway] = None
        self._client: Optional[KernelClient] = None
        self._launch: Optional[asyncio.Future[str]] = None
        self._started_at = 0.0

    @property
    def has_kernel(self) -> bool:
        return self._client is not None

    @property
    def lost(self) -> Optional[Exception]:
        """Why the kernel is gone, if it is."""
        return self._client.lost if self._client else None

    async def start_kernel(self, **_: Any) -> None:
        """Has the gateway start the kernel, and returns when it answers.

        :raises GatewayError: one sentence why it does not
        """
        self._started_at = time.monotonic()
        self._gateway = Gateway(self.settings)
        names = await self._gateway.kernels()
        if self.kernel_name not in names:
            raise GatewayError(
                f"The gateway {self.settings.url} has no kernel {self.kernel_name or 'without a name'}: "
                f"it has {', '.join(names) or 'none'}."
            )
        timeout = self.settings.launch_timeout + _PAD
        self._launch = asyncio.ensure_future(
            self._gateway.start(self.kernel_name, dict(self.settings.kernel_env), timeout)
        )
        kernel_id = self.kernel_id = await self._waiting_for(self._launch, timeout)
        self._client = KernelClient(self._gateway, self.kernel_name, kernel_id)
        await self._waiting_for(self._client.connect(), self.settings.launch_timeout)
        await self._waiting_for(_answer(self._client), self.settings.launch_timeout)

    def client(self) -> KernelClient:
        assert self._client is not None
        return self._client

    async def is_alive(self) -> bool:
        return self._client is not None and await self._client.is_alive()

    async def interrupt_kernel(self) -> None:
        if self._gateway is not None and self.kernel_id is not None:
            await self._gateway.interrupt(self.kernel_id)

    async def end(self) -> None:
        """Deletes the kernel in the gateway, one that still starts too. Never fails: a line says what stays behind."""
        if self._gateway is None:
            return
        try:
            if self._launch is not None and self.kernel_id is None:
                # Interrupted while the gateway worked on it, and there is no other way to learn its id.
                self.kernel_id = await asyncio.wait_for(self._launch, _SECONDS_TO_END)
            if self.kernel_id is not None:
                if self._client is not None:
                    await self._client.settle()
                await self._delete(self._gateway, self.kernel_id)
        except (GatewayError, asyncio.TimeoutError) as error:
            if not isinstance(self.lost, GatewayError) and (self.kernel_id or isinstance(error, asyncio.TimeoutError)):
                # Such as one in YARN's cluster mode that died: until the gateway has its empty successor, it deletes neither.
                logger.warning(
                    f"A kernel {self.kernel_name} is left in the gateway {self.settings.url} until it culls idle ones: "
                    f"{error or 'it was still starting'}"
                )
        finally:
            if self._client is not None:
                self._client.stop_channels()
            self._gateway.close()

    async def _delete(self, gateway: Gateway, kernel_id: str) -> None:
        if self.lost is None:
            await gateway.delete(kernel_id, _SECONDS_TO_END)
            return
        try:
            await gateway.delete(kernel_id, _SECONDS_TO_END_LOST)
        except Unreachable:
            pass  # it waits for the new kernel to end, and does so too when nobody waits for its answer

    async def _waiting_for(self, step: Awaitable[T], timeout: float) -> T:
        """The step's result; meanwhile lines of progress, and a look whether the kernel still lives."""
        step = asyncio.ensure_future(step)
        marks = [*_PROGRESS, *range(120, int(timeout) + 120, 60)]
        try:
            while True:
                await asyncio.wait({step}, timeout=1)
                if step.done():
                    return step.result()
                seconds = time.monotonic() - self._started_at
                if self._client is not None and not await self._client.is_alive():
                    self._cannot_start()
                if seconds > timeout:
                    self._too_late(seconds)
                while marks and seconds >= marks[0]:
                    logger.warning(
                        f"Waiting for the kernel {self.kernel_name} of {self.settings.url}: "
                        f"{marks.pop(0)} s of {self.settings.launch_timeout:g} s"
                    )
        finally:
            if step is not self._launch:
                step.cancel()

    def _cannot_start(self) -> None:
        if isinstance(self.lost, GatewayError):
            raise self.lost
        raise GatewayError(
            f"The kernel {self.kernel_name} of the gateway {self.settings.url} ended before it answered: "
            f"what it said is in the gateway's log."
        )

    def _too_late(self, seconds: float) -> None:
        raise GatewayError(
            f"The kernel {self.kernel_name} of the gateway {self.settings.url} did not answer within {seconds:.0f} s: "
            f"the gateway's log says why, or set {LAUNCH_TIMEOUT} to more seconds."
        )


async def _answer(client: KernelClient) -> None:
    """Returns when the kernel has answered; what is sent before it listens may be lost, so it is asked again."""
    while True:
        client.kernel_info()
        try:
            await client.shell_channel.get_msg(_SECONDS_FOR_A_REPLY)
            return
        except queue.Empty:
            pass
