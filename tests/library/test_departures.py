"""Bytes of accounts that were removed go at once, and nobody else's with them."""

import os

import pytest
from sending import DATA

from samplemind_daemon.library.departures import Departures
from samplemind_daemon.store import leaving


@pytest.fixture
def departures(store, blobs):
    return Departures(store, blobs)


@pytest.fixture
def remove(store, blobs):
    """Takes an account out, as the command does."""

    async def remove(user):
        assert await store.write(leaving.shut_out, user)
        while gone := await store.write(leaving.forget_sounds, user):
            blobs.let_leave(gone)
        await store.write(leaving.forget_account, user)

    return remove


def age(blobs, sha256, seconds=60):
    then = blobs.path(sha256).stat().st_mtime - seconds
    os.utime(blobs.path(sha256), (then, then))


async def test_what_a_removed_account_alone_had_is_gone_and_what_others_have_stays(
    uploads, opened, blobs, departures, remove
):
    alone = await uploads.finish("bob", (await opened(b"of bob alone", "bob")).id)
    shared = await uploads.finish("bob", (await opened(DATA, "bob")).id)
    await uploads.finish("ada", (await opened(DATA, "ada")).id)
    for one in (alone, shared):
        age(blobs, one.sha256)
    assert await departures.see_off() == 0
    await remove("bob")
    assert await departures.see_off() == 1
    assert not blobs.path(alone.sha256).exists() and blobs.path(shared.sha256).exists()
    assert blobs.leaving() == {}


async def test_bytes_that_somebody_is_about_to_have_stay(uploads, opened, blobs, departures, remove):
    gone = await uploads.finish("bob", (await opened(DATA, "bob")).id)
    arriving = await opened(DATA, "ada")
    age(blobs, gone.sha256)
    await remove("bob")
    assert await departures.see_off() == 0 and blobs.path(gone.sha256).exists()
    audio = await uploads.finish("ada", arriving.id)
    assert blobs.path(audio.sha256).exists() and await departures.see_off() == 0


async def test_bytes_that_were_kept_just_now_are_looked_at_again(uploads, opened, blobs, departures, remove):
    gone = await uploads.finish("bob", (await opened(DATA, "bob")).id)
    await remove("bob")
    assert await departures.see_off() == 0 and list(blobs.leaving()) == [gone.sha256]
    age(blobs, gone.sha256)
    assert await departures.see_off() == 1 and blobs.leaving() == {}


async def test_what_was_to_go_and_is_gone_already_is_forgotten(uploads, opened, blobs, departures, remove):
    gone = await uploads.finish("bob", (await opened(DATA, "bob")).id)
    await remove("bob")
    blobs.path(gone.sha256).unlink()
    assert await departures.see_off() == 0 and blobs.leaving() == {}
