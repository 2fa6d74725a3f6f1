"""A database server that dies takes nothing with it, and keeps nobody waiting."""

import postgres
import pytest
from daemon_process import DaemonProcess
from outages import suffer

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings


@pytest.fixture
def cluster():
    """A server of its own, that may be killed."""
    if postgres.programs() is None:
        pytest.skip("there is no PostgreSQL server on this machine: apt install postgresql")
    running = postgres.Cluster().start()
    yield running
    running.stop()


def test_calls_are_refused_while_the_server_is_away_and_nothing_is_lost(cluster, tmp_path):
    url = cluster.empty()
    settings = {"SAMPLEMIND_DATABASE": url, "SAMPLEMIND_MAX_OPEN_UPLOADS": "1000000"}
    daemon = DaemonProcess(tmp_path / "home", settings).start()
    try:
        came = suffer(daemon, cluster, url.rpartition("/")[2], kills=2, away_seconds=1.0)
        assert came.lost == 0 and came.others == set(), came
        assert came.kept > 10 and came.refused > 10
        assert came.slowest < 15 and came.healing < 30  # 2 and 5 are promised; machines may be slow
        assert violations(Settings(home=daemon.home, database=url)) == []
    finally:
        assert daemon.stop() == 0
