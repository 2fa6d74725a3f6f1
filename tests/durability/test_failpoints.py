"""A crash between any two steps loses nothing that was promised, leaves nothing half done, and doubles nothing."""

import os
import time

import pytest
from crashing import POINTS, Crashing

from samplemind_daemon import failpoint

FEW = {"blob.staged", "job.recorded", "events.committed@5", "blob.dropped"}  # that `make soak` tries too


@pytest.mark.timeout(900)
def test_a_crash_at_any_point_loses_nothing_and_doubles_nothing(tmp_path):
    home = Crashing(tmp_path)
    for point in POINTS:
        if point not in FEW:
            home.crash(point)
            assert home.wrongs() == [], point
    home.finish()


def test_failpoints_are_refused_where_it_is_no_test(tmp_path, samplemindd):
    home = "--home", tmp_path / "home", "--listen", "127.0.0.1:0"
    done = samplemindd("serve", *home, env=os.environ | {"SAMPLEMIND_FAILPOINT": "blob.synced:crash"})
    assert done.returncode == 78 and "needs SAMPLEMIND_TEST=1 and a loopback address" in done.stderr


def test_without_a_test_a_failpoint_does_nothing(monkeypatch):
    monkeypatch.setenv("SAMPLEMIND_FAILPOINT", "blob.synced:raise")
    failpoint.reach("blob.synced")
    with pytest.raises(failpoint.CannotArm):
        failpoint.check(is_loopback=True)
    monkeypatch.setenv("SAMPLEMIND_TEST", "1")
    with pytest.raises(failpoint.CannotArm):
        failpoint.check(is_loopback=False)
    failpoint.check(is_loopback=True)
    failpoint.reach("blob.kept")  # another one
    with pytest.raises(failpoint.Stumbled):
        failpoint.reach("blob.synced")
    for wrong in ("no.such:crash", "blob.synced:explode", "blob.synced"):
        monkeypatch.setenv("SAMPLEMIND_FAILPOINT", wrong)
        with pytest.raises(failpoint.CannotArm, match=wrong):
            failpoint.check(is_loopback=True)


def test_a_failpoint_counts_and_waits(monkeypatch):
    monkeypatch.setenv("SAMPLEMIND_TEST", "1")
    monkeypatch.setenv("SAMPLEMIND_FAILPOINT", "job.begun:raise@3,job.heard:sleep0.2")
    failpoint.reach("job.begun")
    failpoint.reach("job.begun")
    with pytest.raises(failpoint.Stumbled):
        failpoint.reach("job.begun")
    began = time.monotonic()
    failpoint.reach("job.heard")
    assert time.monotonic() - began >= 0.2
