"""Whatever comes in ends as a result or as a failure with a reason, soon and small, and the rest is done."""

import asyncio
import os
import time
from collections import Counter
from datetime import timedelta
from statistics import median

import psutil
import pytest
from bad_files import bad_files, bomb
from engine_room import QUIET, SEGV, ended
from sound_files import wave_file

from samplemind_daemon.model import State
from samplemind_daemon.store import jobs
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Task

REASONS = {
    "EMPTY", "UNDECODABLE", "UNSUPPORTED_FORMAT", "TRUNCATED", "IMPOSSIBLE_HEADER", "NON_FINITE", "TOO_LONG",
}  # fmt: skip


async def test_a_batch_of_bad_files_ends_with_reasons_and_takes_nothing_along(room):
    one = await room(workers=2)
    bad, good = await one.user(), await one.user("bob@example.org")
    alone = [await one.sound(good, QUIET) for _ in range(20)]
    assert await ended(one, *alone) == [State.COMPLETED] * 20
    files, before, began = bad_files(), psutil.Process().memory_info().rss, time.monotonic()
    audios = {name: await one.sound(bad, data=content) for name, content in files.items()}
    others = [await one.sound(good, QUIET) for _ in range(20)]
    states = dict(zip(files, await ended(one, *audios.values(), seconds=120), strict=True))
    assert await ended(one, *others) == [State.COMPLETED] * 20
    took, grown = time.monotonic() - began, psutil.Process().memory_info().rss - before
    over = {name: await one.job(audio) for name, audio in audios.items()}
    reasons = Counter(job.problem.reason for job in over.values() if job.problem)
    usual, beside = await at_work(one, alone), await at_work(one, others)
    print(f"{len(files)} in {took:.1f} s, {Counter(states.values())}, {reasons}, {grown / 2**20:.0f} MiB")
    print(
        f"others' jobs at work: {1000 * usual[0]:.0f} ms alone, {1000 * beside[0]:.0f} ms beside them; at most"
    )
    print(f"{1000 * usual[1]:.0f} and {1000 * beside[1]:.0f} ms")
    assert len(files) > 280 and set(states.values()) == {State.COMPLETED, State.FAILED}
    assert set(reasons) <= REASONS and len(reasons) >= 5
    assert one.crew.status().respawns == 0 and max(job.attempts for job in over.values()) == 1
    assert grown < 100 * 2**20
    assert (
        beside[0] < 5 * usual[0] + 1 and beside[1] < 5 * usual[1] + 5
    )  # seconds; the machine has other work


async def at_work(room, audios):
    """How long the jobs on these sounds were at work, in the middle and at most, in seconds."""
    over = [await room.job(audio) for audio in audios]
    took = [(job.finished_at - job.started_at).total_seconds() for job in over]
    return median(took), max(took)


@pytest.mark.parametrize("says_so", [True, False])
async def test_ten_hours_in_half_a_megabyte_are_refused_soon_and_small(hire, folder, tmp_path, says_so):
    path = tmp_path / "bomb.flac"
    path.write_bytes(bomb(36_000, says_so))
    crew = await hire()
    began, before = time.monotonic(), psutil.Process().memory_info().rss
    with pytest.raises(TaskFailed) as refused:
        await crew.run(Task(str(path), ("length",), longest_seconds=1_200))
    [worker] = [seat.worker for seat in crew._seats if seat.lane == "batch"]
    print(
        f"{time.monotonic() - began:.1f} s, {worker.memory / 2**20:.0f} MiB, {os.path.getsize(path):,} bytes"
    )
    assert refused.value.reason == "TOO_LONG" and worker.alive and path.stat().st_size < 500_000
    assert time.monotonic() - began < 30 and worker.memory < 500 * 2**20
    assert psutil.Process().memory_info().rss - before < 20 * 2**20


async def test_five_bombs_at_once_are_refused_and_the_daemon_stays_small(hire, folder, tmp_path):
    rf64 = bad_files()["claims-more.wav"]
    bombs = {
        "says-so.flac": (bomb(36_000, True), "TOO_LONG"),
        "hides.flac": (bomb(36_000, False), "TOO_LONG"),
        "hides-too.flac": (bomb(72_000, False), "TOO_LONG"),
        "three-gigabytes.wav": (wave_file(bytes(1_000), claimed=3 * 10**9), "TRUNCATED"),
        "two-to-the-62.wav": (rf64, "TRUNCATED"),
    }
    for name, (content, _) in bombs.items():
        (tmp_path / name).write_bytes(content)
    crew, before = await hire(workers=2), psutil.Process().memory_info().rss
    tasks = [Task(str(tmp_path / name), ("length",), longest_seconds=1_200) for name in bombs]
    said = await asyncio.gather(*map(crew.run, tasks), return_exceptions=True)
    assert [one.reason for one in said] == [reason for _, reason in bombs.values()], said
    most = max(seat.worker.memory for seat in crew._seats if seat.worker)
    grown = psutil.Process().memory_info().rss - before
    print(f"5 bombs: workers at {most / 2**20:.0f} MiB at most, the daemon +{grown / 2**20:.0f} MiB")
    assert most < 500 * 2**20 and grown < 20 * 2**20 and crew.status().respawns == 0


async def test_one_poisonous_file_among_two_hundred_is_parked_after_three_attempts(room, monkeypatch):
    monkeypatch.setattr(jobs, "PAUSES", (timedelta(seconds=0.05), timedelta(seconds=0.1)))
    one = await room(workers=2)
    user = await one.user()
    good = [await one.sound(user, QUIET) for _ in range(100)]
    poison = await one.sound(user, SEGV)
    good += [await one.sound(user, QUIET) for _ in range(100)]
    assert await ended(one, poison, seconds=60) == [State.QUARANTINED]
    assert await ended(one, *good, seconds=60) == [State.COMPLETED] * 200
    assert (await one.job(poison)).attempts == 3 and one.crew.status().respawns == 3
