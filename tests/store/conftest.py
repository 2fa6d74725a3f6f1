"""A store on each of the two databases, with two users in it, and sounds that take no bytes."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from peopled import peopled

from samplemind_daemon.model import Audio, Job, Lane
from samplemind_daemon.store import Store, events, jobs, sounds


@pytest.fixture
async def store(place: Path | str) -> AsyncIterator[Store]:
    async with peopled(place) as store:
        yield store


@pytest.fixture
def sound(store: Store) -> Callable[..., Awaitable[Audio]]:
    """A maker of sounds: each has a content of its own unless one is given."""
    numbers = itertools.count(1)

    async def sound(user: str = "ada", content: str = "", **more) -> Audio:
        number = next(numbers)
        about = {"name": f"{number:03}.wav", "size": 1_000 + number} | more
        sha256 = (content or f"{number:x}").rjust(64, "0")
        return await store.write(sounds.add, user, f"{user}-{number:03}", sha256=sha256, **about)

    return sound


@pytest.fixture
def queued(store: Store, sound) -> Callable[..., Awaitable[Job]]:
    """A maker of jobs, each on a new sound."""

    async def queued(user: str = "ada", lane: Lane = Lane.BATCH, **more) -> Job:
        return await store.write(jobs.add, await sound(user, **more), lane)

    return queued


@pytest.fixture
def told(store: Store) -> Callable[..., Awaitable[list[str]]]:
    """The kinds of all that a user was told after an event, oldest first."""

    async def told(user: str = "ada", after: int = 0) -> list[str]:
        found, _ = await store.read(events.after, user, after, (), 10_000)
        return [one.kind for one in found]

    return told
