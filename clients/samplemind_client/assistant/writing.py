"""What an assistant may do where it was told that it may change something."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from samplemind_client.assistant.said import sound
from samplemind_client.client import AsyncClient
from samplemind_client.values.analysis import Analysis, Result, Value
from samplemind_client.values.correction import Correction

Id = Annotated[str, Field(description="The id of a sound, as the other tools name it.")]
File = Annotated[str, Field(description="The path of an audio file on this computer.")]


Name = Annotated[str, Field(description="Such as tempo.bpm, key.key, kind.label or tags.words.")]
Corrected = Annotated[
    float | str | list[str] | None,
    Field(description="A number, a word such as 'A minor', or a list of words."),
]


class Writing:
    """Tools that bring sounds in or have them heard."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def tools(self) -> Iterator[Callable[..., Awaitable[dict[str, Any]]]]:
        """All of them."""
        yield self.analyze_file
        yield self.analyze_sound
        yield self.correct_sound

    async def analyze_file(self, path: File) -> dict[str, Any]:
        """Bring a file into the library and say all that is heard in it."""
        if not Path(path).is_file():
            raise ToolError(f"There is no file {path!r}.")
        return _told(await self._heard((await self._client.upload(path)).id))

    async def analyze_sound(self, id: Id) -> dict[str, Any]:
        """Have a sound of the library heard now, as far as that is not done, and say all that is heard in it."""
        return _told(await self._heard(id))

    async def correct_sound(self, id: Id, name: Name, value: Corrected = None) -> dict[str, Any]:
        """Put a value in place of what was heard, because the user says so; without a value, take that back."""
        change = Correction(id, name, undo=True) if value is None else Correction(id, name, _value(value))
        done = await self._client.library.correct(change)
        return _told(done.analyses[0])

    async def _heard(self, id: str) -> Analysis:
        async with aclosing(self._client.analyze(id)) as updates:
            async for update in updates:
                if isinstance(update, Result):
                    return update.analysis
        return await self._client.analysis(id)


def _value(value: float | str | list[str]) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _told(analysis: Analysis) -> dict[str, Any]:
    return sound(analysis.sound, analysis.descriptors.values())
