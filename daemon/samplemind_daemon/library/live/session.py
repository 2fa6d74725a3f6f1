"""One stream of a user, which may break and go on."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from samplemind_daemon.library.live.recording import Recording
from samplemind_daemon.model import Audio, LiveConfig, LivePiece, Media, Problem, Result
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.live_messages import Interim, Moment
from samplemind_daemon.work.stage import Player

LARGEST_PIECE = 64 * 1024  # bytes
MOST_FRAMES = 2**53


@dataclass(frozen=True)
class Started:
    """The stream is heard, from this frame on; the token goes on with it after a break."""

    token: str
    next_frame: int


@dataclass(frozen=True)
class Over:
    """The stream was heard to its end; the sound that it became, or why it did not, where it is kept."""

    media: Media
    audio: Audio | None = None
    problem: Problem | None = None


Heard = Moment | Interim | Result | Media | TaskFailed
Said = Started | Moment | Interim | Result | Over


class Session:
    """A stream, its worker, and the file that it is kept in, if it is."""

    def __init__(
        self, user: str, token: str, config: LiveConfig, player: Player, recording: Recording | None
    ) -> None:
        self.user, self.token, self.config = user, token, config
        self.recording = recording
        self.player = player
        self.finished = False  # whether its end was said
        self.attached: asyncio.Task[None] | None = None  # that takes in what comes now
        self.given_up: asyncio.TimerHandle | None = None  # when it will be, while nobody is attached

    @property
    def next_frame(self) -> int:
        """The frame that is expected."""
        return self.player.received

    async def hear(self, piece: LivePiece) -> None:
        """Hear a piece; Invalid for one that is too long, no whole number of frames, or before all others."""
        width = self.config.frame_bytes
        if len(piece.data) > LARGEST_PIECE:
            raise Invalid(
                "PIECE_TOO_LARGE", f"A piece has at most {LARGEST_PIECE} bytes, not {len(piece.data)}."
            )
        if len(piece.data) % width:
            raise Invalid(
                "HALF_A_FRAME", f"A frame has {width} bytes, and {len(piece.data)} are no whole number."
            )
        if not 0 <= piece.frame < MOST_FRAMES:
            raise Invalid("INVALID_FRAME", f"Frames are counted from 0, not {piece.frame}.")
        if self.recording:
            await asyncio.to_thread(self.recording.write, piece.frame, piece.data)
        await self.player.hear(piece.frame, piece.data, len(piece.data) // width)

    async def finish(self) -> None:
        """Say that nothing more will come."""
        if not self.finished:
            self.finished = True
            await self.player.finish()

    async def said(self) -> AsyncGenerator[Heard, None]:
        """All that is heard, as it is heard."""
        async for one in self.player.said():
            yield one
