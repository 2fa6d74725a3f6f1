"""Sounds are given out whole and right, from a disk as from a bucket, and nobody takes wrong bytes for right ones."""

import hashlib
import os
import sys

import pytest
from peopled import ONLY_SQLITE
from sending import DATA

from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.refusals import Damaged, NotFound
from samplemind_daemon.store.blobs import open_blobs

pytestmark = ONLY_SQLITE

FAR = os.urandom(1 << 20) * 2


@pytest.fixture
def blobs(s3_place, settings, monkeypatch):
    """A bucket, of which little is near."""
    blobs = open_blobs(settings.model_copy(update={"blobs": s3_place}))
    monkeypatch.setattr(sys.modules["samplemind_daemon.store.blobs.s3"], "SMALL", len(DATA))
    yield blobs
    blobs.close()


@pytest.fixture
def library(store, blobs):
    return Sounds(store, blobs, engine=None)


@pytest.fixture
def kept(uploads: Uploads, opened):
    """Sends a sound that is kept."""

    async def kept(data):
        return await uploads.finish("ada", (await opened(data)).id)

    return kept


async def got(library, audio, offset=0):
    """All that is given out, and how it ended."""
    data = b""
    try:
        async for at, piece in library.read("ada", audio.id, offset):
            assert at == offset + len(data)
            data += piece
    except Damaged:
        return data, "damaged"
    return data, "whole"


def rewrite(s3, s3_place, data):
    """Have other bytes in the bucket than were kept."""
    [name] = [name for name in s3.names(s3_place) if name.startswith("sha256/")]
    s3.client.put_object(Bucket="sounds", Key=f"{s3_place.split('/', 3)[3]}/{name}", Body=data)


@pytest.mark.parametrize("data", [DATA, FAR], ids=["near", "far"])
async def test_a_sound_in_a_bucket_is_given_out_from_anywhere_on(library, kept, data):
    audio = await kept(data)
    assert await got(library, audio) == (data, "whole")
    for offset in (1, len(data) - 5, len(data)):
        assert await got(library, audio, offset) == (data[offset:], "whole")


async def test_only_what_is_near_is_fetched_whole_before_the_first_byte(library, kept, blobs):
    near, far = await kept(DATA), await kept(FAR)
    for audio in (near, far):
        await got(library, audio)
    assert blobs.is_near(near.sha256, 10**9) and not blobs.is_near(far.sha256, 10**9)


@pytest.mark.parametrize("wrong", [FAR[:-1] + bytes([FAR[-1] ^ 1]), FAR[:-1]], ids=["other", "fewer"])
async def test_of_wrong_bytes_in_a_bucket_nobody_gets_all(library, kept, s3, s3_place, wrong):
    audio = await kept(FAR)
    rewrite(s3, s3_place, wrong)
    data, end = await got(library, audio)
    assert end == "damaged" and len(data) < len(wrong)


async def test_a_file_that_changed_in_the_cache_is_refused_once_and_got_again(library, kept, settings):
    audio = await kept(DATA)
    assert await got(library, audio) == (DATA, "whole")
    (settings.cache_folder / audio.sha256).write_bytes(b"x" * len(DATA))
    assert await got(library, audio) == (b"", "damaged")
    assert await got(library, audio) == (DATA, "whole")


async def test_what_is_gone_from_the_bucket_is_said_to_be_gone(library, kept, blobs, s3, s3_place):
    audio = await kept(DATA)
    for name in s3.names(s3_place):
        s3.client.delete_object(Bucket="sounds", Key=f"{s3_place.split('/', 3)[3]}/{name}")
    with pytest.raises(NotFound, match=f"{hashlib.sha256(DATA).hexdigest()}"):
        await anext(library.read("ada", audio.id))
