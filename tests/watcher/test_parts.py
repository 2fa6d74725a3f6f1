"""The watcher's parts, one by one."""

import os
import sqlite3
from datetime import UTC, datetime
from time import monotonic

import pytest

from samplemind_daemon.model import Folder, FolderState, Place
from samplemind_daemon.refusals import Exhausted, Exists, Invalid
from samplemind_daemon.store.tables import Audios, Contents
from samplemind_daemon.watcher.beneath import look
from samplemind_daemon.watcher.difference import compare
from samplemind_daemon.watcher.mounts import kind_of
from samplemind_daemon.watcher.names import Names
from samplemind_daemon.watcher.problems import MOST, Problems
from samplemind_daemon.watcher.root import Root, is_successor
from samplemind_daemon.watcher.settling import Settling
from samplemind_daemon.watcher.stamp import Stamp
from samplemind_daemon.watcher.sweep import Sweep, sweep

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def watched(path=b"/sounds", recursive=True, include=(), ignore=()):
    return Folder("f", "ada", path, FolderState.ACTIVE, recursive, tuple(include), tuple(ignore), NOW)


def stamp(size=10, mtime_ns=1, inode=1, device=1):
    return Stamp(size, mtime_ns, inode, device)


@pytest.mark.parametrize(
    ("how", "path", "counts"),
    [
        ({}, b"loop.wav", True),
        ({}, b"a/b/LOOP.AIFF", True),
        ({}, b"cover.jpg", False),
        ({}, b"loop", False),
        ({}, b".loop.wav", False),
        ({}, b"a/.hidden/loop.wav", False),
        ({}, b"~syncthing~loop.wav.tmp", False),
        ({}, b"pack.download/loop.wav", False),
        ({"recursive": False}, b"loop.wav", True),
        ({"recursive": False}, b"a/loop.wav", False),
        ({"include": ["*.WAV", "take?"]}, b"take7", True),
        ({"include": ["*.WAV", "take?"]}, b"loop.wav", True),
        ({"include": ["*.wav"]}, b"loop.flac", False),
        ({"include": ["*"]}, b"loop.wav.part", False),
        ({"ignore": ["*old*"]}, b"an OLD one.wav", False),
        ({"ignore": ["drafts"]}, b"drafts/loop.wav", False),
        ({"ignore": ["a/drafts"]}, b"a/drafts/loop.wav", False),
        ({"ignore": ["a/drafts"]}, b"drafts/loop.wav", True),
        ({"include": ["\xe9*"]}, "\xe9t\xe9.xyz".encode(), True),
        ({"include": ["*"]}, b"\xff\xfe", True),
    ],
)
def test_names_count_or_not(how, path, counts):
    assert Names(watched(**how)).wants(path) is counts


def test_a_file_settles_when_it_has_stayed_the_same_for_long_enough():
    settling = Settling(quiet=3, closed=1)
    settling.see(b"a", stamp(size=1), 0.0)
    assert settling.due(2.9, 10) == []
    settling.see(b"a", stamp(size=2), 2.0)  # it has changed
    assert settling.due(4.9, 10) == []
    settling.see(b"a", stamp(size=2), 4.0)  # it has not
    assert settling.due(5.0, 10) == [(b"a", stamp(size=2))]


def test_a_file_settles_sooner_when_its_writer_has_let_go_of_it():
    settling = Settling(quiet=3, closed=1)
    settling.see(b"a", stamp(), 0.0)
    settling.see(b"a", stamp(), 0.5, closed=True)
    assert settling.next_due() == 1.5
    settling.see(b"a", stamp(size=99), 1.0)  # and then somebody writes on
    assert settling.next_due() == 4.0


def test_what_is_gone_settles_after_all_that_is_there():
    settling = Settling(quiet=1, closed=1)
    settling.see(b"gone", None, 0.0)
    settling.see(b"there", stamp(), 0.5)
    assert [path for path, _ in settling.due(2.0, 10)] == [b"there", b"gone"]


def test_mounts_are_told_by_their_longest_prefix():
    info = rb"""
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 21 0:35 / /mnt/nas\040one rw shared:9 - nfs4 nas:/export rw
41 40 0:36 / /mnt/nas\040one/cache rw - tmpfs tmpfs rw
""".strip()
    assert kind_of(b"/home/ada", info) == "ext4"
    assert kind_of(b"/mnt/nas one/loops", info) == "nfs4"
    assert kind_of(b"/mnt/nas one/cache/x", info) == "tmpfs"
    assert kind_of(b"/mnt/nas one else", info) == "ext4"
    assert kind_of(b"/home/ada", b"") == ""


def place(path, audio, inode, missing_at=None):
    return Place(audio, path, 10, 1, 1, inode, missing_at)


def test_a_disk_that_was_mounted_anew_is_known_by_its_files_and_another_is_not():
    known = {b"%d.wav" % number: place(b"%d.wav" % number, str(number), number) for number in range(10)}
    names, empty = Names(watched()), Sweep()
    same = Sweep(files={path: stamp(inode=one.inode, device=2) for path, one in known.items()})
    other = Sweep(files={b"else.wav": stamp()})
    assert is_successor(Root(2, 2, 0), "1:2", known, same, names)
    assert not is_successor(Root(2, 2, 0), "1:2", known, empty, names)  # a mount point without its mount
    assert not is_successor(Root(2, 2, 0), "1:2", known, other, names)  # another disk
    assert not is_successor(Root(1, 9, 0), "1:2", known, empty, names)
    assert is_successor(Root(1, 9, 0), "1:2", known, other, names)  # made anew on the same disk, and used
    assert is_successor(Root(2, 2, 0), "1:2", {}, empty, names)  # there is nothing to lose


