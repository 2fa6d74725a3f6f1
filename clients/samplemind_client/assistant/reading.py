"""What an assistant may ask without changing anything."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Annotated, Any

from pydantic import Field

from samplemind_client.assistant.asked import Wanted
from samplemind_client.assistant.said import TABLE, sound
from samplemind_client.client import AsyncClient

MOST_COMPARED = 10

Id = Annotated[str, Field(description="The id of a sound, as the other tools name it.")]
Ids = Annotated[list[str], Field(min_length=2, max_length=MOST_COMPARED, description="Ids of sounds.")]
Limit = Annotated[int, Field(ge=1, le=100, description="How many sounds at most.")]
Order = Annotated[
    str, Field(description="created_at, name, bpm, key, loudness, duration or energy; then ' desc'.")
]
Stretch = Annotated[
    float, Field(ge=0, le=0.5, description="By how much a sound may be stretched: 0.08 is 8 %.")
]
Pitch = Annotated[bool, Field(description="Whether the pitch stays when a sound is stretched.")]
EVERY = Wanted.model_validate({})


class Reading:
    """Tools that leave the library as it is."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def tools(self) -> Iterator[Callable[..., Awaitable[dict[str, Any]]]]:
        """All of them."""
        yield self.library_status
        yield self.search_sounds
        yield self.get_sound
        yield self.compare_sounds
        yield self.similar_sounds
        yield self.fitting_sounds

    async def library_status(self) -> dict[str, Any]:
        """How many sounds there are, by state, and whether analysis is at work."""
        found = await self._client.status()
        return {
            "sounds": dict(found.sounds),
            "workers_busy": found.busy,
            "workers": found.workers,
            "analyzers": list(found.analyzers),
        }

    async def search_sounds(
        self, wanted: Wanted = EVERY, order_by: Order = "", limit: Limit = 20
    ) -> dict[str, Any]:
        """The sounds that match, with what is most asked of each, and how many match in all."""
        clauses, rows = wanted.clauses(), []
        counted = await self._client.library.count(wanted.text, **clauses)
        query = self._client.library.query(wanted.text, order_by=order_by, descriptors=TABLE, **clauses)
        async with aclosing(query) as found:
            async for one in found:
                rows.append(sound(one.sound, one.descriptors.values()))
                if len(rows) == limit:
                    break
        return {"total": counted.total, "sounds": rows}

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

    async def similar_sounds(self, id: Id, among: Wanted = EVERY, limit: Limit = 10) -> dict[str, Any]:
        """The sounds most like one, the nearest first: distance 0 is the same."""
        found = await self._client.library.similar(
            id, text=among.text, limit=limit, descriptors=TABLE, **among.clauses()
        )
        return {
            "compared": found.compared,
            "sounds": [
                {"distance": round(one.distance, 3)} | sound(one.found.sound, one.found.descriptors.values())
                for one in found.neighbours
            ],
        }

    async def fitting_sounds(
        self,
        id: Id,
        among: Wanted = EVERY,
        stretch_limit: Stretch = 0.08,
        keep_pitch: Pitch = False,
        limit: Limit = 10,
    ) -> dict[str, Any]:
        """The sounds that fit one musically, the best first, each with its reasons: tempo, key, loudness, spectrum."""
        found = await self._client.library.compatible(
            id, stretch_limit=stretch_limit, keep_pitch=keep_pitch, text=among.text, limit=limit,
            descriptors=TABLE, **among.clauses(),
        )  # fmt: skip
        return {
            "compared": found.compared,
            "sounds": [
                {
                    "score": round(one.score, 3), "speed": one.speed, "semitones": one.semitones,
                    "reasons": [reason.sentence for reason in one.reasons],
                }
                | sound(one.found.sound, one.found.descriptors.values())
                for one in found.matches
            ],
        }  # fmt: skip
