"""A plugin that breaks its workers costs what it would have found in that sound, and nothing else."""

from datetime import timedelta

import pytest
from engine_room import QUIET, SEGV, SPIN, ended

from samplemind_daemon.model import State
from samplemind_daemon.store import jobs


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(seconds=0.05), timedelta(seconds=0.1)))


@pytest.mark.parametrize(
    ("engine", "level", "said"),
    [
        ("local", SEGV, "killed by SIGSEGV"),
        ("local", SPIN, "did not finish within"),
        ("nats", SEGV, "killed by SIGSEGV"),
    ],
    indirect=["engine"],
)
async def test_what_others_find_is_kept_and_the_culprit_is_named(room, level, said):
    one = await room(grace_seconds=3.0, pace=0.0)
    user = await one.user()
    broken, good = await one.sound(user, level), await one.sound(user, QUIET)
    assert await ended(one, broken, good, seconds=110) == [State.QUARANTINED, State.COMPLETED]
    job, found = await one.job(broken), await one.found(broken)
    assert (
        job.attempts == 3 and said in job.problem.message and "while level was at work" in job.problem.message
    )
    assert found["length.samples"] > 0 and (await one.audio(broken)).media is not None
    assert not [name for name in found if name.startswith(("level.", "twice."))]  # twice builds on level
    assert set(await one.found(good)) == {*found, "level.heard", "twice.much"}


async def test_once_it_is_mended_only_what_is_missing_is_found(room):
    one = await room()
    user = await one.user()
    broken = await one.sound(user, SEGV)
    assert await ended(one, broken, seconds=110) == [State.QUARANTINED]
    path = one.settings.plugins / "level.py"
    path.write_text(path.read_text().replace("self.value == 0.4", "False"))
    await one.crew.look_for_plugins()
    await one.recipes.refresh()
    await one.queue(broken)
    assert await ended(one, broken, seconds=110) == [State.COMPLETED]
    assert (await one.found(broken))["level.heard"] == SEGV