def test_inodes_that_do_not_last_are_not_relied_on():
    known = {b"a.wav": place(b"a.wav", "a", inode=1)}
    seen = Sweep(files={b"a.wav": stamp(inode=7)})
    assert compare(known, seen, Names(watched()), inodes=True).fresh
    assert not compare(known, seen, Names(watched()), inodes=False).fresh


def test_files_below_a_folder_that_cannot_be_read_are_not_gone():
    known = {path: place(path, path.decode(), 1) for path in (b"a/b/1.wav", b"ab/2.wav")}
    seen = Sweep(unread={b"a": "Permission denied"})
    assert [one.path for one in compare(known, seen, Names(watched()), True).gone] == [b"ab/2.wav"]


def test_a_sweep_goes_deeper_than_any_path_may_be_long(tmp_path):
    depth, name = 40, b"x" * 200
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open(b"deep.wav", os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(file, b"deep")
    os.close(file)
    os.close(here)
    seen = sweep(os.fsencode(tmp_path), Names(watched()))
    (path,) = seen.files
    assert len(path) > 8_000
    assert look(os.fsencode(tmp_path), [path]) == seen.files


def test_problems_are_few_and_the_newest_comes_first():
    problems = Problems("/sounds")
    for number in range(MOST + 5):
        problems.note(("kind", number), f"problem {number}")
    assert len(problems.sentences()) == MOST
    assert problems.sentences()[0] == f"problem {MOST + 4}"
    problems.keep_only("kind", {("kind", 10)})
    assert problems.sentences() == ("problem 10",)


async def test_a_hundred_thousand_unchanged_files_are_swept_quickly_and_write_nothing(open_ground, tmp_path):
    ground = await open_ground(sweep_seconds=600)
    folder = tmp_path / "many"
    for number in range(200):
        (folder / str(number)).mkdir(parents=True)
        first = folder / str(number) / "0.wav"
        first.write_bytes(b"x")
        for other in range(1, 500):
            os.link(first, folder / str(number) / f"{other}.wav")  # quicker to make than files
    files = sweep(os.fsencode(folder), Names(watched())).files
    await ground.store.write(_know, files, f"{folder.name}-ada")
    known = await ground.watch(folder)
    await ground.watcher.scan(known.id)
    with sqlite3.connect(ground.store.place) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        started = monotonic()
        swept = await ground.watcher.scan(known.id)
        took = monotonic() - started
        assert other.execute("PRAGMA data_version").fetchone() == before
    assert (swept.seen, swept.changed) == (100_000, 0)
    assert took < 10
    assert ground.watcher.health(known.id).backlog == 0


def _know(db, files, folder):
    Contents.insert(sha256="0" * 64, size=1, created_at=NOW).execute(db)
    rows = [
        {
            "id": str(number), "user": "ada", "name": "x", "state": "completed", "state_at": NOW, "created_at": NOW,
            "size": seen.size, "sha256": "0" * 64, "folder": folder, "path": path, "mtime_ns": seen.mtime_ns,
            "device": seen.device, "inode": seen.inode,
        }
        for number, (path, seen) in enumerate(files.items())
    ]  # fmt: skip
    for start in range(0, len(rows), 1_000):
        Audios.insert_many(rows[start : start + 1_000]).execute(db)


@pytest.mark.parametrize(
    "path", ["/", "/etc", "/etc/ssl", "/proc/self", "/dev/shm", "/usr", "relative", "", "/a\0b"]
)
async def test_system_folders_and_what_is_no_path_are_refused(ground, path):
    with pytest.raises(Invalid) as refused:
        await ground.folders.create("ada", "f", path, True, (), ())
    assert "path" in refused.value.fields


async def test_the_daemons_own_home_is_refused_except_for_its_inbox(ground):
    home = ground.settings.home
    (home / "blobs").mkdir()
    ground.settings.inbox.mkdir()
    for own in (home, home / "blobs"):
        with pytest.raises(Invalid) as refused:
            await ground.folders.create("ada", "f", str(own), True, (), ())
        assert refused.value.reason == "DAEMONS_OWN"
    await ground.folders.create("ada", "f", str(ground.settings.inbox), True, (), ())


async def test_a_folder_inside_or_around_another_is_refused_unless_their_files_differ(ground, folder):
    (folder / "drums" / "old").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    drums = await ground.folders.create("ada", "drums", str(folder / "drums"), True, (), ())
    for other in (folder / "drums" / "old", folder):
        with pytest.raises(Exists) as refused:
            await ground.folders.create("ada", "other", str(other), True, (), ())
        assert refused.value.reason == "FOLDER_OVERLAPS"
    await ground.folders.create("ada", "flat", str(folder), False, (), ())
    await ground.folders.create("ada", "hidden", str(folder / ".hidden"), True, (), ())
    with pytest.raises(Exists):
        await ground.folders.update("ada", "flat", True, (), ())
    again = await ground.folders.create("ada", "again", str(folder / "drums") + "/", True, (), ())
    assert again == drums
    (folder / "link").symlink_to(folder / "drums")
    assert await ground.folders.create("ada", "link", str(folder / "link"), True, (), ()) == drums


async def test_folders_and_patterns_are_bounded(ground, folder, monkeypatch):
    with pytest.raises(Invalid) as refused:
        await ground.folders.create("ada", "f", str(folder), True, ["*"] * 101, [""])
    assert set(refused.value.fields) == {"include", "ignore"}
    monkeypatch.setattr("samplemind_daemon.library.folders.MOST_FOLDERS", 1)
    await ground.folders.create("ada", "f", str(folder), True, (), ())
    other = folder.with_name("other")
    other.mkdir()
    with pytest.raises(Exhausted):
        await ground.folders.create("ada", "g", str(other), True, (), ())
