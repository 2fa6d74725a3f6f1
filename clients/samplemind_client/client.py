"""The two clients: one for asyncio, and the same one for code that waits."""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from samplemind.v1 import status_pb2 as pb
from samplemind_client import events, hearing, playing, uploads
from samplemind_client.accounts import AsyncAuth, AsyncKeys, Auth, Keys
from samplemind_client.flags import AsyncFlags, Flags
from samplemind_client.folders import AsyncFolders, Folders
from samplemind_client.library import AsyncLibrary, Library
from samplemind_client.line.channel import Trust
from samplemind_client.line.line import Line
from samplemind_client.line.tries import DELAYS
from samplemind_client.plugins import AsyncPlugins, Plugins
from samplemind_client.sounds import AsyncSounds, Sounds
from samplemind_client.uploads import Progress
from samplemind_client.values.analysis import Analysis, BatchOutcome, Job, Update
from samplemind_client.values.event import Event
from samplemind_client.values.live import LiveUpdate, Stream
from samplemind_client.values.sound import Sound
from samplemind_client.values.status import Info, Status, read_info, read_status
from samplemind_client.waiting import Waiting
from samplemind_client.whereabouts import find


class AsyncClient:
    """A daemon, asked with asyncio.

    With no arguments it asks the daemon that the `samplemind` command would. `server` is "host:port",
    or "https://host:port" for TLS, where `root_certificates` (PEM) replace the system's. `delays` are
    the seconds before each new try after a break; then CannotReach is raised.
    """

    def __init__(
        self,
        server: str = "",
        *,
        key: str = "",
        root_certificates: bytes | None = None,
        delays: Sequence[float] = DELAYS,
    ) -> None:
        where = find(server, key)
        trust = Trust(root_certificates) if root_certificates else where.trust
        self._line = Line(where.server, where.credential, trust=trust, delays=delays)
        self.server = where.server
        self.auth = AsyncAuth(self._line)
        self.keys = AsyncKeys(self._line)
        self.sounds = AsyncSounds(self._line)
        self.library = AsyncLibrary(self._line)
        self.folders = AsyncFolders(self._line)
        self.plugins = AsyncPlugins(self._line)
        self.flags = AsyncFlags(self._line)

    async def upload(
        self, path: str | os.PathLike[str], progress: Progress | None = None, name: str | None = None
    ) -> Sound:
        """Bring a file to the daemon, which queues it; `progress` hears bytes sent and bytes in all."""
        return await uploads.upload(self._line, path, progress, name)

    def analyze(self, audio_id: str) -> AsyncGenerator[Update, None]:
        """Have a sound analysed now: Queued, Decoding and Descriptor as they come, and last the Result."""
        return hearing.analyze(self._line, audio_id)

    def analyze_batch(self, audio_ids: Iterable[str]) -> AsyncGenerator[BatchOutcome, None]:
        """Have many sounds analysed: one outcome each, as they are done."""
        return hearing.analyze_batch(self._line, audio_ids)

    async def analysis(self, audio_id: str) -> Analysis:
        """All that is known of a sound."""
        return await hearing.analysis(self._line, audio_id)

    def analyses(
        self, filter: str = "", order_by: str = "", descriptors: Iterable[str] = ()
    ) -> AsyncGenerator[Analysis, None]:
        """The analyses of all sounds, with the named descriptors, or all but lists; filtered as sounds.list()."""
        return hearing.analyses(self._line, filter, order_by, descriptors)

    def play(
        self,
        sound: AsyncIterator[bytes],
        stream: Stream,
        *,
        descriptors: Iterable[str] = (),
        update_seconds: float = 0.0,
        keep: bool = False,
        name: str = "",
    ) -> AsyncGenerator[LiveUpdate, None]:
        """Have sound heard as it is played, in pieces of any size: what is heard, as it is heard; LiveEnd last.

        With `keep` it becomes an ordinary sound of that name. It goes on after a break.
        """
        return playing.play(self._line, sound, stream, descriptors, update_seconds, keep, name)

    async def cancel(self, audio_id: str) -> Job:
        """Cancel the open job of a sound."""
        return await hearing.cancel(self._line, audio_id)

    async def reanalyze(self, audio_id: str, *, everything: bool = False) -> Job:
        """Queue a sound again: what is stale, or everything."""
        return await hearing.reanalyze(self._line, audio_id, everything)

    def events(self, cursor: str = "", kinds: Iterable[str] = ()) -> AsyncGenerator[Event, None]:
        """What happens after a cursor, for ever: "" from now on, "0" all that is kept. Nothing is missed."""
        return events.follow(self._line, cursor, kinds)

    def past_events(self, cursor: str = "", kinds: Iterable[str] = ()) -> AsyncGenerator[Event, None]:
        """What happened after a cursor until now."""
        return events.past(self._line, cursor, kinds)

    async def info(self) -> Info:
        """What the daemon says of itself to anyone."""
        request = pb.GetInfoRequest()
        return read_info(
            await self._line.call("StatusService/GetInfo", request, pb.GetInfoResponse, signed=False)
        )

    async def status(self) -> Status:
        """How the daemon and the caller's work are."""
        request = pb.GetStatusRequest()
        return read_status(await self._line.call("StatusService/GetStatus", request, pb.GetStatusResponse))

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Client:
    """A daemon, asked by code that waits; as AsyncClient in all else. Threads may share one."""

    def __init__(
        self,
        server: str = "",
        *,
        key: str = "",
        root_certificates: bytes | None = None,
        delays: Sequence[float] = DELAYS,
    ) -> None:
        self._client = AsyncClient(server, key=key, root_certificates=root_certificates, delays=delays)
        self._waiting = Waiting()
        self.server = self._client.server
        self.auth = Auth(self._client.auth, self._waiting)
        self.keys = Keys(self._client.keys, self._waiting)
        self.sounds = Sounds(self._client.sounds, self._waiting)
        self.library = Library(self._client.library, self._waiting)
        self.folders = Folders(self._client.folders, self._waiting)
        self.plugins = Plugins(self._client.plugins, self._waiting)
        self.flags = Flags(self._client.flags, self._waiting)

    def upload(
        self, path: str | os.PathLike[str], progress: Progress | None = None, name: str | None = None
    ) -> Sound:
        """Bring a file to the daemon, which queues it; `progress` hears bytes sent and bytes in all."""
        return self._waiting.run(self._client.upload(path, progress, name))

    def analyze(self, audio_id: str) -> Iterator[Update]:
        """Have a sound analysed now: Queued, Decoding and Descriptor as they come, and last the Result."""
        return self._waiting.each(self._client.analyze(audio_id))

    def analyze_batch(self, audio_ids: Iterable[str]) -> Iterator[BatchOutcome]:
        """Have many sounds analysed: one outcome each, as they are done."""
        return self._waiting.each(self._client.analyze_batch(audio_ids))

    def analysis(self, audio_id: str) -> Analysis:
        """All that is known of a sound."""
        return self._waiting.run(self._client.analysis(audio_id))

    def analyses(
        self, filter: str = "", order_by: str = "", descriptors: Iterable[str] = ()
    ) -> Iterator[Analysis]:
        """The analyses of all sounds, with the named descriptors, or all but lists; filtered as sounds.list()."""
        return self._waiting.each(self._client.analyses(filter, order_by, descriptors))

    def play(
        self,
        sound: Iterable[bytes],
        stream: Stream,
        *,
        descriptors: Iterable[str] = (),
        update_seconds: float = 0.0,
        keep: bool = False,
        name: str = "",
    ) -> Iterator[LiveUpdate]:
        """Have sound heard as it is played, in pieces of any size: what is heard, as it is heard; LiveEnd last.

        With `keep` it becomes an ordinary sound of that name. It goes on after a break.
        """
        played = playing.aside(sound)
        return self._waiting.each(
            self._client.play(
                played, stream, descriptors=descriptors, update_seconds=update_seconds, keep=keep, name=name
            )
        )

    def cancel(self, audio_id: str) -> Job:
        """Cancel the open job of a sound."""
        return self._waiting.run(self._client.cancel(audio_id))

    def reanalyze(self, audio_id: str, *, everything: bool = False) -> Job:
        """Queue a sound again: what is stale, or everything."""
        return self._waiting.run(self._client.reanalyze(audio_id, everything=everything))

    def events(self, cursor: str = "", kinds: Iterable[str] = ()) -> Iterator[Event]:
        """What happens after a cursor, for ever: "" from now on, "0" all that is kept. Nothing is missed."""
        return self._waiting.each(self._client.events(cursor, kinds))

    def past_events(self, cursor: str = "", kinds: Iterable[str] = ()) -> Iterator[Event]:
        """What happened after a cursor until now."""
        return self._waiting.each(self._client.past_events(cursor, kinds))

    def info(self) -> Info:
        """What the daemon says of itself to anyone."""
        return self._waiting.run(self._client.info())

    def status(self) -> Status:
        """How the daemon and the caller's work are."""
        return self._waiting.run(self._client.status())

    def close(self) -> None:
        """Hang up."""
        if not self._waiting.closed:
            self._waiting.run(self._client.close())
            self._waiting.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
