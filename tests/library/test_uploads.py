"""An upload becomes a sound once, whole, or not at all."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from samplemind_daemon.library.uploads import LARGEST_PIECE, Uploads
from samplemind_daemon.model import Audio, State, Upload
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound, Untimely
from samplemind_daemon.store import events, jobs, sounds
from samplemind_daemon.store import uploads as table

DATA = bytes(range(256)) * 40


async def pieces(
    id: str, data: bytes, start: int = 0, size: int = 1_000
) -> AsyncIterator[tuple[str, int, bytes]]:
    """What a sender sends."""
    for at in range(start, len(data), size):
        yield id, at, data[at : at + size]


async def one(*piece) -> AsyncIterator[tuple[str, int, bytes]]:
    yield piece


@pytest.fixture
def woken() -> list[None]:
    """Grows by one each time that there is new work."""
    return []


@pytest.fixture
def uploads(store, blobs, settings, woken) -> Uploads:
    return Uploads(store, blobs, settings, lambda: woken.append(None))


@pytest.fixture
def opened(uploads):
    """A maker of open uploads, of which some bytes have been sent already: all unless it is said how many."""

    async def opened(data: bytes = DATA, user: str = "ada", sent: int | None = None) -> Upload:
        upload, _ = await uploads.open(
            user, str(uuid4()), "sound.wav", len(data), hashlib.sha256(data).hexdigest()
        )
        if sent != 0:
            await uploads.send(user, pieces(upload.id, data[:sent]))
        return upload

    return opened


@pytest.fixture
def added(store):
    """How many sounds the event log says were added to a user."""

    async def added(user: str = "ada") -> int:
        return len((await store.read(events.after, user, 0, ("audio.added",)))[0])

    return added


async def test_a_finished_upload_is_a_queued_sound_whose_bytes_are_kept(uploads, opened, blobs, woken, store):
    upload = await opened()
    audio = await uploads.finish("ada", upload.id)
    assert (audio.name, audio.size, audio.state) == ("sound.wav", len(DATA), State.QUEUED)
    assert blobs.path(audio.sha256).read_bytes() == DATA
    assert woken == [None] and await store.read(jobs.count_open, "ada") == 1


async def test_sending_goes_on_from_what_is_committed(uploads, opened):
    upload = await opened(sent=3_000)
    assert await uploads.find("ada", upload.id) == (upload, 3_000)
    assert await uploads.send("ada", pieces(upload.id, DATA, 3_000)) == (upload, len(DATA))
    assert (await uploads.finish("ada", upload.id)).sha256 == upload.sha256


@pytest.mark.parametrize("offset", [0, 2_999, 3_001, -1, 2**62])
async def test_a_piece_that_does_not_begin_at_the_committed_offset_is_refused(uploads, opened, offset):
    upload = await opened(sent=3_000)
    with pytest.raises(Untimely) as refused:
        await uploads.send("ada", one(upload.id, offset, b"x"))
    assert refused.value.reason == "WRONG_OFFSET" and "3000" in refused.value.message
    assert (await uploads.find("ada", upload.id))[1] == 3_000


async def test_more_bytes_than_were_announced_are_refused(uploads, opened):
    upload = await opened()
    with pytest.raises(Invalid) as refused:
        await uploads.send("ada", one(upload.id, len(DATA), b"x"))
    assert refused.value.reason == "TOO_MANY_BYTES"
    assert (await uploads.finish("ada", upload.id)).size == len(DATA)


async def test_a_piece_that_is_too_large_is_refused(uploads, opened):
    upload = await opened(bytes(LARGEST_PIECE + 1), sent=0)
    with pytest.raises(Invalid) as refused:
        await uploads.send("ada", one(upload.id, 0, bytes(LARGEST_PIECE + 1)))
    assert refused.value.reason == "PIECE_TOO_LARGE"


async def test_an_upload_that_lacks_bytes_does_not_become_a_sound(uploads, opened, store):
    upload = await opened(sent=3_000)
    with pytest.raises(Untimely) as refused:
        await uploads.finish("ada", upload.id)
    assert refused.value.reason == "INCOMPLETE" and "3000 of 10240" in refused.value.message
    assert await store.read(sounds.count, "ada") == 0


async def test_other_bytes_than_were_announced_are_refused_and_can_be_sent_again(
    uploads, opened, store, blobs
):
    upload = await opened(sent=0)
    await uploads.send("ada", pieces(upload.id, DATA[::-1]))
    with pytest.raises(Invalid) as refused:
        await uploads.finish("ada", upload.id)
    assert refused.value.reason == "DIGEST_MISMATCH" and await store.read(sounds.count, "ada") == 0
    assert not blobs.path(upload.sha256).exists()
    assert await uploads.find("ada", upload.id) == (upload, 0)
    await uploads.send("ada", pieces(upload.id, DATA))
    assert (await uploads.finish("ada", upload.id)).sha256 == upload.sha256


async def test_finishing_again_answers_the_same_sound(uploads, opened, woken, added):
    upload = await opened()
    first = await uploads.finish("ada", upload.id)
    assert await uploads.finish("ada", upload.id) == first
    assert await added() == 1 and len(woken) == 1


async def test_many_who_finish_the_same_upload_at_once_get_the_same_sound(uploads, opened, added):
    upload = await opened()
    found = await asyncio.gather(*(uploads.finish("ada", upload.id) for _ in range(20)))
    assert {audio.id for audio in found} == {upload.id} and await added() == 1


async def test_two_uploads_of_the_same_bytes_that_finish_at_once_are_one_sound(uploads, opened, added):
    first, second = await opened(), await opened()
    found = await asyncio.gather(uploads.finish("ada", first.id), uploads.finish("ada", second.id))
    assert found[0].id == found[1].id and await added() == 1
    assert await uploads.finish("ada", second.id) == await uploads.finish("ada", first.id)


async def test_bytes_that_the_user_has_are_not_asked_for_again(uploads, opened):
    known = await uploads.finish("ada", (await opened()).id)
    again = await uploads.open("ada", str(uuid4()), "other.wav", len(DATA), known.sha256)
    assert isinstance(again, Audio) and again.id == known.id
    other = await uploads.open("bob", str(uuid4()), "other.wav", len(DATA), known.sha256)
    assert isinstance(other, tuple) and other[1] == 0


async def test_another_users_upload_cannot_be_told_from_none(uploads, opened):
    upload = await opened()
    for deed in (uploads.find, uploads.finish, lambda user, id: uploads.send(user, pieces(id, DATA))):
        said = []
        for id in (upload.id, str(uuid4())):
            with pytest.raises(NotFound) as refused:
                await deed("bob", id)
            said.append((refused.value.reason, refused.value.message.replace(id, "…")))
        assert said[0] == said[1]


async def test_one_stream_sends_to_an_upload_at_a_time(uploads, opened):
    upload, go_on = await opened(sent=0), asyncio.Event()

    async def slow():
        yield upload.id, 0, DATA[:1_000]
        await go_on.wait()
        yield "", 1_000, DATA[1_000:]

    first = asyncio.create_task(uploads.send("ada", slow()))
    while (await uploads.find("ada", upload.id))[1] < 1_000:
        await asyncio.sleep(0.01)
    for deed in (uploads.send("ada", pieces(upload.id, DATA, 1_000)), uploads.finish("ada", upload.id)):
        with pytest.raises(Untimely) as refused:
            await deed
        assert refused.value.reason == "STILL_SENDING"
    go_on.set()
    assert (await first)[1] == len(DATA)
    assert (await uploads.finish("ada", upload.id)).id == upload.id


async def test_a_stream_that_breaks_frees_its_upload_and_keeps_what_came(uploads, opened):
    upload = await opened(sent=0)

    async def breaks():
        yield upload.id, 0, DATA[:1_000]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await uploads.send("ada", breaks())
    assert await uploads.send("ada", pieces(upload.id, DATA, 1_000)) == (upload, len(DATA))


async def test_a_stream_carries_one_upload(uploads, opened):
    first, second = await opened(sent=0), await opened(DATA[:-1], sent=0)

    async def mixed():
        yield first.id, 0, DATA[:1_000]
        yield second.id, 0, DATA[:1_000]

    with pytest.raises(Invalid) as refused:
        await uploads.send("ada", mixed())
    assert refused.value.reason == "ONE_UPLOAD_ONLY"


async def test_who_goes_away_while_it_is_finished_finds_it_finished(uploads, opened, store):
    upload = await opened()
    finishing = asyncio.create_task(uploads.finish("ada", upload.id))
    while not finishing.done() and not uploads._finishing:
        await asyncio.sleep(0)
    finishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finishing
    assert (await uploads.finish("ada", upload.id)).id == upload.id
    assert await store.read(sounds.count, "ada") == 1


async def test_bytes_that_were_kept_before_a_crash_need_not_be_sent_again(
    uploads, opened, blobs, store, settings
):
    upload = await opened()
    blobs.keep(upload.id, upload.sha256)  # and then the power went
    again = Uploads(store, blobs, settings)
    assert (await again.finish("ada", upload.id)).id == upload.id
    assert blobs.path(upload.sha256).read_bytes() == DATA


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
    blobs.staged(upload.id).symlink_to("/dev/full")  # the system's own disk that is always full
    with pytest.raises(Exhausted) as refused:
        await uploads.send("ada", pieces(upload.id, DATA))
    assert refused.value.reason == "DISK_FULL"
    blobs.staged(upload.id).unlink()
    await uploads.send("ada", pieces(upload.id, DATA))
    assert (await uploads.finish("ada", upload.id)).id == upload.id


async def test_what_is_staged_for_uploads_that_are_no_more_is_freed(
    uploads, opened, blobs, store, monkeypatch
):
    finished, going = await opened(), await opened(DATA[1:], sent=1_000)
    kept = await uploads.finish("ada", finished.id)
    monkeypatch.setattr(table, "LIFE", timedelta(0))
    expired = await opened(DATA[2:], sent=1_000)
    blobs.staged("left over").write_bytes(DATA)
    await uploads.tidy()
    assert blobs.staged_uploads() == {going.id}
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
