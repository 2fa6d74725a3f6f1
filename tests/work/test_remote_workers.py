"""Workers elsewhere: whatever ends or halts in the middle, each job is done, and counts once."""

import asyncio
import os
import shutil
import signal
from datetime import timedelta

import pytest
from broker import Broker
from engine_room import QUIET, SLOW, SPIN, EngineRoom, ended, plugin_text, until
from listings import CHECKOUT
from nats.aio.client import Client
from remote_room import INSTANCE, Together
from structlog.testing import capture_logs
from worker_process import WorkerProcess

from samplemind_daemon.model import Lane, Result, State
from samplemind_daemon.store import jobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Jobs
from samplemind_daemon.work.live import Hearing
from samplemind_daemon.work.nats import roll
from samplemind_daemon.work.nats.connection import connect
from samplemind_daemon.work.nats.engine import NatsEngine
from samplemind_daemon.work.nats.place import parse
from samplemind_daemon.work.nats.stream import Stream


@pytest.fixture
async def far(tmp_path, broker, graceless):
    """Opens rooms whose engine is of NATS, without a worker unless one is asked for, and closes them."""
    opened = []

    async def open(has_worker=False, url="", **limits):
        one = EngineRoom(tmp_path / f"far{len(opened)}", engine=url or broker.url(), **limits)
        opened.append(one)
        await one.open()
        one.engine = Together(one, has_worker)
        await one.engine.start()
        return one

    yield open
    for one in opened:
        await one.close()


@pytest.fixture
def hire_far(tmp_path):
    """Starts worker processes with the room's plugin, and ends them."""
    hired = []

    def start(room, level=1, engine="", **settings):
        home = tmp_path / f"worker{len(hired)}"
        (home / "plugins").mkdir(parents=True)
        (home / "plugins" / "level.py").write_text(plugin_text(room.log, level))
        given = {"SAMPLEMIND_WORKER_SCRATCH": str(room.settings.home), "SAMPLEMIND_ALLOW_UNCAGED": "1"}
        worker = WorkerProcess(home, engine or room.settings.engine, given | settings)
        hired.append(worker)
        return worker.start()

    yield start
    for worker in hired:
        if worker.process.poll() is None:
            worker.process.send_signal(signal.SIGCONT)
        worker.stop()


async def begun(room, level, times=1):
    await until(lambda: room.heard().count(level) >= times, 60)


async def let_run_out(room):
    """Have every lease end now, as if half a minute had passed without its holder."""
    past = now() - timedelta(seconds=1)
    await room.store.write(
        lambda db: Jobs.update(lease_expires_at=past).where(Jobs.lease.is_null(False)).execute(db)
    )


async def test_a_worker_that_is_killed_in_the_middle_costs_an_attempt_and_another_does_the_job(
    far, hire_far, monkeypatch
):
    monkeypatch.setattr(roll, "GONE_SECONDS", 3.0)
    one = await far()
    worker = hire_far(one)
    audio = await one.sound(await one.user(), SLOW, seconds=12)
    await begun(one, SLOW)
    await asyncio.to_thread(worker.kill)
    await until(lambda: one.engine.status().workers == 0, 60)  # it is known to be gone
    await one.engine.work()
    await let_run_out(one)
    assert await ended(one, audio, seconds=60) == [State.COMPLETED]
    assert (await one.job(audio)).attempts == 2 and one.heard() == [SLOW, SLOW]


async def test_what_a_halted_worker_says_after_another_has_done_its_job_counts_for_nothing(far, hire_far):
    one = await far()
    worker = hire_far(one)
    user = await one.user()
    audio = await one.sound(user, SLOW, seconds=12)
    await begun(one, SLOW)
    os.kill(worker.process.pid, signal.SIGSTOP)
    await one.engine.work()
    await let_run_out(one)
    assert await ended(one, audio, seconds=60) == [State.COMPLETED]
    os.kill(worker.process.pid, signal.SIGCONT)
    await until(
        lambda: "counts=False" in worker.log.read_text() or "job ended" not in worker.log.read_text(), 60
    )
    other = await one.sound(user, QUIET)
    assert await ended(one, other, seconds=60) == [State.COMPLETED]
    assert (await one.events(user)).count("audio.completed") == 2 and one.heard().count(SLOW) == 2


