"""A stream and the analyzers that listen to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from samplemind_daemon.analysis.listening import Listening, Said
from samplemind_daemon.analysis.live.pcm import Format, samples
from samplemind_daemon.analysis.live.timeline import Gap, Timeline
from samplemind_daemon.analysis.sound.feed import Feed
from samplemind_daemon.model import Descriptor
from samplemind_sdk import RATE, Analyzer, Samples

FINE, COARSE = (
    2**12,
    2**14,
)  # samples at RATE: 93 ms for the analyzers that hear so finely, 372 ms for the others


class Live:
    """A stream being heard, in whatever pieces it comes; at its end, it is described as the same file would be."""

    def __init__(
        self,
        plan: Iterable[type[Analyzer]],
        settings: Mapping[str, Mapping[str, Any]],
        rate: int,
        channels: int,
        format: Format,
        longest_seconds: float,
    ) -> None:
        kinds = tuple(plan)
        fine = frozenset(kind.name for kind in kinds if kind.grain <= FINE)
        self._parts = (fine, frozenset(kind.name for kind in kinds) - fine)
        self._listening = Listening(kinds, settings)
        coarse = max([COARSE, *(kind.grain for kind in kinds)])
        self._feed = Feed(rate, channels, longest_seconds, FINE, coarse)
        self._rate, self._channels, self._format = rate, channels, format
        self.timeline = Timeline(rate)
        self.analysed = 0  # frames that the analyzers of the fine part have heard

    def hear(self, frame: int, data: bytes) -> Gap | None:
        """Hear a piece whose first frame is number `frame`; the gap before it, heard as silence, if there is one.

        Raises Broken and CannotDecode.
        """
        piece = samples(data, self._format, self._channels)
        gap, known = self.timeline.place(frame, len(piece))
        if gap:
            self._push(_silence(gap.frames, self._channels))
        self._push(piece[known:])
        return gap

    def now(self) -> tuple[Descriptor, ...]:
        """What the meters show."""
        return tuple(self._listening.now())

    def estimate(self, analyzers: Collection[str]) -> Iterator[Said]:
        """What these analyzers believe so far, and those that they build upon."""
        return self._listening.describe(analyzers)

    def finish(self) -> Iterator[Said]:
        """Hear what is left, and say all that was found."""
        for number, block in self._feed.finish():
            self._listening.hear(block, self._parts[number])
        self.analysed = self._feed.heard
        return self._listening.describe()

    @property
    def seconds(self) -> float:
        """How long the stream is so far, silence in gaps included."""
        return self._feed.heard / self._rate

    def _push(self, piece: Samples) -> None:
        for number, block in self._feed.push(piece):
            self._listening.hear(block, self._parts[number])
            if number == 0:
                self.analysed = (block.start + block.length) * self._rate // RATE


def _silence(frames: int, channels: int) -> Samples:
    return samples(bytes(2 * frames * channels), Format.S16, channels)
