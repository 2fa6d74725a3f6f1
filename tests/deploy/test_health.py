"""The health check of containers asks the daemon itself."""

import os
import signal
import sys

import pytest


@pytest.fixture
def healthy(checkout, says):
    """How the check ends for a home, and what it says."""

    def check(home):
        check = str(checkout / "deploy" / "health.py")
        return says(sys.executable, check, env={**os.environ, "SAMPLEMIND_HOME": str(home)})

    return check


def test_a_daemon_that_serves_is_well_and_one_that_was_stopped_is_not(own_daemon, healthy):
    daemon = own_daemon(settings={"SAMPLEMIND_TLS_SELF_SIGNED": "true"})
    assert healthy(daemon.home) == (0, "")
    daemon.stop()
    assert healthy(daemon.home) == (1, "the daemon does not serve\n")


def test_a_daemon_that_does_not_answer_is_not_well(own_daemon, healthy):
    daemon = own_daemon()
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        status, said = healthy(daemon.home)
    finally:
        daemon.process.send_signal(signal.SIGCONT)
    assert status == 1 and "does not answer" in said
