"""What may go wrong around a watched folder, and what must not come of it."""

import asyncio
import ctypes
import errno
import os
import shutil

import pytest
from watchdog.observers import inotify_c

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import FolderState, Lane, Problem, State, WatchMode
from samplemind_daemon.refusals import NotFound, Untimely
from samplemind_daemon.store import jobs
from samplemind_daemon.store.tables import Audios, Jobs
from samplemind_daemon.watcher import Watcher
from samplemind_daemon.watcher.listening import Listening
from samplemind_daemon.watcher.notices import Notices


def write(folder, *names):
    for name in names:
        (folder / name).write_bytes(name.encode())


def is_state(ground, folder, state):
    async def happens():
        return (await ground.folders.get(folder.user, folder.id)).state is state

    return happens


async def missing(ground):
    return {name for name, sound in (await ground.sounds()).items() if sound.missing_at}


async def test_what_the_system_did_not_tell_is_found_by_the_sweep(ground, folder, monkeypatch):
    monkeypatch.setattr(Notices, "hint", lambda *_, **__: None)  # the system stays silent
    await ground.watch(folder)
    write(folder, "a.wav", "b.wav", "c.wav", "d.wav", "e.wav", "f.wav")
    await ground.known("a.wav", "f.wav")
    (folder / "a.wav").rename(folder / "moved.wav")
    (folder / "b.wav").unlink()
    (folder / "c.wav").write_bytes(b"other")
    await ground.known("moved.wav")

    async def all_noticed():
        return await missing(ground) == {"b.wav"} and len(await ground.jobs()) == 6

    await ground.until(all_noticed)
    assert (await ground.sounds())["c.wav"].size == 5
    assert "a.wav" not in await ground.sounds()


