"""A store with two users in it, and a place for bytes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samplemind_daemon.model import Role
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, users
from samplemind_daemon.store.blobs import Blobs


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "samplemind.db")
    store.migrate()
    for user in ("ada", "bob"):
        moment = datetime(2026, 3, 1, tzinfo=UTC)
        await store.write(users.add, user, f"{user}@example.org", None, Role.MEMBER, moment)
    yield store
    store.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, max_open_uploads=3, max_open_jobs=3, heartbeat_seconds=0.2)
