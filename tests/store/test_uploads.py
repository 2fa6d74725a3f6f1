"""Uploads are opened once, belong to one user, and are given up after a day."""

import peewee
import pytest

from samplemind_daemon.store import uploads
from samplemind_daemon.store.tables import Uploads


@pytest.fixture
def opened(store):
    async def opened(id, user="ada", name="a.wav"):
        return await store.write(uploads.add, user, id, name, 10, "a" * 64)

    return opened


@pytest.fixture
def a_day_later(store):
    async def a_day_later(*ids):
        past = Uploads.update(expires_at=Uploads.created_at).where(Uploads.id.in_(ids))
        await store.write(lambda db: past.execute(db))

    return a_day_later


async def test_an_upload_is_opened_once_under_its_id(store, opened):
    first = await opened("u1", name="first.wav")
    assert await opened("u1", name="second.wav") == first
    assert await store.read(uploads.find, "ada", "u1") == first
    assert await store.read(uploads.count_open, "ada") == 1


async def test_nobody_finds_or_opens_anothers_upload(store, opened):
    await opened("u1")
    assert await store.read(uploads.find, "bob", "u1") is None
    assert await store.read(uploads.count_open, "bob") == 0
    with pytest.raises(peewee.DoesNotExist):
        await opened("u1", user="bob")


async def test_a_finished_upload_remembers_its_sound_and_is_not_open(store, opened):
    await opened("u1")
    await opened("u2")
    await store.write(uploads.finish, "u1", "sound")
    assert (await store.read(uploads.find, "ada", "u1")).audio == "sound"
    assert await store.read(uploads.count_open, "ada") == 1
    assert await store.read(uploads.unfinished) == {"u2"}


async def test_expired_uploads_are_forgotten_in_portions_and_no_others(store, opened, a_day_later):
    for number in range(5):
        await opened(f"u{number}")
    await a_day_later("u0", "u1", "u2")
    assert await store.write(uploads.forget, 2) == 2
    assert await store.write(uploads.forget, 2) == 1
    assert await store.write(uploads.forget, 2) == 0
    assert await store.read(uploads.unfinished) == {"u3", "u4"}
