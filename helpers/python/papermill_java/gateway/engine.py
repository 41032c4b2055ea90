"""The papermill engine that runs a notebook on a kernel of a gateway."""

import asyncio
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Optional

import nbclient
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from papermill.engines import NBClientEngine

from .errors import GatewayError
from .kernel import GatewayKernel
from .settings import Settings

_PAPERMILLS_START_TIMEOUT = 60  # its command always passes one: this is nobody's wish
_SECONDS_BETWEEN_LOOKS = 1  # while nbclient waits for an answer; its own are 5


class GatewayEngine(NBClientEngine):
    """papermill's engine `java_gateway`: as its own, with a kernel of the gateway that JUPYTER_GATEWAY_URL names."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        gateway_url: Optional[str] = None,
        start_timeout: float = _PAPERMILLS_START_TIMEOUT,
        **kwargs: Any,
    ) -> None:
        """Runs the notebook, and deletes its kernel in the gateway however that ends.

        :param gateway_url: in place of JUPYTER_GATEWAY_URL
        :param start_timeout: seconds until the kernel must answer, in place of KERNEL_LAUNCH_TIMEOUT
        :raises GatewayError: the gateway or its kernel cannot be had, or the gateway went away
        :raises DeadKernelError: the kernel died
        """
        _check_nbclient()
        launch_timeout = None if start_timeout == _PAPERMILLS_START_TIMEOUT else start_timeout
        kwargs.setdefault("shell_timeout_interval", _SECONDS_BETWEEN_LOOKS)
        kernel = GatewayKernel(Settings.of(gateway_url, launch_timeout), kernel_name)
        with _signals_as_exits():
            try:
                super().execute_managed_notebook(nb_man, kernel_name, km=kernel, **kwargs)
            except DeadKernelError:
                if kernel.lost is None:
                    raise
            except (KeyboardInterrupt, SystemExit):
                _let_the_loop_go_on()
                raise
            finally:
                run_sync(kernel.end)()
        if kernel.lost is not None:
            raise kernel.lost


def _check_nbclient() -> None:
    """An older one runs every call in an event loop of its own, and a connection lives in one."""
    version = nbclient.__version__
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < (0, 8):
        raise GatewayError(f"nbclient {version} is too old for a gateway: 'papermill-java[gateway]' brings 0.8 or newer.")


@contextmanager
def _signals_as_exits() -> Iterator[None]:
    """A scheduler's SIGTERM unwinds as Ctrl-C does: unhandled, it would leave the kernel in the gateway.

    Both unwind between two callbacks of the event loop. In the midst of one, tornado may take the exception for a fault of its
    connection, and the run would end with exit code 1 and the sentence that the gateway closed the connection.
    """
    outer = _running_loop()  # such as Jupyter's: nbclient then has its loop in another thread, where no signal is handled

    def unwind(number: int, _frame: Any) -> None:
        error = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
        loop = _running_loop()
        if loop is None or loop is outer:
            raise error
        loop.call_soon_threadsafe(_raise, error)

    replaced = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                replaced[number] = signal.signal(number, unwind)
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)


def _running_loop() -> Optional[asyncio.AbstractEventLoop]:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _raise(error: BaseException) -> None:
    raise error


def _let_the_loop_go_on() -> None:
    """After a signal: what is to end the kernel runs in the loop that the signal has left."""
    with suppress(RuntimeError):  # what was awaited came in the same moment, and now stops the loop for it
        run_sync(_turn)()
    run_sync(_forget_what_is_left)()


async def _turn() -> None:
    await asyncio.sleep(0)


async def _forget_what_is_left() -> None:
    """Keeps asyncio from telling of the cell that nobody waits for any more, in a page of traceback."""
    loop = asyncio.get_running_loop()
    left = asyncio.all_tasks() - {asyncio.current_task()}

    def handle(_: Any, context: dict[str, Any]) -> None:
        if context.get("task") not in left and context.get("future") not in left:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
