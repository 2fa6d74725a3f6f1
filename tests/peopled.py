"""A store with people in it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samplemind_daemon.model import Role
from samplemind_daemon.store import Database, Store, users
from samplemind_daemon.store.opening import opened

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ONLY_SQLITE = pytest.mark.parametrize(
    "place", ["sqlite"], indirect=True
)  # of what is about its file, or its words


@contextmanager
def inhabited(place: Path | str) -> Iterator[Database]:
    """A database at this path or URL, with the same two users in it."""
    Store(place).migrate()
    with closing(opened(place)) as db:
        for user in ("ada", "bob"):
            users.add(db, user, f"{user}@example.org", None, Role.MEMBER, datetime(2026, 3, 1, tzinfo=UTC))
        yield db


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
