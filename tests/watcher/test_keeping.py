"""Folders as their users keep them: paused, removed, changed, each to its own."""

import asyncio
import os
import shutil

import pytest

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Lane, Problem, State
from samplemind_daemon.refusals import NotFound, Untimely
from samplemind_daemon.store import jobs
from samplemind_daemon.store.tables import Jobs
from samplemind_daemon.watcher.watch import Watch


async def test_a_paused_folder_is_not_looked_at_until_it_is_resumed(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    await ground.folders.pause("ada", watched.id)
    ground.write(folder, "b.wav")
    (folder / "a.wav").unlink()
    await ground.idle()
    assert set(await ground.sounds()) == {"a.wav"}
    assert await ground.missing() == set()
    with pytest.raises(Untimely):
        await ground.watcher.scan(watched.id)
    await ground.folders.resume("ada", watched.id)
    await ground.known("b.wav")

    async def noticed():
        return await ground.missing() == {"a.wav"}

    await ground.until(noticed)


async def test_watching_ends_also_in_the_moment_in_which_something_changes(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    watch = Watch(watched, ground.folders, ground.settings)
    watch.start()
    await asyncio.sleep(1)
    watch.wake()
    await asyncio.wait_for(watch.stop(), 10)


async def test_a_removed_folder_is_watched_no_more_and_its_sounds_stay(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    before = (await ground.known("a.wav"))["a.wav"]
    await ground.folders.delete("ada", watched.id)
    ground.write(folder, "b.wav")
    await ground.idle()
    assert set(await ground.sounds()) == {"a.wav"}
    with pytest.raises(NotFound):
        await ground.folders.get("ada", watched.id)
    again = await ground.folders.create("ada", "again", str(folder), True, (), ())
    after = await ground.known("a.wav", "b.wav")
    assert (after["a.wav"].id, after["a.wav"].folder) == (before.id, again.id)
    assert len(await ground.jobs()) == 2


async def test_other_patterns_apply_at_once_and_what_is_known_stays(ground, folder):
    watched = await ground.watch(folder, include=["*.wav"])
    ground.write(folder, "a.wav", "b.flac")
    await ground.known("a.wav")
    await ground.folders.update("ada", watched.id, True, ["*.flac"], ())
    await ground.known("b.flac")
    await ground.idle()
    assert await ground.missing() == set()


async def test_users_do_not_see_each_others_folders(ground, folder, tmp_path):
    other = tmp_path / "bobs"
    other.mkdir()
    adas, bobs = await ground.watch(folder), await ground.watch(other, user="bob")
    ground.write(folder, "same.wav")
    ground.write(other, "same.wav")
    one = (await ground.known("same.wav"))["same.wav"]
    two = (await ground.known("same.wav", user="bob"))["same.wav"]
    assert (one.sha256, one.folder, two.folder) == (two.sha256, adas.id, bobs.id)
    assert one.id != two.id
    assert [folder.id for folder in await ground.folders.page("bob", "", 10)] == [bobs.id]
    with pytest.raises(NotFound):
        await ground.folders.get("bob", adas.id)
    with pytest.raises(NotFound):
        await ground.folders.delete("bob", adas.id)


async def test_files_wait_while_their_user_has_too_many_open_jobs(open_ground, folder):
    ground = await open_ground(max_open_jobs=3)
    watched = await ground.watch(folder)
    names = [f"{number}.wav" for number in range(5)]
    ground.write(folder, *names)

    async def some_known():
        return len(await ground.sounds()) == 3

    await ground.until(some_known)
    await ground.idle()
    health = ground.watcher.health(watched.id)
    assert len(await ground.sounds()) == 3
    assert health.backlog == 2
    assert any("wait to be taken in" in problem for problem in health.problems)
    await ground.store.write(_finish_all)
    await ground.known(*names)


def _finish_all(db):
    Jobs.update(state=State.COMPLETED, open_audio=None).execute(db)


async def test_a_sound_that_failed_while_its_file_was_away_is_heard_when_it_is_back(ground, folder, tmp_path):
    await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    lease = await ground.store.write(jobs.claim, list(Lane))
    shutil.move(folder / "a.wav", tmp_path / "a.wav")

    async def gone():
        return await ground.missing() == {"a.wav"}

    await ground.until(gone)
    await ground.store.write(jobs.fail, lease, Problem("SOURCE_GONE", "It is not there."))
    shutil.move(tmp_path / "a.wav", folder / "a.wav")
    await ground.known("a.wav")
    assert (await ground.sounds())["a.wav"].state is State.QUEUED


async def test_what_is_no_sound_is_not_heard_again_when_it_is_touched(ground, folder):
    await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    lease = await ground.store.write(jobs.claim, list(Lane))
    await ground.store.write(jobs.fail, lease, Problem("UNDECODABLE", "It is no sound."))
    os.utime(folder / "a.wav", (1, 1))
    await ground.idle()
    assert [job.state for job in await ground.jobs()] == [State.FAILED]


async def test_the_inbox_is_watched_from_the_first_start_and_stays_removed(open_ground):
    ground = await open_ground()
    for _ in range(2):
        folders = Folders(ground.store, ground.settings, lambda: None)
        await folders.see_to_inbox("ada")
    (inbox,) = await ground.folders.everyone()
    assert (inbox.user, inbox.path) == ("ada", os.fsencode(ground.settings.inbox))
    await ground.folders.delete("ada", inbox.id)
    await ground.folders.see_to_inbox("ada")
    assert await ground.folders.everyone() == []
    assert ground.settings.inbox.is_dir()
