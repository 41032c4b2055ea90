"""JupyterLab on the gateway of EMR, as the cluster in a box says how to start it."""

import pytest

from tests import gateways
from tests.browser import environment

pytestmark = [pytest.mark.slow, environment.needs_chromium]


def test_a_kernel_answers_at_the_first_try_and_after_a_reload(emr, tmp_path):
    shown = environment.look("first_try.py", tmp_path / "lab", "--gateway", emr.url, "--kernel", "slow", KERNEL_USERNAME=gateways.USER)

    assert shown == "at once: 2 hello\nagain: 2\n"
    assert "KeyError" not in emr.log
