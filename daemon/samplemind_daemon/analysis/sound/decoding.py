"""Which decoder hears a file: the first that gives sound; and what both of them are."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from samplemind_sdk import Samples

from .cannot import CannotDecode
from .file import File
from .header import Header, check, truncated
from .libav import Libav
from .libsndfile import Libsndfile


class Decoder(Protocol):
    """One file, decoded; the facts are those of the sound, once the first piece is there."""

    rate: int  # Hz
    channels: int
    codec: str
    frames: int | None  # that the container claims, if the decoder reads it
    slack: int  # frames by which an honest file may fall short of that
    warnings: tuple[str, ...]

    def pieces(self) -> Iterator[Samples]:
        """The sound from the start, in pieces of shape (frames, channels), full scale 1.0."""
        ...

    def reaches(self, frame: int) -> bool:
        """Whether there certainly is sound at this frame; afterwards pieces() are of no use."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def begin(file: File, header: Header, longest_seconds: float) -> tuple[Decoder, Iterator[Samples]]:
    """The decoder that hears this file, and all pieces of its sound; raises CannotDecode if none does."""
    choices: list[Callable[[], Decoder]] = []
    if header.libsndfile:
        choices.append(lambda: Libsndfile(file))
    if header.libav:
        choices.append(lambda: Libav(file, header.libav, header.start))
    refusals: list[CannotDecode] = []
    for choice in choices:
        try:
            _refuse_if_longer(choice, header, longest_seconds)
            return _first_heard(choice())
        except CannotDecode as cannot:
            if cannot.reason not in ("UNDECODABLE", "EMPTY"):
                raise
            refusals.append(cannot)
    if header.frames and refusals[0].reason == "EMPTY":
        raise truncated(0, header.frames, "frames")
    raise refusals[0]


def _first_heard(decoder: Decoder) -> tuple[Decoder, Iterator[Samples]]:
    try:
        pieces = decoder.pieces()
        first = next(pieces, None)
        if first is None:
            raise CannotDecode("EMPTY", "the file is empty: it holds a header and no sound")
        check(decoder.rate, decoder.channels)
        return decoder, chain([first], pieces)
    except CannotDecode:
        decoder.close()
        raise


def _refuse_if_longer(choice: Callable[[], Decoder], header: Header, longest_seconds: float) -> None:
    """Refuse at once what claims to be too long and is seen to be; a claim alone may be a lie, or a mistake."""
    if not header.frames or not header.rate or header.frames <= longest_seconds * header.rate:
        return
    decoder = choice()
    try:
        if decoder.reaches(int(longest_seconds * header.rate)):
            raise too_long(header.frames / header.rate, longest_seconds)
    finally:
        decoder.close()


def too_long(seconds: float, longest_seconds: float) -> CannotDecode:
    """The refusal of a sound that takes longer than it may."""
    return CannotDecode(
        "TOO_LONG", f"the sound lasts {seconds:,.0f} s or more, over {longest_seconds:,.0f} s"
    )
