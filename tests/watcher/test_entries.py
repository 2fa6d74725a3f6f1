"""What may lie in a watched folder: links, pipes, odd names, odd times, what may not be read."""

import ctypes
import os
import shutil

import pytest

from samplemind_daemon.store.tables import Audios


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
    ground.write(folder, "a.wav")
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
    ground.write(folder / "pack", "a.wav")
    await ground.watch(folder)
    await ground.known("a.wav")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ground.write(elsewhere, "a.wav", "b.wav")
    shutil.rmtree(folder / "pack")
    (folder / "pack").symlink_to(elsewhere)

    async def gone():
        return await ground.missing() == {"a.wav"}

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
    ground.write(folder, "future.wav", "past.wav")
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
    ground.write(folder / "closed", "inside.wav")
    ground.write(folder, "secret.wav", "a.wav")
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
    assert await ground.missing() == set()  # what cannot be looked at is not missing
    (folder / "closed").chmod(0o700)
    (folder / "secret.wav").chmod(0o600)
    await ground.known("secret.wav")
    await ground.watcher.scan(watched.id)
    assert ground.watcher.health(watched.id).problems == ()
