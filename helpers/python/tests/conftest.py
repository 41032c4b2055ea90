"""What holds for all tests: they do not depend on the shell that starts them, share what is slow to start, and leave nothing."""

import os
import signal

import pytest

from tests import gateways, processes
from tests.kernels import SHORT_LIVED, RealKernel
from verger_tools.base.project import OWN


def _heed_signals():
    """A shell's background job ignores SIGINT, and nohup SIGHUP, and whoever ignores a signal hands that on to what it starts.

    A signal that is handled is not ignored in a child: it has the system's own effect there.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


_heed_signals()

# Of bare kernels, and of the project's, behind a gateway and without one.
os.environ.setdefault("JJAVA_JVM_OPTS", SHORT_LIVED)
os.environ.setdefault("SPARK_SUBMIT_OPTS", SHORT_LIVED)

# What is slow to start is started once: all tests that ask for it are in one of pytest's processes. The longest come first, so
# that both processes end at the same time.
SHARED = {
    "gateway_of_emr": "the gateway of EMR",
    "kernel_with_executors": "a kernel with executors",
    "newest_gateway": "the newest gateway",
    "real_kernel": "a kernel",
}

# The other tests of a file are in one process, too, and share what is of that file. Not those of helpers/emr, of which each stands
# alone and which are the last to be handed out, so that no process waits for the other.
ALONE = "tests/verger_tools/emr/"


@pytest.hookimpl(tryfirst=True)  # xdist's own looks at the groups
def pytest_collection_modifyitems(items):
    for item in items:
        file = item.nodeid.split("::")[0]
        shared = next((group for fixture, group in SHARED.items() if fixture in item.fixturenames), None)
        if not item.get_closest_marker("xdist_group") and (shared or not file.startswith(ALONE) or file.endswith("test_policies.py")):
            item.add_marker(pytest.mark.xdist_group(shared or file))
    order = list(SHARED.values())
    items.sort(key=lambda item: order.index(group) if (group := _group(item)) in order else len(order))


def _group(item):
    marker = item.get_closest_marker("xdist_group")
    return marker.args[0] if marker else None


@pytest.fixture(autouse=True)
def _no_process_is_left():
    yield
    processes.end_all()


# Shared by all tests of one of pytest's processes


@pytest.fixture
def emr(gateway_of_emr):
    """The gateway of EMR, with the kernels of `gateways` and the project's; the next test finds no kernel in it."""
    yield gateway_of_emr
    gateway_of_emr.clear()


@pytest.fixture
def newest(newest_gateway):
    """The newest gateway, likewise."""
    yield newest_gateway
    newest_gateway.clear()


@pytest.fixture(scope="session")
def gateway_of_emr(tmp_path_factory):
    with gateways.gateway(gateways.EMR, tmp_path_factory.mktemp("gateway"), also=[OWN / "venv/share/jupyter"]) as running:
        yield running


@pytest.fixture(scope="session")
def newest_gateway(tmp_path_factory):
    with gateways.gateway(gateways.NEWEST, tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="session")
def real_kernel(tmp_path_factory):
    """The project's kernel, on this machine alone."""
    with RealKernel.started(tmp_path_factory.mktemp("kernel")) as kernel:
        yield kernel


@pytest.fixture(scope="session")
def kernel_with_executors(tmp_path_factory):
    """The project's kernel with two executors in processes of their own."""
    settings = {"spark.master": "local-cluster[2,1,1024]", "spark.executor.defaultJavaOptions": SHORT_LIVED}
    with RealKernel.started(tmp_path_factory.mktemp("kernel"), settings) as kernel:
        yield kernel
