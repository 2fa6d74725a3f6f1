"""The stretch of sound that analyzers hear, and the rule that nothing about it is computed twice."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 44_100  # Hz; every block has this rate, whatever the file or the DAW had
BLOCK = 2**18  # samples in every block but the last: about six seconds, as each costs a thousand calls
PAST = 2**14  # samples of its past that a block carries: room for the longest frame


@dataclass(frozen=True, eq=False)
class Block:
    """A few seconds of sound, with enough of its past that features need no memory of their own.

    All analyzers share it, so its arrays are read-only.
    """

    samples: Samples  # shape (channels, length) at RATE; full scale is 1.0
    past: Samples  # shape (channels, PAST): what came just before, or silence at the start
    source: Samples  # shape (channels, n): the same stretch as decoded, at source_rate
    source_rate: int  # Hz
    start: int  # position of the first sample in the stream, at RATE
    _memo: dict[Callable[["Block"], Any], Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("samples", "past", "source"):
            shared = getattr(self, name).view()  # whoever made the array may go on writing to it
            shared.flags.writeable = False
            object.__setattr__(self, name, shared)

    @property
    def length(self) -> int:
        """Samples at RATE."""
        return int(self.samples.shape[1])


Value = TypeVar("Value")


def feature(compute: Callable[[Block], Value]) -> Callable[[Block], Value]:
    """Make a pure function of a block a feature: computed on first use, then shared by all analyzers.

    An array that it returns becomes read-only.
    """

    @wraps(compute)
    def once(block: Block) -> Value:
        if compute not in block._memo:
            value = compute(block)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False  # it is shared, so nobody may scribble on it
            block._memo[compute] = value
        found: Value = block._memo[compute]
        return found

    return once


class Cutter:
    """Cuts a stream into blocks: in whatever pieces it arrives, analyzers hear the same ones.

    `source_rate` is the rate of the pieces as decoded, in Hz. Blocks hold `size` samples at RATE,
    the last one what is left.
    """

    def __init__(self, source_rate: int = RATE, size: int = BLOCK) -> None:
        self._source_rate, self._size = source_rate, size
        self._sound, self._source = _Queue(), _Queue()
        self._start = 0
        self._past: Samples | None = None

    def push(self, sound: Samples, source: Samples | None = None) -> Iterator[Block]:
        """Take in the next piece at RATE, and as decoded if that is another; give the blocks it completes."""
        self._sound.add(sound)
        if source is None:
            self._source = self._sound
        else:
            self._source.add(source)
        while self._sound.length >= self._size and self._source.length >= self._stretch():
            yield self._cut(self._size, self._stretch())

    def finish(self) -> Iterator[Block]:
        """Give the last, shorter block, if anything is left."""
        if self._sound.length or self._source.length:
            yield self._cut(self._sound.length, self._source.length)

    def _stretch(self) -> int:
        end = (self._start + self._size) * self._source_rate // RATE
        return end - self._start * self._source_rate // RATE

    def _cut(self, length: int, stretch: int) -> Block:
        samples = self._sound.take(length)
        source = samples if self._source is self._sound else self._source.take(stretch)
        past = np.zeros((len(samples), PAST), np.float32) if self._past is None else self._past
        block = Block(samples, past, source, self._source_rate, self._start)
        recent = samples if length >= PAST else np.concatenate([past, samples], axis=1)
        self._past = np.ascontiguousarray(recent[:, -PAST:])
        self._start += length
        return block


def blocks(pieces: Iterable[Samples], size: int = BLOCK) -> Iterator[Block]:
    """The blocks of a stream that has RATE already; pieces have shape (channels, any length)."""
    cutter = Cutter(RATE, size)
    for piece in pieces:
        yield from cutter.push(piece)
    yield from cutter.finish()


class _Queue:
    """Samples waiting to be cut."""

    def __init__(self) -> None:
        self._pieces: deque[Samples] = deque()
        self._channels = self.length = 0

    def add(self, piece: Samples) -> None:
        self._channels = piece.shape[0]
        self._pieces.append(piece)
        self.length += piece.shape[1]

    def take(self, count: int) -> Samples:
        """The oldest `count` samples, copied once, channel by channel in memory."""
        taken = np.empty((self._channels, count), np.float32)
        filled = 0
        while filled < count:
            piece = self._pieces.popleft()
            if piece.shape[1] > count - filled:
                piece, rest = np.split(piece, [count - filled], axis=1)
                self._pieces.appendleft(rest)
            taken[:, filled : filled + piece.shape[1]] = piece
            filled += piece.shape[1]
        self.length -= count
        return taken


class Tape:
    """Memory for an analyzer that must hear a sound whole: keeps its first `seconds`, and no more."""

    def __init__(self, seconds: float) -> None:
        self._room = int(seconds * RATE)
        self._pieces: list[Samples] = []

    def add(self, mono: Samples) -> None:
        """Keep what fits of shape (length,)."""
        kept = mono[: self._room]
        if len(kept):
            self._pieces.append(kept.copy())  # a slice would hold on to all that it was cut from
            self._room -= len(kept)

    @property
    def signal(self) -> Samples:
        """All that was kept, shape (length,)."""
        return np.concatenate([np.zeros(0, np.float32), *self._pieces])
