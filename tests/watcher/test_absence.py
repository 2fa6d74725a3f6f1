"""Folders that go away or are not what they were: nothing is lost by it."""

import asyncio
import shutil

import pytest

from samplemind_daemon.model import FolderState
from samplemind_daemon.refusals import Untimely
from samplemind_daemon.watcher import Watcher
from samplemind_daemon.watcher.notices import Notices


def is_state(ground, folder, state):
    async def happens():
        return (await ground.folders.get(folder.user, folder.id)).state is state

    return happens


async def test_a_folder_that_goes_away_loses_nothing_and_is_watched_again_when_it_is_back(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav", "b.wav")
    before = await ground.known("a.wav", "b.wav")
    away = folder.rename(folder.with_name("away"))
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    health = ground.watcher.health(watched.id)
    assert str(folder) in health.problems[0]
    with pytest.raises(Untimely) as refused:
        await ground.watcher.scan(watched.id)
    assert refused.value.reason == "FOLDER_OFFLINE"
    ground.write(away, "c.wav")
    await ground.idle()
    assert await ground.missing() == set()
    away.rename(folder)
    await ground.until(is_state(ground, watched, FolderState.ACTIVE))
    after = await ground.known("a.wav", "b.wav", "c.wav")
    assert {after[name].id for name in before} == {sound.id for sound in before.values()}
    assert len(await ground.jobs()) == 3
    assert ground.watcher.health(watched.id).problems == ()
    ground.write(folder, "d.wav")  # and the system is listened to again
    await ground.known("d.wav", seconds=2)
    assert "audio.missing" not in await ground.events()


async def test_an_empty_folder_made_anew_counts_once_there_is_a_sound_in_it(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav", "b.wav")
    await ground.known("a.wav", "b.wav")
    shutil.rmtree(folder)
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    (folder.parent / "other").mkdir()  # so that the new folder is another inode
    folder.mkdir()
    await ground.idle()
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.OFFLINE
    ground.write(folder, "c.wav")
    await ground.known("c.wav")
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.ACTIVE

    async def old_ones_missing():
        return await ground.missing() == {"a.wav", "b.wav"}

    await ground.until(old_ones_missing)


async def test_resuming_takes_a_folder_as_it_is(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    shutil.rmtree(folder)
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    (folder.parent / "other").mkdir()
    folder.mkdir()
    await ground.folders.resume("ada", watched.id)

    async def taken():
        return await ground.missing() == {"a.wav"}

    await ground.until(taken)
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.ACTIVE


async def test_a_great_loss_is_believed_only_when_a_second_sweep_confirms_it(
    open_ground, folder, monkeypatch
):
    monkeypatch.setattr(Notices, "hint", lambda *_, **__: None)
    ground = await open_ground(sweep_seconds=3.0)
    watched = await ground.watch(folder)
    names = [f"{number}.wav" for number in range(10)]
    ground.write(folder, *names)
    await ground.known(*names)
    hidden = folder.with_name("hidden")
    hidden.mkdir()
    for name in names[:5]:
        (folder / name).rename(hidden / name)
    await ground.watcher.scan(watched.id)
    assert "5 of 10 files are gone at once" in ground.watcher.health(watched.id).problems[0]
    await asyncio.sleep(1)
    assert await ground.missing() == set()

    async def confirmed():
        return await ground.missing() == set(names[:5])

    await ground.until(confirmed)
    assert ground.watcher.health(watched.id).problems == ()


async def test_what_changed_while_nobody_watched_is_found_at_the_start(ground, folder):
    await ground.watch(folder)
    names = [f"{number}.wav" for number in range(10)]
    ground.write(folder, *names)
    before = await ground.known(*names)
    await ground.watcher.stop()
    (folder / "0.wav").unlink()
    (folder / "1.wav").write_bytes(b"other")
    (folder / "2.wav").rename(folder / "two.wav")
    ground.write(folder, "new.wav")
    ground.watcher = Watcher(ground.folders, ground.settings)
    await ground.watcher.start()
    await ground.known("new.wav", "two.wav")

    async def all_found():
        return await ground.missing() == {"0.wav"} and (await ground.sounds())["1.wav"].size == 5

    await ground.until(all_found)
    assert (await ground.sounds())["two.wav"].id == before["2.wav"].id
