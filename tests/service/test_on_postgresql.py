"""What calls are answered holds for a daemon whose database is PostgreSQL, too: the same tests, on another daemon."""

from types import ModuleType

import pytest
from daemon_process import DaemonProcess
from service import (
    test_flags,
    test_limits,
    test_query,
    test_requests,
    test_sessions,
    test_streams,
    test_uploads,
)

SAME = (test_flags, test_limits, test_query, test_requests, test_sessions, test_streams, test_uploads)
OTHER = {  # that are not about the database, or look into the file of SQLite
    "test_a_disk_that_hangs_keeps_the_daemon_from_ending_for_seconds_only",
    "test_a_session_that_began_before_any_of_this_was_kept_says_nothing_of_it",
}


@pytest.fixture(scope="module")
def daemon(cluster, tmp_path_factory):
    """As the one that all tests share, but for its database."""
    home = tmp_path_factory.mktemp("on-postgresql") / "home"
    process = DaemonProcess(home, {"SAMPLEMIND_DATABASE": cluster.empty()}).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def strict(cluster, tmp_path_factory):
    """As the one of the same name, but for the database."""
    there = {"SAMPLEMIND_DATABASE": cluster.fresh()}
    process = DaemonProcess(
        tmp_path_factory.mktemp("strict-on-postgresql") / "home", test_limits.LIMITS | there
    )
    yield process.start()
    process.stop()


@pytest.fixture
def own_daemon(cluster, tmp_path):
    """As the one of the same name, but for the database."""
    started = []

    def start(settings=None, **how):
        there = {"SAMPLEMIND_DATABASE": cluster.fresh()} | (settings or {})
        started.append(DaemonProcess(tmp_path / f"home{len(started)}", settings=there, **how).start())
        return started[-1]

    yield start
    for process in started:
        process.stop()


def bring_in(module: ModuleType, own: frozenset[str]) -> None:
    """Have a module's tests, and the fixtures that they ask for, here as well."""
    for name, thing in vars(module).items():
        is_test = name.startswith("test_") and name not in OTHER
        if is_test or (type(thing).__name__ == "FixtureFunctionDefinition" and name not in own):
            assert name not in globals(), name  # one would hide the other
            globals()[name] = thing


for module in SAME:
    bring_in(module, frozenset({"daemon", "strict", "own_daemon"}))
