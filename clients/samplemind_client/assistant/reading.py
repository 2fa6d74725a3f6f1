"""What an assistant may ask without changing anything."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any

from pydantic import Field

from samplemind_client.assistant.said import sound
from samplemind_client.client import AsyncClient

MOST_COMPARED = 10

Id = Annotated[str, Field(description="The id of a sound, as the other tools name it.")]
Ids = Annotated[list[str], Field(min_length=2, max_length=MOST_COMPARED, description="Ids of sounds.")]


class Reading:
    """Tools that leave the library as it is."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def tools(self) -> Iterator[Callable[..., Awaitable[dict[str, Any]]]]:
        """All of them."""
        yield self.library_status
        yield self.get_sound
        yield self.compare_sounds

    async def library_status(self) -> dict[str, Any]:
        """How many sounds there are, by state, and whether analysis is at work."""
        found = await self._client.status()
        return {
            "sounds": dict(found.sounds),
            "workers_busy": found.busy,
            "workers": found.workers,
            "analyzers": list(found.analyzers),
        }

    async def get_sound(self, id: Id) -> dict[str, Any]:
        """All that was heard in one sound."""
        analysis = await self._client.analysis(id)
        return sound(analysis.sound, analysis.descriptors.values())

    async def compare_sounds(self, ids: Ids) -> dict[str, Any]:
        """What was heard in several sounds, side by side: each finding with its value in every sound."""
        known = [await self._client.analysis(id) for id in dict.fromkeys(ids)]
        told = {one.sound.id: sound(one.sound, one.descriptors.values()) for one in known}
        names = dict.fromkeys(name for one in told.values() for name in one["findings"])
        return {
            "sounds": [{key: one[key] for key in ("id", "name", "seconds")} for one in told.values()],
            "findings": {name: {id: one["findings"].get(name) for id, one in told.items()} for name in names},
        }