async def test_more_hints_than_may_wait_become_a_sweep(ground, folder, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.watcher.notices.MOST_HINTS", 3)
    names = [f"{number}.wav" for number in range(50)]
    await ground.watch(folder)
    write(folder, *names)
    await ground.known(*names)
    assert len(await ground.jobs()) == 50


async def test_more_files_than_may_settle_at_a_time_are_all_taken_in(ground, folder, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.watcher.settling.MOST_WAITING", 10)
    names = [f"{number}.wav" for number in range(50)]
    write(folder, *names)
    await ground.watch(folder)
    await ground.known(*names)


async def test_a_folder_that_goes_away_loses_nothing_and_is_watched_again_when_it_is_back(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav", "b.wav")
    before = await ground.known("a.wav", "b.wav")
    away = folder.rename(folder.with_name("away"))
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    health = ground.watcher.health(watched.id)
    assert str(folder) in health.problems[0]
    with pytest.raises(Untimely) as refused:
        await ground.watcher.scan(watched.id)
    assert refused.value.reason == "FOLDER_OFFLINE"
    write(away, "c.wav")
    await ground.idle()
    assert await missing(ground) == set()
    away.rename(folder)
    await ground.until(is_state(ground, watched, FolderState.ACTIVE))
    after = await ground.known("a.wav", "b.wav", "c.wav")
    assert {after[name].id for name in before} == {sound.id for sound in before.values()}
    assert len(await ground.jobs()) == 3
    assert ground.watcher.health(watched.id).problems == ()
    write(folder, "d.wav")  # and the system is listened to again
    await ground.known("d.wav", seconds=2)
    assert "audio.missing" not in await ground.events()


async def test_an_empty_folder_made_anew_counts_once_there_is_a_sound_in_it(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav", "b.wav")
    await ground.known("a.wav", "b.wav")
    shutil.rmtree(folder)
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    (folder.parent / "other").mkdir()  # so that the new folder is another inode
    folder.mkdir()
    await ground.idle()
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.OFFLINE
    write(folder, "c.wav")
    await ground.known("c.wav")
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.ACTIVE

    async def old_ones_missing():
        return await missing(ground) == {"a.wav", "b.wav"}

    await ground.until(old_ones_missing)


async def test_resuming_takes_a_folder_as_it_is(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    await ground.known("a.wav")
    shutil.rmtree(folder)
    await ground.until(is_state(ground, watched, FolderState.OFFLINE))
    (folder.parent / "other").mkdir()
    folder.mkdir()
    await ground.folders.resume("ada", watched.id)

    async def taken():
        return await missing(ground) == {"a.wav"}

    await ground.until(taken)
    assert (await ground.folders.get("ada", watched.id)).state is FolderState.ACTIVE


async def test_a_great_loss_is_believed_only_when_a_second_sweep_confirms_it(
    open_ground, folder, monkeypatch
):
    monkeypatch.setattr(Notices, "hint", lambda *_, **__: None)
    ground = await open_ground(sweep_seconds=3.0)
    watched = await ground.watch(folder)
    names = [f"{number}.wav" for number in range(10)]
    write(folder, *names)
    await ground.known(*names)
    hidden = folder.with_name("hidden")
    hidden.mkdir()
    for name in names[:5]:
        (folder / name).rename(hidden / name)
    await ground.watcher.scan(watched.id)
    assert "5 of 10 files are gone at once" in ground.watcher.health(watched.id).problems[0]
    await asyncio.sleep(1)
    assert await missing(ground) == set()

    async def confirmed():
        return await missing(ground) == set(names[:5])

    await ground.until(confirmed)
    assert ground.watcher.health(watched.id).problems == ()


async def test_nothing_outside_the_folder_is_taken_or_opened(ground, folder, tmp_path):
    outside = tmp_path / "secret.wav"
    outside.write_bytes(b"secret")
    os.utime(outside, ns=(1, outside.stat().st_mtime_ns))
    (folder / "link.wav").symlink_to(outside)
    (folder / "broken.wav").symlink_to(tmp_path / "nowhere")
    (folder / "parent").symlink_to(tmp_path)
    (folder / "deep").mkdir()
    (folder / "deep" / "circle").symlink_to(folder)
    os.mkfifo(folder / "pipe.wav")
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    await ground.known("a.wav")
    assert (await ground.watcher.scan(watched.id)).seen == 1
    assert set(await ground.sounds()) == {"a.wav"}
    problems = ground.watcher.health(watched.id).problems
    assert sorted(problems) == [
        "broken.wav is a link, and links are not followed.",
        "link.wav is a link, and links are not followed.",
        "pipe.wav is no regular file.",
    ]
    assert outside.stat().st_atime_ns == 1


async def test_a_folder_that_becomes_a_link_leads_nowhere(ground, folder, tmp_path):
    (folder / "pack").mkdir()
    write(folder / "pack", "a.wav")
    await ground.watch(folder)
    await ground.known("a.wav")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, "a.wav", "b.wav")
    shutil.rmtree(folder / "pack")
    (folder / "pack").symlink_to(elsewhere)

    async def gone():
        return await missing(ground) == {"a.wav"}

    await ground.until(gone)
    await ground.idle()
    assert set(await ground.sounds()) == {"a.wav"}


NAMES = [
    "caf\u00e9.wav".encode(),
    "cafe\u0301.wav".encode(),
    "\U0001f941 beat.wav".encode(),
    "\u0645\u0631\u062d\u0628\u0627.wav".encode(),
    b"-rf.wav",
    b"%s %n.wav",
    b"a'b\"c`d.wav",
    b"two\nlines.wav",
    b"tab\tbell\x07.wav",
    b"latin \xe9\xff.wav",
    b" .wav",
    b"x" * 251 + b".wav",
]


async def test_any_name_can_be_taken_in(ground, folder):
    root = os.fsencode(folder)
    below = os.path.join(root, b"dir \xff\n")
    os.mkdir(below)
    for number, name in enumerate(NAMES):
        for place in (root, below):
            with open(os.path.join(place, name), "wb") as file:
                file.write(b"%d" % number)
    await ground.watch(folder)

    async def all_known():
        return len(await ground.jobs()) == 2 * len(NAMES)

    await ground.until(all_known)
    found = await ground.store.read(_paths)
    assert found == sorted([*NAMES, *(b"dir \xff\n/" + name for name in NAMES)])
    assert all(name.encode() for name in await ground.sounds())  # each is text
    os.rename(os.path.join(root, NAMES[9]), os.path.join(root, b"new \xfe.wav"))

    async def moved():
        return b"new \xfe.wav" in await ground.store.read(_paths)

    await ground.until(moved)
    assert len(await ground.jobs()) == 2 * len(NAMES)


async def test_times_and_inodes_that_no_column_holds_are_no_trouble(ground, folder):
    write(folder, "future.wav", "past.wav")
    os.utime(folder / "future.wav", (12_000_000_000, 12_000_000_000))  # the year 2350
    os.utime(folder / "past.wav", (-1_000_000_000, -1_000_000_000))
    await ground.watch(folder)
    await ground.known("future.wav", "past.wav")
    await ground.idle()
    assert len(await ground.jobs()) == 2


def _paths(db):
    return sorted(bytes(path) for (path,) in Audios.select(Audios.path).tuples().execute(db))


@pytest.fixture
def without_privilege():
    """Root, too, is held to file modes: this thread, and those it starts, give up the right to ignore them."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    had, less = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    assert libc.capget(header, had) == 0
    less[:] = had[:]
    less[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, of the effective ones
    assert libc.capset(header, less) == 0
    yield
    assert libc.capset(header, had) == 0


async def test_what_cannot_be_read_is_told_and_taken_once_it_can_be(without_privilege, ground, folder):
    (folder / "closed").mkdir()
    write(folder / "closed", "inside.wav")
    write(folder, "secret.wav", "a.wav")
    (folder / "secret.wav").chmod(0)
    watched = await ground.watch(folder)
    await ground.known("a.wav", "inside.wav")
    (folder / "closed").chmod(0)

    async def told():
        return len(ground.watcher.health(watched.id).problems) == 2

    await ground.until(told)
    problems = ground.watcher.health(watched.id).problems
    assert sorted(problems) == [
        "closed/ cannot be read: Permission denied.",
        "secret.wav cannot be read: Permission denied.",
    ]
    await ground.idle()
    assert await missing(ground) == set()  # what cannot be looked at is not missing
    (folder / "closed").chmod(0o700)
    (folder / "secret.wav").chmod(0o600)
    await ground.known("secret.wav")
    await ground.watcher.scan(watched.id)
    assert ground.watcher.health(watched.id).problems == ()


async def test_a_limit_of_the_system_is_named_and_the_folder_is_swept_instead(ground, folder, monkeypatch):
    real, left = inotify_c.inotify_add_watch, 3

    def exhausted(*args):
        nonlocal left
        left -= 1
        if left >= 0:
            return real(*args)
        ctypes.set_errno(errno.ENOSPC)
        return -1

    monkeypatch.setattr(inotify_c, "inotify_add_watch", exhausted)
    for number in range(8):
        (folder / str(number)).mkdir()
        write(folder / str(number), f"{number}.wav")
    watched = await ground.watch(folder)
    await ground.known(*(f"{number}.wav" for number in range(8)))
    health = ground.watcher.health(watched.id)
    assert health.mode is WatchMode.POLLED
    assert "fs.inotify.max_user_watches" in health.problems[0]
    write(folder / "7", "late.wav")
    await ground.known("late.wav")


async def test_network_mounts_are_polled(ground, folder, monkeypatch):
    monkeypatch.setattr(
        "samplemind_daemon.watcher.mounts.SILENT", {"ext4", "tmpfs", "overlay", "btrfs", "xfs", "zfs"}
    )
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    await ground.known("a.wav")
    assert ground.watcher.health(watched.id).mode is WatchMode.POLLED
    assert ground.watcher.health(watched.id).last_event_at is None


async def test_a_listener_that_died_is_replaced(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    await ground.known("a.wav")
    listening: Listening = ground.watcher._watches[watched.id]._listening
    first = listening._notices
    next(iter(first._observer.emitters)).stop()  # as after the deletion of a watched root

    async def replaced():
        return listening._notices is not first and listening._notices is not None

    await ground.until(replaced)
    write(folder, "b.wav")
    await ground.known("b.wav")


async def test_a_paused_folder_is_not_looked_at_until_it_is_resumed(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    await ground.known("a.wav")
    await ground.folders.pause("ada", watched.id)
    write(folder, "b.wav")
    (folder / "a.wav").unlink()
    await ground.idle()
    assert set(await ground.sounds()) == {"a.wav"}
    assert await missing(ground) == set()
    with pytest.raises(Untimely):
        await ground.watcher.scan(watched.id)
    await ground.folders.resume("ada", watched.id)
    await ground.known("b.wav")

    async def noticed():
        return await missing(ground) == {"a.wav"}

    await ground.until(noticed)


async def test_a_removed_folder_is_watched_no_more_and_its_sounds_stay(ground, folder):
    watched = await ground.watch(folder)
    write(folder, "a.wav")
    before = (await ground.known("a.wav"))["a.wav"]
    await ground.folders.delete("ada", watched.id)
    write(folder, "b.wav")
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
    write(folder, "a.wav", "b.flac")
    await ground.known("a.wav")
    await ground.folders.update("ada", watched.id, True, ["*.flac"], ())
    await ground.known("b.flac")
    await ground.idle()
    assert await missing(ground) == set()


async def test_what_changed_while_nobody_watched_is_found_at_the_start(ground, folder):
    await ground.watch(folder)
    names = [f"{number}.wav" for number in range(10)]
    write(folder, *names)
    before = await ground.known(*names)
    await ground.watcher.stop()
    (folder / "0.wav").unlink()
    (folder / "1.wav").write_bytes(b"other")
    (folder / "2.wav").rename(folder / "two.wav")
    write(folder, "new.wav")
    ground.watcher = Watcher(ground.folders, ground.settings)
    await ground.watcher.start()
    await ground.known("new.wav", "two.wav")

    async def all_found():
        return await missing(ground) == {"0.wav"} and (await ground.sounds())["1.wav"].size == 5

    await ground.until(all_found)
    assert (await ground.sounds())["two.wav"].id == before["2.wav"].id


async def test_users_do_not_see_each_others_folders(ground, folder, tmp_path):
    other = tmp_path / "bobs"
    other.mkdir()
    adas, bobs = await ground.watch(folder), await ground.watch(other, user="bob")
    write(folder, "same.wav")
    write(other, "same.wav")
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
    write(folder, *names)

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
    write(folder, "a.wav")
    await ground.known("a.wav")
    lease = await ground.store.write(jobs.claim, list(Lane))
    shutil.move(folder / "a.wav", tmp_path / "a.wav")

    async def gone():
        return await missing(ground) == {"a.wav"}

    await ground.until(gone)
    await ground.store.write(jobs.fail, lease, Problem("SOURCE_GONE", "It is not there."))
    shutil.move(tmp_path / "a.wav", folder / "a.wav")
    await ground.known("a.wav")
    assert (await ground.sounds())["a.wav"].state is State.QUEUED


async def test_what_is_no_sound_is_not_heard_again_when_it_is_touched(ground, folder):
    await ground.watch(folder)
    write(folder, "a.wav")
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
