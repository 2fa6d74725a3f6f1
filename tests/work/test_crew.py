"""A file that crashes, hangs or eats memory costs itself only."""

import asyncio
import os
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from samplemind_daemon.model import Lane
from samplemind_daemon.work.failures import CrewStopped, TaskFailed, TooMuchMemory, WorkerDied, WorkerStuck
from samplemind_daemon.work.protocol import Found, Progress


async def until(condition, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def pid(heard):
    return heard.found["trouble"][0].value


async def test_a_file_is_heard_and_each_analyzer_answers_on_the_way(hire, ask):
    crew, said = await hire(), []
    heard = await crew.run(ask(), on_message=said.append)
    assert heard.found["length"][0].value == 44_100
    assert (heard.media.seconds, heard.media.rate, heard.media.channels) == (1.0, 44_100, 1)
    assert [one.analyzer for one in said if isinstance(one, Found)] == ["trouble", "length"]
    assert any(isinstance(one, Progress) for one in said)


async def test_files_share_warm_workers_and_an_interactive_one_is_nicer_to_nobody(hire, ask):
    crew = await hire()
    await until(lambda: crew.status().workers == 2)
    batch = [await crew.run(ask()) for _ in range(3)]
    interactive = await crew.run(ask(), Lane.INTERACTIVE)
    assert len({pid(one) for one in batch}) == 1 and pid(interactive) != pid(batch[0])
    assert batch[0].found["trouble"][1].value >= 10 > interactive.found["trouble"][1].value > 0


async def test_a_file_that_cannot_be_decoded_fails_with_a_reason_and_its_worker_lives_on(hire, ask, tmp_path):
    crew = await hire()
    broken = tmp_path / "text.wav"
    broken.write_text("this is no sound")
    before = pid(await crew.run(ask()))
    with pytest.raises(TaskFailed) as failed:
        await crew.run(ask(path=broken))
    assert failed.type is TaskFailed and failed.value.reason.isupper() and failed.value.message
    assert pid(await crew.run(ask())) == before


@pytest.mark.parametrize(("deed", "sign"), [("segv", "SIGSEGV"), ("kill", "SIGKILL"), ("exit", "status 3")])
async def test_a_crash_costs_one_file(hire, ask, deed, sign):
    crew = await hire()
    with pytest.raises(WorkerDied, match=sign) as died:
        await crew.run(ask(deed))
    if deed == "segv":
        assert "about to fall" in died.value.details and "Segmentation fault" in died.value.details
        assert len(died.value.details) <= 4_096
    assert (await crew.run(ask())).found["length"][0].value == 44_100
    assert crew.status().respawns == 1


async def test_a_hang_without_a_sign_of_life_is_ended(hire, ask):
    crew = await hire(quiet_seconds=0.5)
    with pytest.raises(WorkerStuck, match="no sign of life"):
        await crew.run(ask("hang"))
    assert (await crew.run(ask())).found["length"]


async def test_a_file_may_not_take_longer_than_its_length_allows(hire, ask):
    crew = await hire(grace_seconds=0.5, pace=0.1)
    with pytest.raises(WorkerStuck, match="did not finish"):
        await crew.run(ask("sleep", seconds=60))


async def test_a_file_that_eats_memory_is_ended(hire, ask):
    crew = await hire(memory_bytes=500 * 2**20)
    with pytest.raises(TooMuchMemory, match="MiB"):
        await crew.run(ask("eat"))
    assert (await crew.run(ask())).found["length"]


async def test_an_allocation_beyond_all_bounds_costs_the_analyzer_only(hire, ask):
    crew = await hire()
    heard = await crew.run(ask("gorge"))
    assert heard.found["trouble"][0].status == "failed" and "MemoryError" in heard.found["trouble"][0].reason
    assert heard.found["length"][0].value == 44_100


@pytest.mark.parametrize("deed", ["hang", "sleep"])
async def test_to_cancel_a_task_ends_it_within_a_second_and_the_seat_is_taken_again(hire, ask, deed):
    crew = await hire()
    running = asyncio.create_task(crew.run(ask(deed, seconds=60)))
    await until(lambda: crew.status().busy == 1)
    await asyncio.sleep(0.3)
    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await crew.run(ask())
    assert time.monotonic() - began < 1.0


async def test_an_interactive_task_never_waits_behind_batch(hire, ask):
    crew = await hire()
    await until(lambda: crew.status().workers == 2)
    batch = [asyncio.create_task(crew.run(ask("sleep", seconds=0.5))) for _ in range(6)]
    await until(lambda: crew.status().busy == 1 and crew.status().waiting == 5)
    began = time.monotonic()
    await crew.run(ask(), Lane.INTERACTIVE)
    assert time.monotonic() - began < 0.4
    two = [asyncio.create_task(crew.run(ask("sleep", seconds=0.1), Lane.INTERACTIVE)) for _ in range(2)]
    await asyncio.gather(*two)
    assert sum(one.done() for one in batch) <= 2
    await asyncio.gather(*batch)


async def test_a_waiting_task_that_is_cancelled_leaves_the_line(hire, ask):
    crew = await hire()
    first = asyncio.create_task(crew.run(ask("sleep", seconds=0.5)))
    others = [asyncio.create_task(crew.run(ask())) for _ in range(3)]
    await until(lambda: crew.status().waiting == 3)
    others[1].cancel()
    done = await asyncio.gather(first, *others, return_exceptions=True)
    assert isinstance(done[2], asyncio.CancelledError) and done[1].found and done[3].found
    assert crew.status().waiting == 0


async def test_an_old_worker_is_replaced(hire, ask):
    crew = await hire(tasks=2)
    pids = [pid(await crew.run(ask())) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_random_crashes_and_cancels_lose_nothing_else(hire, ask):
    crew = await hire(workers=2)
    deeds = ["none", "none", "kill", "sleep", "segv", "none"] * 6
    tasks = [asyncio.create_task(crew.run(ask(deed, seconds=0.05))) for deed in deeds]
    for doomed in tasks[::7]:
        asyncio.get_running_loop().call_later(0.2, doomed.cancel)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    for number, (deed, one) in enumerate(zip(deeds, done, strict=True)):
        if isinstance(one, asyncio.CancelledError):
            assert number % 7 == 0
        elif deed in ("kill", "segv"):
            assert isinstance(one, WorkerDied)
        else:
            assert one.found["length"][0].value == 44_100


async def test_to_stop_the_crew_ends_every_worker_and_task(hire, ask):
    crew = await hire()
    seen = {pid(await crew.run(ask(), lane)) for lane in Lane}
    running = [asyncio.create_task(crew.run(ask("hang"))) for _ in range(2)]
    await until(lambda: crew.status().busy == 1)
    await crew.stop()
    done = await asyncio.gather(*running, return_exceptions=True)
    assert {type(one) for one in done} == {WorkerDied, CrewStopped}
    assert not any(psutil.pid_exists(one) for one in seen)
    with pytest.raises(CrewStopped):
        await crew.run(ask())


async def test_worker_processes_give_back_what_they_held(hire, ask):
    crew = await hire()
    await crew.run(ask())
    await until(lambda: crew.status().workers == 2)
    held = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(WorkerDied):
            await crew.run(ask("kill"))
    await crew.run(ask())
    await until(lambda: crew.status().workers == 2)
    assert len(os.listdir("/proc/self/fd")) <= held


DAEMON = """
    import asyncio, sys
    from pathlib import Path
    from samplemind_daemon.model import Lane
    from samplemind_daemon.work.crew import Crew
    from samplemind_daemon.work.protocol import Task

    async def serve(folder, sound):
        crew = Crew(2, Path(folder))
        await crew.start()
        task = Task(sound, ("trouble",), {"trouble": {"deed": "hang"}})
        none = Task(sound, ("trouble",))
        pids = []
        for lane in Lane:
            pids.append((await crew.run(none, lane)).found["trouble"][0].value)
        print(*pids, flush=True)
        await crew.run(task)

    if __name__ == "__main__":
        asyncio.run(serve(*sys.argv[1:]))
"""


def test_workers_die_with_a_daemon_that_is_killed_and_say_nothing(folder, sound, tmp_path):
    program = tmp_path / "serve.py"
    program.write_text(textwrap.dedent(DAEMON))
    daemon = subprocess.Popen(
        [sys.executable, str(program), str(folder), sound], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    workers = [psutil.Process(int(one)) for one in daemon.stdout.readline().split()]
    helpers = psutil.Process(daemon.pid).children(recursive=True)
    time.sleep(0.5)
    daemon.kill()
    _, errors = daemon.communicate(timeout=10)
    gone, alive = psutil.wait_procs(workers + helpers, timeout=5)
    assert not alive and len(gone) >= 3
    assert errors == b""
