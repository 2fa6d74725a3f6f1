"""The sounds that the daemon keeps for the caller."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path

from samplemind.v1 import audio_pb2 as pb
from samplemind_client.errors import SampleMindError
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.uploads import Progress
from samplemind_client.values.sound import Sound, read_sound
from samplemind_client.waiting import Waiting


class AsyncSounds:
    """The caller's sounds."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def get(self, audio_id: str) -> Sound:
        """One sound."""
        request = pb.AudioServiceGetRequest(audio_id=audio_id)
        answer = await self._line.call("AudioService/Get", request, pb.AudioServiceGetResponse)
        return read_sound(answer.audio)

    def list(self, filter: str = "", order_by: str = "") -> AsyncGenerator[Sound, None]:
        """The sounds, newest first, fetched page by page.

        `filter` is such as 'state = failed AND name : kick'; `order_by` such as 'name' or 'size_bytes desc'.
        """

        async def page(token: str) -> tuple[Iterator[Sound], str]:
            request = pb.AudioServiceListRequest(page_token=token, filter=filter, order_by=order_by)
            answer = await self._line.call("AudioService/List", request, pb.AudioServiceListResponse)
            return map(read_sound, answer.audios), answer.next_page_token

        return pages(page)

    async def rename(self, audio_id: str, name: str) -> Sound:
        """The sound under its new name."""
        request = pb.AudioServiceUpdateRequest(audio_id=audio_id, name=name, request_id=request_id())
        answer = await self._line.call("AudioService/Update", request, pb.AudioServiceUpdateResponse)
        return read_sound(answer.audio)

    async def delete(self, audio_id: str) -> None:
        """Delete a sound and its analyses; a file in a watch folder stays where it is, and is forgotten."""
        request = pb.AudioServiceDeleteRequest(audio_id=audio_id, request_id=request_id())
        await self._line.call("AudioService/Delete", request, pb.AudioServiceDeleteResponse)

    async def download(
        self, audio_id: str, path: str | os.PathLike[str], progress: Progress | None = None
    ) -> Sound:
        """Write the sound's bytes to a file, which is there only once they are whole and checked."""
        sound = await self.get(audio_id)
        part = Path(f"{os.fspath(path)}.part")
        try:
            digest = hashlib.sha256()
            with await asyncio.to_thread(part.open, "wb") as file:
                async with aclosing(self._bytes(audio_id)) as pieces:
                    async for data in pieces:
                        await asyncio.to_thread(file.write, data)
                        digest.update(data)
                        if progress:
                            progress(file.tell(), sound.size)
            if digest.hexdigest() != sound.sha256:
                raise SampleMindError(
                    "DATA_LOSS", "DIGEST_MISMATCH", f"{sound.name!r} came with other bytes."
                )
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        return sound

    async def _bytes(self, audio_id: str) -> AsyncGenerator[bytes, None]:
        """The sound's bytes in pieces, each once, however often the stream breaks."""
        heard, tries = 0, self._line.tries()

        def request() -> pb.DownloadRequest:
            return pb.DownloadRequest(audio_id=audio_id, offset=heard)

        stream = self._line.stream("AudioService/Download", request, pb.DownloadResponse, tries)
        async with aclosing(stream) as messages:
            async for message in messages:
                heard += len(message.data)
                tries.renew()
                yield message.data


class Sounds:
    """AsyncSounds for code that waits."""

    def __init__(self, sounds: AsyncSounds, waiting: Waiting) -> None:
        self._sounds, self._waiting = sounds, waiting

    def get(self, audio_id: str) -> Sound:
        """One sound."""
        return self._waiting.run(self._sounds.get(audio_id))

    def list(self, filter: str = "", order_by: str = "") -> Iterator[Sound]:
        """The sounds, newest first, fetched page by page.

        `filter` is such as 'state = failed AND name : kick'; `order_by` such as 'name' or 'size_bytes desc'.
        """
        return self._waiting.each(self._sounds.list(filter, order_by))

    def rename(self, audio_id: str, name: str) -> Sound:
        """The sound under its new name."""
        return self._waiting.run(self._sounds.rename(audio_id, name))

    def delete(self, audio_id: str) -> None:
        """Delete a sound and its analyses; a file in a watch folder stays where it is, and is forgotten."""
        self._waiting.run(self._sounds.delete(audio_id))

    def download(
        self, audio_id: str, path: str | os.PathLike[str], progress: Progress | None = None
    ) -> Sound:
        """Write the sound's bytes to a file, which is there only once they are whole and checked."""
        return self._waiting.run(self._sounds.download(audio_id, path, progress))
