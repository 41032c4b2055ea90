"""A signal ends a run wherever it finds it: also in the midst of a library that takes every exception for its own."""

import asyncio
import os
import signal
import threading

import pytest
from nbclient.util import run_sync

from papermill_java.gateway import engine

SIGNALS = [(signal.SIGTERM, SystemExit), (signal.SIGHUP, SystemExit), (signal.SIGINT, KeyboardInterrupt)]


@pytest.fixture(autouse=True)
def unhandled():
    """The handlers of a process that nobody has prepared; those of pytest come back."""
    before = {number: signal.getsignal(number) for number, _ in SIGNALS}
    for number in before:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number):
    """Sends this process a signal, and returns when it was handled."""
    os.kill(os.getpid(), number)
    for _ in range(1000):
        pass


async def swallows(number):
    """As tornado does while it reads an answer."""
    try:
        send(number)
    except BaseException:
        pass
    await asyncio.sleep(5)


async def comes_at_once(number):
    send(number)


@pytest.mark.parametrize("step", [swallows, comes_at_once])
@pytest.mark.parametrize("number, expected", SIGNALS)
def test_it_is_not_swallowed_and_what_ends_the_kernel_still_runs(step, number, expected):
    ended = []

    async def end():
        for _ in range(3):
            await asyncio.sleep(0.01)
        ended.append(True)

    with pytest.raises(expected) as raised, engine._signals_as_exits():
        try:
            run_sync(step)(number)
        finally:
            engine._let_the_loop_go_on()
            run_sync(end)()
    assert ended
    assert expected is KeyboardInterrupt or raised.value.code == 128 + number


def test_without_a_loop_it_ends_the_run_at_once():
    with pytest.raises(SystemExit), engine._signals_as_exits():
        send(signal.SIGTERM)
        raise AssertionError("not ended")


def test_within_a_notebook_it_ends_the_run_at_once():
    """nbclient then has its loop in another thread, for which that of the notebook waits."""
    async def cell():
        with engine._signals_as_exits():
            threading.Timer(0.2, signal.pthread_kill, (threading.get_ident(), signal.SIGTERM)).start()
            run_sync(asyncio.sleep)(600)

    with pytest.raises(SystemExit):
        asyncio.run(cell())
