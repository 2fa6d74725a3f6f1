"""Engine rooms, stores and places for bytes, and what the library makes of them."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from engine_room import engine_rooms
from peopled import peopled
from sending import DATA, pieces

from samplemind_daemon.library.analyses import Analyses
from samplemind_daemon.library.batches import Batches
from samplemind_daemon.library.plugins import Plugins
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.model import Upload
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store
from samplemind_daemon.store.blobs import DiskBlobs


@pytest.fixture
async def room(tmp_path):
    """Opens engine rooms with the deeds of the library, and closes them when the test is over."""
    async with engine_rooms(tmp_path) as open_room:

        async def open(most=1_000, **how):
            one = await open_room(**how)
            settings = one.settings.model_copy(update={"max_open_jobs": most})
            one.analyses = Analyses(one.store, one.engine, one.recipes, settings)
            one.batches = Batches(one.store, one.engine, one.recipes, settings)
            one.plugins = Plugins(one.store, one.recipes)
            return one

        yield open


@pytest.fixture
async def store(place: Path | str) -> AsyncIterator[Store]:
    """A store with two users in it, ada and bob, on each of the two databases."""
    async with peopled(place) as store:
        yield store


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "blobs")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, max_open_uploads=3, max_open_jobs=3, heartbeat_seconds=0.2)


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
