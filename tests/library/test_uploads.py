"""An upload becomes a sound once, whole, or not at all."""

import asyncio
from uuid import uuid4

import pytest
from sending import DATA, one, pieces

from samplemind_daemon.library.uploads import LARGEST_PIECE, Uploads
from samplemind_daemon.model import Audio, State
from samplemind_daemon.refusals import Invalid, NotFound, Untimely
from samplemind_daemon.store import events, jobs, sounds


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
