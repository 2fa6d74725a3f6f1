"""What a live stream is to be heard as."""

from dataclasses import dataclass

WIDTHS = {"f32le": 4, "s16le": 2, "s24le": 3}  # bytes of a sample, by format


@dataclass(frozen=True)
class LiveConfig:
    """A stream of interleaved samples; `told` names the analyzers that are told of while it goes on."""

    format: str  # one of WIDTHS
    rate: int  # Hz
    channels: int
    told: tuple[str, ...] = ()  # analyzers, or descriptors of theirs; the usual ones if empty
    update_seconds: float = 0.0  # between two estimates; the usual if 0
    keep: bool = False  # whether the sound becomes an ordinary one
    name: str = ""  # as which file
    token: str = ""  # of a stream that broke off, and goes on

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return WIDTHS[self.format] * self.channels


@dataclass(frozen=True)
class LivePiece:
    """Frames, the first of which is number `frame` of the stream."""

    frame: int
    data: bytes


@dataclass(frozen=True)
class LiveEnd:
    """The stream is over."""


LiveMessage = LiveConfig | LivePiece | LiveEnd
