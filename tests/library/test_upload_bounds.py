"""Uploads have bounds: how many, how large, how named, how long, and how much the disk holds."""

import asyncio
import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from sending import DATA, pieces

from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound
from samplemind_daemon.store import jobs, sounds
from samplemind_daemon.store import uploads as table
from samplemind_daemon.store.tables import Uploads as Table


async def test_at_most_so_many_uploads_of_a_user_are_open(uploads, opened, settings):
    first = await opened()
    for number in range(1, settings.max_open_uploads):
        await opened(DATA[number:], sent=0)
    with pytest.raises(Exhausted) as refused:
        await opened(DATA[:100])
    assert refused.value.reason == "TOO_MANY_UPLOADS" and refused.value.retry_seconds > 0
    await opened(user="bob")
    await uploads.finish("ada", first.id)
    await opened(DATA[:100])


async def test_many_who_open_at_once_do_not_slip_past_the_bound(uploads, settings):
    asked = [uploads.open("ada", str(uuid4()), "a.wav", 10, f"{number:064x}") for number in range(20)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, tuple) for answer in answers) == settings.max_open_uploads
    assert all(isinstance(answer, tuple | Exhausted) for answer in answers)


async def test_past_the_users_jobs_nothing_is_taken_in_and_later_it_is(uploads, opened, settings, store):
    for number in range(settings.max_open_jobs):
        await uploads.finish("ada", (await opened(DATA[number:])).id)
    upload = await opened(DATA[:100])
    with pytest.raises(Exhausted) as refused:
        await uploads.finish("ada", upload.id)
    assert refused.value.reason == "TOO_MANY_JOBS" and refused.value.retry_seconds > 0
    assert await store.read(sounds.count, "ada") == settings.max_open_jobs
    listed = await store.read(sounds.page, "ada", sounds.Listing(), 1)
    await store.write(jobs.cancel, "ada", listed[0].id)
    assert (await uploads.finish("ada", upload.id)).id == upload.id


async def test_a_user_keeps_so_many_sounds_and_so_many_bytes_and_others_keep_theirs(store, blobs, settings):
    for quota, reason in (
        ({"max_sounds": 2}, "TOO_MANY_SOUNDS"),
        ({"max_stored_gb": 250e-9}, "TOO_MUCH_STORED"),
    ):
        uploads = Uploads(store, blobs, settings.model_copy(update=quota))
        opened = [await uploads.open("ada", str(uuid4()), "a.wav", 100, f"{n:064x}") for n in range(2)]
        with pytest.raises(Exhausted) as refused:
            await uploads.open("ada", str(uuid4()), "a.wav", 100, f"{3:064x}")
        assert refused.value.reason == reason and refused.value.retry_seconds > 0
        assert await uploads.open("ada", opened[0][0].id, "a.wav", 100, f"{0:064x}")  # a retry is no new one
        assert await uploads.open("bob", str(uuid4()), "a.wav", 100, f"{3:064x}")
        await store.write(_give_up_all)


def _give_up_all(db):
    Table.delete().execute(db)


@pytest.mark.parametrize(
    ("name", "size", "sha256", "field"),
    [
        ("", 1, "a" * 64, "name"), ("x" * 256, 1, "a" * 64, "name"), ("..", 1, "a" * 64, "name"),
        ("a/", 1, "a" * 64, "name"), ("a.wav", 0, "a" * 64, "size_bytes"), ("a.wav", -1, "a" * 64, "size_bytes"),
        ("a.wav", 100_000_001, "a" * 64, "size_bytes"), ("a.wav", 1, "A" * 64, "sha256"), ("a.wav", 1, "", "sha256"),
    ],
)  # fmt: skip
async def test_an_upload_that_cannot_be_is_refused_field_by_field(uploads, name, size, sha256, field):
    with pytest.raises(Invalid) as refused:
        await uploads.open("ada", str(uuid4()), name, size, sha256)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\Windows\\passwd", "/passwd", "a\0/passwd\0", " passwd "]
)
async def test_of_a_path_only_the_name_is_taken(uploads, name):
    upload, _ = await uploads.open("ada", str(uuid4()), name, 1, "a" * 64)
    assert upload.name == "passwd"


async def test_a_full_disk_is_said_and_what_came_before_stays(uploads, opened, blobs):
    upload = await opened(sent=0)
    blobs.staging.path(upload.id).symlink_to("/dev/full")  # the system's own disk that is always full
    with pytest.raises(Exhausted) as refused:
        await uploads.send("ada", pieces(upload.id, DATA))
    assert refused.value.reason == "DISK_FULL"
    blobs.staging.path(upload.id).unlink()
    await uploads.send("ada", pieces(upload.id, DATA))
    assert (await uploads.finish("ada", upload.id)).id == upload.id


async def test_what_is_staged_for_uploads_that_are_no_more_is_freed(
    uploads, opened, blobs, store, monkeypatch
):
    finished, going = await opened(), await opened(DATA[1:], sent=1_000)
    kept = await uploads.finish("ada", finished.id)
    monkeypatch.setattr(table, "LIFE", timedelta(0))
    expired = await opened(DATA[2:], sent=1_000)
    blobs.staging.path("left over").write_bytes(DATA)
    await uploads.tidy()
    assert blobs.staging.uploads() == {going.id}
    assert blobs.path(kept.sha256).read_bytes() == DATA
    with pytest.raises(NotFound):
        await uploads.find("ada", expired.id)
    assert (await uploads.send("ada", pieces(going.id, DATA[1:], 1_000)))[1] == len(DATA) - 1


async def test_a_sound_of_the_same_bytes_that_has_gone_missing_does_not_stand_for_an_upload(
    uploads, opened, store
):
    known = await uploads.finish("ada", (await opened()).id)
    await store.write(lambda db: db.execute_sql("UPDATE audios SET missing_at = 1"))
    again = await uploads.finish("ada", (await opened()).id)
    assert again.id != known.id and again.missing_at is None
    assert await uploads.open("ada", str(uuid4()), "a.wav", len(DATA), again.sha256) == again


async def test_ten_megabytes_are_on_the_disk_within_seconds(uploads, opened, blobs):
    data, start = os.urandom(10_000_000), time.monotonic()
    upload = await opened(data, sent=0)
    await uploads.send("ada", pieces(upload.id, data, size=64 * 1024))
    await uploads.finish("ada", upload.id)
    assert time.monotonic() - start < 10
    assert blobs.path(upload.sha256).stat().st_size == len(data)
