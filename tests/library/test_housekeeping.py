"""What is past keeping goes; what anybody still has stays."""

import os
from datetime import timedelta

import pytest

from samplemind_daemon.access import Access
from samplemind_daemon.library import housekeeping as module
from samplemind_daemon.library.departures import Departures
from samplemind_daemon.library.housekeeping import Housekeeping
from samplemind_daemon.library.sounds import GRACE, Sounds
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.library.writing import Keeping, Proof, Scribe, Writes
from samplemind_daemon.model import Query
from samplemind_daemon.store import answers, catalogue, events, query, sounds
from samplemind_daemon.store.moments import now
from samplemind_daemon.work.crew import Crew

OLD = (now() - GRACE - timedelta(hours=1)).timestamp()


@pytest.fixture
def library(store, blobs):
    return Sounds(store, blobs, engine=None)  # no job is open in these tests


@pytest.fixture
def keep(blobs, store):
    """Keeps a content, of a user or of nobody, that was kept long ago."""

    async def keep(content: bytes, user: str | None = "ada") -> str:
        sha256 = content.hex().rjust(64, "0")
        blobs.staging.path("upload").write_bytes(content)
        blobs.keep("upload", sha256)
        blobs.staging.drop(["upload"])
        os.utime(blobs.path(sha256), (OLD, OLD))
        if user is not None:
            await store.write(sounds.add, user, f"{user}-{sha256[-30:]}", "a.wav", len(content), sha256)
        return sha256

    return keep


async def test_bytes_that_nobody_has_go_after_the_grace(library, keep, blobs):
    had, orphan, young = await keep(b"had"), await keep(b"orphan", None), await keep(b"young", None)
    os.utime(blobs.path(young))
    assert await library.sweep() == 1
    assert blobs.path(had).exists() and blobs.path(young).exists() and not blobs.path(orphan).exists()
    assert await library.sweep() == 0


async def test_the_grace_begins_when_the_last_sound_is_deleted(library, keep, blobs, store):
    sha256 = await keep(b"long kept")
    blobs.retire(sha256)
    await store.write(sounds.remove, "ada", f"ada-{sha256[-30:]}")
    assert await library.sweep() == 0 and blobs.path(sha256).exists()
    os.utime(blobs.path(sha256), (OLD, OLD))
    assert await library.sweep() == 1


async def test_bytes_that_come_back_while_they_are_swept_stay(library, keep, blobs, store, monkeypatch):
    sha256 = await keep(b"comes back", None)
    drop = blobs.drop

    def drop_after_it_came_back(copy, moment):
        blobs.staging.path("again").write_bytes(b"comes back")
        blobs.keep("again", sha256)  # between the look and the deed
        return drop(copy, moment)

    monkeypatch.setattr(blobs, "drop", drop_after_it_came_back)
    assert await library.sweep() == 0 and blobs.path(sha256).read_bytes() == b"comes back"


async def test_what_a_crash_left_half_kept_goes_too(library, keep, blobs):
    sha256 = await keep(b"kept")
    half = blobs.path(sha256).with_name(".upload")
    half.write_bytes(b"half")
    os.utime(half, (OLD, OLD))
    assert await library.sweep() == 1 and not half.exists() and blobs.path(sha256).exists()


@pytest.fixture
async def housekeeping(store, settings, library, blobs, monkeypatch):
    monkeypatch.setattr(module, "STEP", 10)
    access = Access(store, settings)
    keeping = Keeping(settings.home)
    scribe = Scribe(store, keeping, Proof(Crew(1), 60))
    writes = Writes(store, keeping, scribe, lambda folder: lambda path: True)
    yield Housekeeping(
        store, settings, access, library, Uploads(store, blobs, settings), Departures(store, blobs), writes
    )
    await access.close()


async def test_old_events_and_answers_go_and_new_ones_stay(housekeeping, store, settings, monkeypatch):
    def record(db):
        for _ in range(35):
            events.record(db, "ada", "audio.added")
            answers.keep(db, "ada", f"old {db.touched}{events.bounds(db, 'ada')}", "method", b"")

    await store.write(record)
    await store.write(lambda db: db.execute_sql("UPDATE events SET at = 1 WHERE sequence <= 33"))
    await store.write(lambda db: db.execute_sql("UPDATE answers SET at = 1"))
    await store.write(answers.keep, "ada", "new", "method", b"answer")
    await housekeeping.tidy()
    assert await store.read(events.bounds, "ada") == (34, 35)
    assert await store.read(answers.find, "ada", "new") == ("method", b"answer")
    assert await store.read(lambda db: list(db.execute_sql("SELECT count(*) FROM answers"))) == [(1,)]


async def test_sounds_of_an_earlier_version_are_entered_in_the_catalogue(housekeeping, store, monkeypatch):
    monkeypatch.setattr(catalogue, "STEP", 3)
    for number in range(7):
        await store.write(sounds.add, "ada", f"sound-{number}", f"Loop {number}.wav", 9, f"{number:064}")
    for table in ("catalogue", "labels", "words"):
        await store.write(lambda db, table=table: db.execute_sql(f"DELETE FROM {table}"))
    assert await store.read(query.ids, "ada", Query(text="loop")) == []
    await housekeeping.tidy()
    assert len(await store.read(query.ids, "ada", Query(text="loop"))) == 7


async def test_a_chore_that_fails_keeps_no_other_from_being_done(housekeeping, store, library, monkeypatch):
    async def fails():
        raise OSError("no such disk")

    monkeypatch.setitem(housekeeping._chores, "uploads", fails)
    await store.write(events.record, "ada", "audio.added")
    await store.write(lambda db: db.execute_sql("UPDATE events SET at = 1"))
    await housekeeping.tidy()
    assert await store.read(events.bounds, "ada") == (2, 1)


async def test_housekeeping_ends_when_it_is_told_to(housekeeping):
    await housekeeping.start()
    await housekeeping.stop()
