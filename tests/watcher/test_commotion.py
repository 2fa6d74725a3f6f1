"""Folders that are paused, resumed, changed and removed at any moment: what is watched in the end is what should be."""

import asyncio
import os
import random
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

from samplemind_daemon.model import FolderState
from samplemind_daemon.refusals import Refusal
from samplemind_daemon.store.threads import Threads
from samplemind_daemon.watcher import watch
from samplemind_daemon.watcher.watch import Watch

SECONDS, FOLDERS, HANDS = 6.0, 3, 4


def listeners() -> int:
    """How many queues of notices this process has open."""
    links = [Path(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
    return sum(os.path.islink(link) and "inotify" in os.readlink(link) for link in links)


async def meddle(ground, ids, chance, until):
    """Do to folders what their user may do, one thing after the other, and leave some of it in the middle."""
    deeds = [
        lambda id: ground.folders.pause("ada", id),
        lambda id: ground.folders.resume("ada", id),
        lambda id: ground.folders.update("ada", id, True, (), [f"{chance.random()}"]),
        lambda id: ground.watcher.scan(id),
        lambda id: ground.folders.delete("ada", id),
    ]
    while monotonic() < until:
        with suppress(Refusal, TimeoutError):
            async with asyncio.timeout(chance.choice((0.001, 0.01, 0.05, 5))):
                await chance.choices(deeds, (3, 4, 3, 3, 1))[0](chance.choice(ids))
        await asyncio.sleep(chance.uniform(0, 0.02))


async def change(paths, chance, until):
    """Write, replace and delete files in the folders."""
    number = 0
    while monotonic() < until:
        path, number = chance.choice(paths) / f"{chance.randrange(40)}.wav", number + 1
        deed = chance.choice(("write", "replace", "delete"))
        if deed == "write":
            path.write_bytes(b"%d" % number)
        elif deed == "replace":
            (path.parent / ".new").write_bytes(b"%d" % number)
            (path.parent / ".new").rename(path)
        else:
            path.unlink(missing_ok=True)
        await asyncio.sleep(chance.uniform(0, 0.02))


async def test_folders_that_are_meddled_with_at_any_moment_are_watched_in_the_end_and_nothing_is_left_over(
    ground, tmp_path
):
    before, seed = listeners(), random.randrange(10**6)
    chance = random.Random(seed)
    print(f"\nseed {seed}")
    paths = [tmp_path / f"folder{number}" for number in range(FOLDERS)]
    for path in paths:
        path.mkdir()
    ids = [(await ground.watch(path)).id for path in paths]
    until = monotonic() + SECONDS
    hands = [meddle(ground, ids, chance, until) for _ in range(HANDS)]
    await asyncio.gather(*hands, *(change(paths, chance, until) for _ in range(2)))
    watched = [await ground.watch(path) for path in paths]  # those that were removed are watched again
    for folder in watched:
        await ground.folders.update("ada", folder.id, True, (), ())
        await ground.folders.resume("ada", folder.id)
        assert (await ground.watcher.scan(folder.id)).seen == len(
            list(Path(os.fsdecode(folder.path)).glob("*.wav"))
        )

    async def settled():
        known = [places for folder in watched for places in (await ground.folders.places(folder.id)).values()]
        present = sorted(place.path for place in known if place.missing_at is None)
        return present == sorted(os.fsencode(f.name) for path in paths for f in path.glob("*.wav"))

    await ground.until(settled, 60)
    assert listeners() - before == FOLDERS
    assert {folder.state for folder in await ground.folders.everyone()} == {FolderState.ACTIVE}
    await asyncio.wait_for(ground.watcher.stop(), 30)
    await ground.until(_nothing_watches, 30)
    assert listeners() == before


async def _nothing_watches():
    return not [thread for thread in threading.enumerate() if thread.name == "watch"]


async def test_a_scan_that_is_asked_for_while_another_runs_sees_what_is_there_then(ground, folder):
    watched = await ground.watch(folder)
    for number in range(30):
        first = asyncio.create_task(ground.watcher.scan(watched.id))
        await asyncio.sleep(0.002 * (number % 5))
        ground.write(folder, f"{number}.wav")
        assert (await ground.watcher.scan(watched.id)).seen == number + 1
        await first


async def test_a_disk_that_hangs_keeps_nobody_from_ending_and_is_watched_again_later(
    ground, folder, monkeypatch
):
    hangs, real = threading.Event(), watch.sweep

    def hanging(*where):
        hangs.wait()
        return real(*where)

    monkeypatch.setattr(watch, "sweep", hanging)
    monkeypatch.setattr(watch, "HUNG_SECONDS", 0.5)
    one = Watch(await ground.watch(folder), ground.folders, ground.settings)
    one.start()
    await asyncio.sleep(0.5)
    await asyncio.wait_for(one.stop(), 30)
    await asyncio.wait_for(ground.watcher.stop(), 30)
    hangs.set()
    await ground.until(_nothing_watches, 30)


async def test_no_process_waits_for_a_thread_that_hangs():
    threads, hangs = Threads(1, "watch"), threading.Event()
    waiting = asyncio.create_task(threads.run(hangs.wait))
    await asyncio.sleep(0.1)
    waiting.cancel()
    threads.close()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "watch")
    hangs.set()
