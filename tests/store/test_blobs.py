"""Kept bytes last before anybody hears of them, whole or not at all, on a disk as in a bucket."""

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samplemind_daemon.refusals import NotFound
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import DiskBlobs, open_blobs

BYTES = b"RIFF and so on" * 1_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
LARGE = os.urandom(1 << 20) * 20
LONG_AGO, SOON = (datetime.now(UTC) + timedelta(days=days) for days in (-2, 2))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def disk(root):
    blobs = DiskBlobs(root)
    blobs.staging.put("u1", 0, BYTES)
    return blobs


@pytest.fixture(params=["disk", "bucket"])
def blobs(request, tmp_path, monkeypatch):
    """A place for bytes of each kind, with an upload that is staged."""
    if request.param == "bucket":
        for name, value in request.getfixturevalue("s3").environment().items():
            monkeypatch.setenv(name, value)
    blobs = open_blobs(Settings(home=tmp_path))
    blobs.staging.put("u1", 0, BYTES)
    yield blobs
    blobs.close()


def kept(blobs):
    """All that is kept, and how many bytes each has."""
    return [(one.sha256, one.size) for folder in blobs.folders() for one in blobs.kept(folder)]


def read(blobs, sha256=SHA256, offset=0):
    return b"".join(blobs.pieces(sha256, offset))


def old(blobs, moment):
    return [one for folder in blobs.folders() for one in blobs.old(folder, moment)]


def test_what_is_kept_is_there_whole_and_from_anywhere_on(blobs):
    assert not blobs.has(SHA256) and kept(blobs) == []
    blobs.keep("u1", SHA256)
    assert blobs.has(SHA256) and kept(blobs) == [(SHA256, len(BYTES))]
    assert (
        read(blobs) == BYTES and read(blobs, offset=5) == BYTES[5:] and read(blobs, offset=len(BYTES)) == b""
    )
    with blobs.holding(SHA256) as path:
        assert path.read_bytes() == BYTES
    assert blobs.staging.uploads() == {"u1"}  # so that it can be done again


def test_a_large_content_is_kept_and_read_as_a_small_one(blobs):
    sha256 = hashlib.sha256(LARGE).hexdigest()
    blobs.staging.put("large", 0, LARGE)
    blobs.keep("large", sha256)
    assert kept(blobs) == [(sha256, len(LARGE))] and read(blobs, sha256) == LARGE
    with blobs.holding(sha256) as path:
        assert path.read_bytes() == LARGE


def test_what_is_not_kept_is_said_not_to_be(blobs):
    with pytest.raises(NotFound, match="not kept"), blobs.holding(SHA256):
        pass
    with pytest.raises(NotFound, match="not kept"):
        read(blobs)
    assert blobs.url(SHA256, 60) is None


def test_to_keep_them_again_does_no_harm(blobs):
    blobs.staging.put("u2", 0, BYTES)
    for upload in ("u1", "u1", "u2"):
        blobs.keep(upload, SHA256)
    assert read(blobs) == BYTES and set(kept(blobs)) == {(SHA256, len(BYTES))}


def test_pieces_come_in_one_by_one_and_a_piece_that_comes_twice_does_no_harm(blobs):
    for offset in (0, 5, 5, 10):
        blobs.staging.put("u2", offset, b"01234")
    assert blobs.staging.path("u2").read_bytes() == b"01234" * 3 and blobs.staging.size("u2") == 15
    assert blobs.staging.size("never") == 0
    assert blobs.staging.path("u2").stat().st_mode & 0o077 == 0


def test_what_is_staged_can_be_listed_and_dropped_and_what_is_kept_stays(blobs):
    blobs.keep("u1", SHA256)
    blobs.staging.put("u2", 0, b"x")
    assert blobs.staging.uploads() == {"u1", "u2"}
    blobs.staging.drop(["u1", "u2", "never"])
    assert blobs.staging.uploads() == set() and read(blobs) == BYTES


def test_what_nobody_has_goes_once_its_grace_is_over(blobs):
    blobs.keep("u1", SHA256)
    assert old(blobs, LONG_AGO) == []
    [found] = old(blobs, SOON)
    assert (found.sha256, found.size, found.is_spare) == (SHA256, len(BYTES), False)
    assert blobs.drop(found, SOON) and not blobs.has(SHA256)


def test_what_is_kept_anew_after_somebody_looked_stays_whatever_is_dropped(blobs):
    blobs.keep("u1", SHA256)
    [found] = old(blobs, SOON)
    moment = datetime.now(UTC) - timedelta(seconds=1)
    blobs.keep("u1", SHA256)
    blobs.drop(found, moment)
    assert read(blobs) == BYTES


