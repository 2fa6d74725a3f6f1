"""A watcher of real folders, with real notices, a real database and short waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic

import pytest

from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Audio, Folder, Job, Role
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Database, Store, events, jobs, sounds, users
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Jobs
from samplemind_daemon.watcher import Watcher

ADA, BOB = "ada", "bob"


class Ground:
    """A house with a watcher in it: what tests do to it, and what they may ask."""

    def __init__(self, home: Path, **settings: object) -> None:
        short = {"quiet_seconds": 0.3, "closed_seconds": 0.1, "sweep_seconds": 1.0}
        self.settings = Settings(home=home, **{**short, **settings})
        self.store = Store(home / "samplemind.db")
        self.store.migrate()
        self.work = 0
        self.folders = Folders(self.store, self.settings, self._on_work)
        self.watcher = Watcher(self.folders, self.settings)

    async def restart(self) -> None:
        """Stop watching, and begin anew, as after a restart of the daemon."""
        await self.watcher.stop()
        self.watcher = Watcher(self.folders, self.settings)
        await self.watcher.start()

    async def watch(self, path: Path, user: str = ADA, **how: object) -> Folder:
        given = {"recursive": True, "include": (), "ignore": (), **how}
        return await self.folders.create(user, f"{path.name}-{user}", str(path), **given)

    def write(self, folder: Path, *names: str) -> None:
        """Put files into a folder; each holds its own name."""
        for name in names:
            (folder / name).write_bytes(name.encode())

    async def missing(self) -> set[str]:
        """The names of ada's sounds whose files are missing."""
        return {name for name, sound in (await self.sounds()).items() if sound.missing_at}

    async def sounds(self, user: str = ADA) -> dict[str, Audio]:
        """The user's sounds, by name."""
        found = await self.store.read(sounds.page, user, sounds.Listing(), 100_000)
        assert len({sound.path for sound in found}) == len(found), "a file is known twice"
        return {sound.name: sound for sound in found}

    async def jobs(self) -> list[Job]:
        """All jobs there ever were, oldest first."""
        return await self.store.read(_every_job)

    async def events(self, user: str = ADA) -> list[str]:
        """The kinds of what has happened, oldest first."""
        found, _ = await self.store.read(events.after, user, 0, (), 100_000)
        return [event.kind for event in found]

    async def until(self, happens: Callable[[], Awaitable[object]], seconds: float = 10) -> None:
        """Wait for something to become true."""
        end = monotonic() + seconds
        while not await happens():
            assert monotonic() < end, "it did not happen"
            await asyncio.sleep(0.05)

    async def known(self, *names: str, user: str = ADA, seconds: float = 10) -> dict[str, Audio]:
        """Wait until just these sounds are known and none of them is missing; the sounds."""

        async def all_there() -> bool:
            found = await self.sounds(user)
            return {name for name, one in found.items() if one.missing_at is None} >= set(names)

        await self.until(all_there, seconds)
        return await self.sounds(user)

    async def idle(self) -> None:
        """Wait for twice the time that anything takes to be noticed."""
        await asyncio.sleep(2.5)

    def _on_work(self) -> None:
        self.work += 1


def _every_job(db: Database) -> list[Job]:
    rows = Jobs.select().order_by(Jobs.created_at).execute(db)
    return [job for row in rows if (job := jobs.find(db, row.user, row.id))]


def _add_users(db: Database) -> None:
    for name, role in ((ADA, Role.OWNER), (BOB, Role.MEMBER)):
        users.add(db, name, f"{name}@example.org", None, role, now())


@pytest.fixture
async def open_ground(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Ground]]]:
    """A maker of grounds: `await open_ground(max_open_jobs=3)`."""
    opened = []

    async def make(**settings: object) -> Ground:
        ground = Ground(tmp_path / f"home{len(opened)}", **settings)
        opened.append(ground)
        await ground.store.write(_add_users)
        await ground.watcher.start()
        return ground

    yield make
    for ground in opened:
        await ground.watcher.stop()
        ground.store.close()


@pytest.fixture
async def ground(open_ground: Callable[..., Awaitable[Ground]]) -> Ground:
    """A ground with short waits."""
    return await open_ground()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to be watched."""
    path = tmp_path / "sounds"
    path.mkdir()
    return path
