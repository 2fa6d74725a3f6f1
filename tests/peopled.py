"""A store with people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samplemind_daemon.model import Role
from samplemind_daemon.store import Store, users

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ONLY_SQLITE = pytest.mark.parametrize(
    "place", ["sqlite"], indirect=True
)  # of what is about its file, or its words


@asynccontextmanager
async def peopled(place: Path | str) -> AsyncIterator[Store]:
    """A store at this path or URL, with two users in it, ada and bob."""
    store = Store(place)
    store.migrate()
    for user in ("ada", "bob"):
        moment = datetime(2026, 3, 1, tzinfo=UTC)
        await store.write(users.add, user, f"{user}@example.org", None, Role.MEMBER, moment)
    yield store
    store.close()
