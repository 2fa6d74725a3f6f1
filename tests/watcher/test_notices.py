"""What the system says of changes: lost, too much, or not at all."""

import ctypes
import errno
import threading
from pathlib import Path

from structlog.testing import capture_logs
from watchdog.observers import inotify_c

from samplemind_daemon.model import WatchMode
from samplemind_daemon.watcher.listening import Listening
from samplemind_daemon.watcher.notices import Notices, _Descriptor

MOST_QUEUED = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())


async def test_what_the_system_did_not_tell_is_found_by_the_sweep(ground, folder, monkeypatch):
    monkeypatch.setattr(Notices, "hint", lambda *_, **__: None)  # the system stays silent
    await ground.watch(folder)
    ground.write(folder, "a.wav", "b.wav", "c.wav", "d.wav", "e.wav", "f.wav")
    await ground.known("a.wav", "f.wav")
    (folder / "a.wav").rename(folder / "moved.wav")
    (folder / "b.wav").unlink()
    (folder / "c.wav").write_bytes(b"other")
    await ground.known("moved.wav")

    async def all_noticed():
        return await ground.missing() == {"b.wav"} and len(await ground.jobs()) == 6

    await ground.until(all_noticed)
    assert (await ground.sounds())["c.wav"].size == 5
    assert "a.wav" not in await ground.sounds()


async def test_more_hints_than_may_wait_become_a_sweep(ground, folder, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.watcher.notices.MOST_HINTS", 3)
    names = [f"{number}.wav" for number in range(50)]
    await ground.watch(folder)
    ground.write(folder, *names)
    await ground.known(*names)
    assert len(await ground.jobs()) == 50


async def test_more_files_than_may_settle_at_a_time_are_all_taken_in(ground, folder, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.watcher.settling.MOST_WAITING", 10)
    names = [f"{number}.wav" for number in range(50)]
    ground.write(folder, *names)
    await ground.watch(folder)
    await ground.known(*names)


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
        ground.write(folder / str(number), f"{number}.wav")
    watched = await ground.watch(folder)
    await ground.known(*(f"{number}.wav" for number in range(8)))
    health = ground.watcher.health(watched.id)
    assert health.mode is WatchMode.POLLED
    assert "fs.inotify.max_user_watches" in health.problems[0]
    ground.write(folder / "7", "late.wav")
    await ground.known("late.wav")


async def test_network_mounts_are_polled(ground, folder, monkeypatch):
    monkeypatch.setattr(
        "samplemind_daemon.watcher.mounts.SILENT", {"ext4", "tmpfs", "overlay", "btrfs", "xfs", "zfs"}
    )
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    assert ground.watcher.health(watched.id).mode is WatchMode.POLLED
    assert ground.watcher.health(watched.id).last_event_at is None


async def test_a_listener_that_died_is_replaced(ground, folder):
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    listening: Listening = ground.watcher._watches[watched.id]._listening
    first = listening._notices
    next(iter(first._observer.emitters)).stop()  # as after the deletion of a watched root

    async def replaced():
        return listening._notices is not first and listening._notices is not None

    await ground.until(replaced)
    ground.write(folder, "b.wav")
    await ground.known("b.wav")


async def test_what_the_system_has_no_room_to_tell_is_found_at_once_and_the_loss_is_said(
    open_ground, folder, monkeypatch
):
    ground, may_hear = await open_ground(sweep_seconds=1_000), threading.Event()
    may_hear.set()
    real = _Descriptor.handle_event
    slow = lambda *told: may_hear.wait(20) and real(*told)  # noqa: E731
    monkeypatch.setattr(_Descriptor, "handle_event", slow)
    watched = await ground.watch(folder)
    ground.write(folder, "a.wav")
    await ground.known("a.wav")
    may_hear.clear()
    for _ in range(MOST_QUEUED // 2 + 1_000):  # two notices each: the last are lost
        (folder / "a.wav").write_bytes(b"again")
    late = [f"late{number}.wav" for number in range(50)]
    ground.write(folder, *late)  # nothing will ever be told of these
    with capture_logs() as logs:
        may_hear.set()
        await ground.known(*late)
    assert [log for log in logs if "More changed at once than the system tells" in log["event"]]
    assert ground.watcher.health(watched.id).mode is WatchMode.NOTIFIED
    assert ground.watcher.health(watched.id).problems == ()