async def test_what_is_heard_while_the_daemon_starts_again_is_written_down(far):
    one = await far(has_worker=True)
    audio = await one.sound(await one.user(), SLOW, seconds=12)
    await begun(one, SLOW)
    await one.engine.engine.drain(0)
    await asyncio.sleep(1)  # the worker is done by now, and nobody listens
    one.engine.engine = NatsEngine(one.store, one.crew, one.blobs, one.recipes, one.settings, INSTANCE)
    await one.engine.engine.start()
    assert await ended(one, audio, seconds=60) == [State.COMPLETED]
    assert (await one.job(audio)).attempts == 1 and one.heard() == [SLOW]


async def test_a_broker_that_is_killed_and_wiped_costs_nothing_but_a_moment(far, tmp_path):
    broker = Broker(tmp_path / "broker").start()
    try:
        one = await far(has_worker=True, url=broker.url())
        user = await one.user()
        audios = [await one.sound(user, QUIET) for _ in range(120)]
        await begun(one, QUIET, 30)
        broker.kill()
        broker.wipe()
        broker.start()
        assert set(await ended(one, *audios, seconds=120)) == {State.COMPLETED}
        assert len(one.heard()) == 120
        assert await one.store.read(jobs.count_states, user) == {State.COMPLETED: 120}
    finally:
        broker.stop()


async def test_a_worker_that_is_told_to_end_gives_back_what_takes_too_long_and_does_not_count_the_attempt(
    far, hire_far
):
    one = await far()
    worker = hire_far(one, SAMPLEMIND_DRAIN_SECONDS="0.2")
    audio = await one.sound(await one.user(), SPIN)
    await begun(one, SPIN)
    assert await asyncio.to_thread(worker.stop) == 0
    job = await one.job(audio)
    assert job.state is State.QUEUED and job.attempts == 0


async def test_a_hint_at_a_job_that_is_over_is_used_up_and_does_nothing(far):
    one = await far(has_worker=True)
    audio = await one.sound(await one.user(), QUIET)
    await ended(one, audio)
    place, client = parse(one.settings.engine), Client()
    await connect(client, place, "test")
    stream = Stream(client, place)
    for lane in Lane:
        await stream.put(lane, (await one.job(audio)).id)

    async def is_empty():
        return (await client.jetstream().stream_info(place.stream)).state.messages == 0

    await until(is_empty)
    await client.close()
    assert one.heard() == [QUIET] and (await one.job(audio)).attempts == 1


async def test_a_worker_with_other_plugins_is_given_nothing_and_both_sides_say_why(far, hire_far):
    one = await far()
    with capture_logs() as logs:
        worker = hire_far(one, level=2)
        audio = await one.sound(await one.user(), QUIET)
        await until(lambda: any("is given no jobs" in log["event"] for log in logs), 60)
        await until(lambda: "cannot do these jobs as it is" in worker.log.read_text(), 60)
    assert (await one.job(audio)).attempts == 0
    assert [log["lacks"] for log in logs if "lacks" in log] == ["other versions of level, twice"]
    shutil.copy(one.settings.plugins / "level.py", worker.home / "plugins" / "level.py")
    assert await ended(one, audio, seconds=90) == [State.COMPLETED]


async def test_the_rights_that_the_page_about_workers_names_are_enough_and_no_more_than_that(
    far, hire_far, tmp_path
):
    page = (CHECKOUT / "docs" / "workers.md").read_text()
    rules = page.partition("<!-- rights -->\n```\n")[2].partition("```")[0]
    broker = Broker(tmp_path / "broker", rules).start()
    try:
        server = broker.url("samplemind").removeprefix("nats://")
        one = await far(url=f"nats://daemon:a%20secret@{server}")
        worker = f"nats://worker:another%20secret@{server}"
        hire_far(one, engine=worker)
        audio = await one.sound(await one.user(), SLOW)
        with one.engine.follow(audio.id) as follower:
            assert await ended(one, audio, seconds=60) == [State.COMPLETED]
            assert isinstance(await follower.next(10), Hearing | Result)
        client, errors = Client(), []

        async def failed(error):
            errors.append(str(error))

        given = {"user": "worker", "password": "another secret", "error_cb": failed}
        await client.connect(f"nats://{server.rpartition('/')[0]}", **given)
        await client.subscribe("samplemind.woke")
        await client.publish("samplemind.cancel", b"any")
        await until(lambda: len(errors) >= 2)
        await client.close()
        assert all("permissions violation" in error.lower() for error in errors)
    finally:
        broker.stop()
