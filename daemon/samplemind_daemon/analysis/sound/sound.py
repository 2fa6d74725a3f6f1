"""One file being heard: probed, decoded, checked, resampled once, and cut into blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from samplemind_daemon.model import Media
from samplemind_sdk import Block, Samples

from .decoding import Decoder, begin
from .feed import Feed
from .file import File
from .header import Header, truncated
from .probe import probe
from .tags import read_tags

LONGEST_SECONDS = 6 * 3_600.0
_GATHERED = 2**15  # frames that are resampled at once, or more


def open_sound(path: bytes | str | Path, *, longest_seconds: float = LONGEST_SECONDS) -> "Sound":
    """Open a file to hear it; raises CannotDecode where its beginning shows already that it cannot be."""
    file = File(path)
    try:
        header = probe(file)
        tags = {**read_tags(file), **header.tags}
        decoder, pieces = begin(file, header, longest_seconds)
        return Sound(file, replace(header, tags=tags), decoder, pieces, longest_seconds)
    except BaseException:
        file.close()
        raise


class Sound:
    """One file being heard, once, from its start to its end.

    `media` holds what the header says until blocks() is exhausted; from then on `media.seconds` is
    what was decoded, and `media.warnings` are complete. `expected_seconds` is a hint, None if unknown.
    """

    def __init__(
        self, file: File, header: Header, decoder: Decoder, pieces: Iterator[Samples], longest_seconds: float
    ) -> None:
        self._file, self._decoder, self._pieces = file, decoder, pieces
        self._claimed = header.frames if header.frames is not None else decoder.frames
        self._slack = max(header.slack, decoder.slack)
        self._feed = Feed(decoder.rate, decoder.channels, longest_seconds)
        self.expected_seconds = None if self._claimed is None else self._claimed / decoder.rate
        self.media = Media(
            container=header.container,
            codec=header.codec or decoder.codec,
            rate=decoder.rate,
            channels=decoder.channels,
            bits=header.bits,
            seconds=self.expected_seconds or 0.0,
            tags=header.tags,
            warnings=header.warnings,
        )

    def blocks(self) -> Iterator[Block]:
        """The sound in blocks, each with its stretch of the source; raises CannotDecode where it ends badly."""
        for piece in _gathered(self._pieces):
            for _, block in self._feed.push(piece):
                yield block
        self._check_end()
        for _, block in self._feed.finish():
            yield block

    def close(self) -> None:
        """Let go of the file."""
        self._decoder.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_end(self) -> None:
        """Compare what was heard with what was claimed, and let `media` say it."""
        if self._claimed is not None and self._feed.heard + self._slack < self._claimed:
            raise truncated(self._feed.heard, self._claimed, "frames")
        warnings = (*self.media.warnings, *self._decoder.warnings)
        self.media = replace(self.media, seconds=self._feed.heard / self.media.rate, warnings=warnings)


def _gathered(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in pieces of a useful size: some decoders give 20 ms at a time."""
    waiting: list[Samples] = []
    count = 0
    for piece in pieces:
        waiting.append(piece)
        count += len(piece)
        if count >= _GATHERED:
            yield waiting[0] if len(waiting) == 1 else np.concatenate(waiting)
            waiting, count = [], 0
    if count:
        yield np.concatenate(waiting)