def test_the_grace_begins_anew_when_bytes_are_retired(blobs):
    blobs.keep("u1", SHA256)
    [found] = old(blobs, SOON)
    before = datetime.now(UTC) - timedelta(seconds=5)
    blobs.retire(SHA256)
    assert old(blobs, before) == [] and not blobs.drop(found, before) and read(blobs) == BYTES
    assert old(blobs, SOON) == [found] and blobs.drop(found, SOON)
    assert not blobs.has(SHA256) and old(blobs, SOON) == []


def test_what_shall_leave_is_named_with_all_that_is_kept_of_it_until_it_is_struck(blobs):
    blobs.keep("u1", SHA256)
    blobs.let_leave([SHA256])
    [(sha256, [found])] = blobs.leaving().items()
    assert sha256 == found.sha256 == SHA256
    assert blobs.drop(found, SOON) and not blobs.has(SHA256)
    assert blobs.leaving() == {SHA256: []}
    blobs.strike(SHA256)
    assert blobs.leaving() == {}


def test_bytes_from_elsewhere_are_taken_in_if_they_are_those(blobs):
    other = hashlib.sha256(LARGE).hexdigest()
    assert blobs.take_in(SHA256, [BYTES[:10], BYTES[10:]]) and not blobs.take_in(other, [LARGE, b"x"])
    assert kept(blobs) == [(SHA256, len(BYTES))] and read(blobs) == BYTES
    assert blobs.staging.uploads() == {"u1"}


def test_what_is_wrong_is_named_and_put_where_it_harms_nobody(blobs, tmp_path):
    blobs.keep("u1", SHA256)
    [[found]] = [blobs.kept(folder) for folder in blobs.folders()]
    assert blobs.wrong(found, len(BYTES), deep=True) == ""
    assert "aside" in blobs.set_aside(found, tmp_path) and not blobs.has(SHA256)


@pytest.fixture
def calls(monkeypatch, root):
    """What is asked of the file system, in order; each call is made."""
    made = []

    def recorded(name, describe):
        real = getattr(os, name)

        def call(*args, **more):
            made.append((name, *describe(*args)))
            return real(*args, **more)

        monkeypatch.setattr(os, name, call)

    def relative(path):
        return str(Path(os.fsdecode(path)).relative_to(root))

    recorded("fsync", lambda handle: [relative(os.readlink(f"/proc/self/fd/{handle}"))])
    recorded("link", lambda source, target: [relative(source), relative(target)])
    for name in ("replace", "rename"):
        recorded(name, lambda source, target: [relative(source), relative(target)])
    return made


def test_bytes_are_flushed_before_they_get_their_name_and_the_name_after(disk, calls):
    disk.keep("u1", SHA256)
    place = f"sha256/{SHA256[:2]}/{SHA256}"
    names = [call[0] for call in calls]
    flushed, named = calls.index(("fsync", "staging/u1")), names.index("replace")
    assert calls[named][2] == place
    assert flushed < named < calls.index(("fsync", f"sha256/{SHA256[:2]}"))
    assert calls[-1] == ("fsync", "sha256")  # the new folder's own name
    assert disk.path(SHA256).read_bytes() == BYTES


def test_on_a_disk_there_is_one_file_however_often_they_are_kept(disk):
    for _ in range(2):
        disk.keep("u1", SHA256)
    disk.staging.put("u2", 0, BYTES)
    disk.keep("u2", SHA256)
    assert disk.path(SHA256).read_bytes() == BYTES
    assert [one.name for one in disk.path(SHA256).parent.iterdir()] == [SHA256]


def test_what_could_not_be_flushed_is_not_kept_and_must_be_sent_again(disk, monkeypatch):
    def fail(handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        disk.keep("u1", SHA256)
    assert not disk.path(SHA256).exists() and disk.staging.size("u1") == 0


def test_what_nobody_has_is_swept_once_its_grace_is_over_and_not_if_it_is_kept_anew(disk):
    disk.keep("u1", SHA256)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    os.utime(disk.path(SHA256), (long_ago.timestamp(),) * 2)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    [folder] = disk.folders()
    [old] = disk.old(folder, yesterday)
    assert old.sha256 == SHA256 and old.size == len(BYTES)
    disk.staging.put("u2", 0, BYTES)
    disk.keep("u2", SHA256)
    assert not disk.drop(old, yesterday) and disk.has(SHA256)
    os.utime(disk.path(SHA256), (long_ago.timestamp(),) * 2)
    disk.retire(SHA256)  # its grace begins now
    assert disk.old(folder, yesterday) == [] and not disk.drop(old, yesterday)
    os.utime(disk.path(SHA256), (long_ago.timestamp(),) * 2)
    assert disk.drop(old, yesterday) and not disk.has(SHA256)


def test_a_file_that_has_other_bytes_is_found_on_a_disk(disk):
    disk.keep("u1", SHA256)
    [[found]] = [disk.kept(folder) for folder in disk.folders()]
    disk.path(SHA256).write_bytes(b"x" * len(BYTES))
    assert "bytes have changed" in disk.wrong(found, len(BYTES), deep=False)
