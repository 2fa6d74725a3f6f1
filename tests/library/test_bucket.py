"""Sounds whose bytes lie in a bucket come, stay and go as those on a disk do, and wait where it is away."""

import asyncio
import sys
from datetime import timedelta

import pytest
from chaos import Chaos
from peopled import ONLY_SQLITE
from sending import DATA

from samplemind_daemon.library import sounds as module
from samplemind_daemon.library.departures import Departures
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.store import leaving, sounds
from samplemind_daemon.store.blobs import open_blobs

pytestmark = ONLY_SQLITE


@pytest.fixture
def chaos(s3):
    chaos = Chaos(f"127.0.0.1:{s3.port}")
    yield chaos
    chaos.close()


@pytest.fixture
def bucket(s3, chaos, monkeypatch):
    """The address of a prefix that nobody else uses, behind a proxy; who asks waits for less long than is usual."""
    environment = s3.environment() | {"AWS_ENDPOINT_URL": f"http://{chaos.address}"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment["SAMPLEMIND_BLOBS"]


@pytest.fixture
def blobs(bucket, settings):
    blobs = open_blobs(settings.model_copy(update={"blobs": bucket}))
    yield blobs
    blobs.close()


@pytest.fixture
def library(store, blobs):
    return Sounds(store, blobs, engine=None)  # no job is open in these tests


@pytest.fixture
def past_grace(monkeypatch):
    """As if all that is in the bucket had been there for long."""
    return lambda: monkeypatch.setattr(module, "GRACE", timedelta(days=-1))


async def finished(uploads, upload):
    """The sound that the upload becomes; None where the bucket is away."""
    try:
        return await uploads.finish("ada", upload.id)
    except Unavailable:
        return None


async def test_bytes_that_nobody_has_go_after_the_grace_and_others_stay(
    uploads, opened, blobs, library, store, past_grace, s3, bucket
):
    had = await uploads.finish("ada", (await opened(DATA)).id)
    gone = await uploads.finish("ada", (await opened(b"gone")).id)
    arriving = await opened(b"arriving")
    blobs.keep(arriving.id, arriving.sha256)  # and the daemon ended before the store knew
    blobs.retire(gone.sha256)
    await store.write(sounds.remove, "ada", gone.id)
    assert await library.sweep() == 0
    past_grace()
    assert await library.sweep() == 1
    assert blobs.has(had.sha256) and blobs.has(arriving.sha256) and not blobs.has(gone.sha256)
    assert len(s3.names(bucket)) == 2  # and no mark of what has gone


async def test_of_what_was_kept_twice_one_is_swept(uploads, opened, blobs, library, past_grace):
    audio = await uploads.finish("ada", (await opened(DATA, "ada")).id)
    await uploads.finish("bob", (await opened(DATA, "bob")).id)
    past_grace()
    assert await library.sweep() == 1 and await library.sweep() == 0
    assert b"".join([data async for _, data in library.read("ada", audio.id)]) == DATA


async def test_what_a_removed_account_alone_had_is_gone_and_what_others_have_or_send_stays(
    uploads, opened, blobs, store
):
    departures = Departures(store, blobs)
    alone, shared, again = [
        await uploads.finish("bob", (await opened(data, "bob")).id) for data in (b"alone", DATA, b"again")
    ]
    await uploads.finish("ada", (await opened(DATA, "ada")).id)
    arriving = await opened(b"again", "ada")
    while gone := await store.write(leaving.forget_sounds, "bob"):
        blobs.let_leave(gone)
    assert await departures.see_off() == 1 and blobs.leaving() == {}
    assert not blobs.has(alone.sha256) and blobs.has(shared.sha256) and blobs.has(again.sha256)
    await uploads.finish("ada", arriving.id)
    assert blobs.has(again.sha256)


async def test_an_upload_waits_in_staging_while_the_bucket_is_away_and_is_finished_after(
    uploads, opened, blobs, store, chaos, monkeypatch
):
    monkeypatch.setattr(sys.modules["samplemind_daemon.store.blobs.fuse"], "PAUSE_SECONDS", 0.1)
    upload = await opened(DATA)
    chaos.reset_share = 1.0
    with pytest.raises(Unavailable) as refused:
        await uploads.finish("ada", upload.id)
    assert refused.value.reason == "BLOBS_UNAVAILABLE" and refused.value.retry_seconds > 0
    assert await uploads.find("ada", upload.id) == (upload, len(DATA))
    assert await store.read(sounds.find, "ada", upload.id) is None
    chaos.reset_share = 0.0
    async with asyncio.timeout(30):
        while (audio := await finished(uploads, upload)) is None:
            await asyncio.sleep(0.05)
    assert blobs.has(audio.sha256)


async def test_what_would_be_refused_anyway_is_not_sent_to_the_bucket(
    store, blobs, settings, opened, s3, bucket
):
    uploads = Uploads(store, blobs, settings.model_copy(update={"max_open_jobs": 0}))
    upload = await opened(DATA)
    for _ in range(3):
        with pytest.raises(Exhausted, match="can wait"):
            await uploads.finish("ada", upload.id)
    assert s3.names(bucket) == []
