"""A store with people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from samplemind_daemon.model import Role
from samplemind_daemon.store import Store, users


@asynccontextmanager
async def peopled(folder: Path) -> AsyncIterator[Store]:
    """A store in a folder of its own, with two users in it, ada and bob."""
    store = Store(folder / "samplemind.db")
    store.migrate()
    for user in ("ada", "bob"):
        moment = datetime(2026, 3, 1, tzinfo=UTC)
        await store.write(users.add, user, f"{user}@example.org", None, Role.MEMBER, moment)
    yield store
    store.close()
