"""A door in a house of its own, with a clock that tests turn."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samplemind_daemon.access import Access
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store

PASSWORD = "seven purple geese"


class Clock:
    """Tells the time that tests say it is."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def store(home: Path) -> AsyncIterator[Store]:
    store = Store(home / "samplemind.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
async def access(store: Store, home: Path, clock: Clock) -> AsyncIterator[Access]:
    access = Access(store, Settings(home=home), clock)
    yield access
    await access.close()


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
async def ada(access: Access) -> str:
    """The e-mail address of a user."""
    await access.register("ada@example.org", PASSWORD)
    return "ada@example.org"


@pytest.fixture
async def bob(access: Access) -> str:
    """The e-mail address of another user."""
    await access.register("bob@example.org", PASSWORD)
    return "bob@example.org"
