"""Kept bytes are on the disk before anybody hears of them, whole or not at all."""

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samplemind_daemon.store.blobs import DiskBlobs

BYTES = b"RIFF and so on" * 1_000
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def blobs(root):
    blobs = DiskBlobs(root)
    blobs.staging.put("u1", 0, BYTES)
    return blobs


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


def test_bytes_are_flushed_before_they_get_their_name_and_the_name_after(blobs, calls):
    blobs.keep("u1", SHA256)
    place = f"sha256/{SHA256[:2]}/{SHA256}"
    names = [call[0] for call in calls]
    flushed, named = calls.index(("fsync", "staging/u1")), names.index("replace")
    assert calls[named][2] == place
    assert flushed < named < calls.index(("fsync", f"sha256/{SHA256[:2]}"))
    assert calls[-1] == ("fsync", "sha256")  # the new folder's own name
    assert blobs.path(SHA256).read_bytes() == BYTES


def test_to_keep_them_again_changes_nothing(blobs):
    for _ in range(2):
        blobs.keep("u1", SHA256)
    blobs.staging.put("u2", 0, BYTES)
    blobs.keep("u2", SHA256)
    assert blobs.path(SHA256).read_bytes() == BYTES
    assert [one.name for one in blobs.path(SHA256).parent.iterdir()] == [SHA256]


def test_what_could_not_be_flushed_is_not_kept_and_must_be_sent_again(blobs, monkeypatch):
    def fail(handle):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        blobs.keep("u1", SHA256)
    assert not blobs.path(SHA256).exists() and blobs.staging.size("u1") == 0


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
    assert blobs.staging.uploads() == set() and blobs.path(SHA256).read_bytes() == BYTES


def test_what_nobody_has_is_swept_once_its_grace_is_over_and_not_if_it_is_kept_anew(blobs):
    blobs.keep("u1", SHA256)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    os.utime(blobs.path(SHA256), (long_ago.timestamp(),) * 2)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    [folder] = blobs.folders()
    [old] = blobs.old(folder, yesterday)
    assert old.sha256 == SHA256 and old.size == len(BYTES)
    blobs.staging.put("u2", 0, BYTES)
    blobs.keep("u2", SHA256)
    assert not blobs.drop(old, yesterday) and blobs.has(SHA256)
    os.utime(blobs.path(SHA256), (long_ago.timestamp(),) * 2)
    blobs.retire(SHA256)  # its grace begins now
    assert blobs.old(folder, yesterday) == [] and not blobs.drop(old, yesterday)
    os.utime(blobs.path(SHA256), (long_ago.timestamp(),) * 2)
    assert blobs.drop(old, yesterday) and not blobs.has(SHA256)
