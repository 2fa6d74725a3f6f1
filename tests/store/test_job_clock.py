"""Jobs wait for moments, and the clock may be set."""

from datetime import timedelta

from samplemind_daemon.model import Lane
from samplemind_daemon.store import jobs
from samplemind_daemon.store.moments import now


async def test_jobs_do_not_wait_for_an_hour_that_comes_again(store, queued, monkeypatch):
    first, second = await queued(), await queued()
    monkeypatch.setattr(jobs, "now", lambda: now() - timedelta(hours=1))
    assert await store.write(jobs.claim, list(Lane)) is None
    assert await store.write(jobs.follow_clock) == 2
    taken = [(await store.write(jobs.claim, list(Lane))).job.id for _ in range(2)]
    assert taken == [first.id, second.id]
    assert await store.write(jobs.follow_clock) == 0
