"""What a file says of itself, and what no honest file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cannot import CannotDecode

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000  # Hz
MOST_CHANNELS = 32
MOST_SAMPLES = MOST_CHANNELS * 192_000  # a second, over all channels: bounds the memory that a block takes
UNKNOWN_LENGTH = "the header does not say how long the sound is; it was heard to the end of the file"


@dataclass(frozen=True)
class Header:
    """What our own reading of the first bytes found; 0 or "" where only a decoder can tell."""

    container: str
    codec: str = ""
    rate: int = 0  # Hz
    channels: int = 0
    bits: int = 0  # a sample
    frames: int | None = None  # that the file claims to hold; None if it makes no claim
    slack: int = 0  # frames that an honest file may lack, for its codec's delay
    libsndfile: bool = False  # whether the first decoder may try
    libav: str = ""  # the second decoder's name of the container; "" if it may not try
    start: int = 0  # byte where the second decoder begins
    tags: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def check(rate: int, channels: int) -> None:
    """Raise CannotDecode unless a sound can have this rate (Hz) and number of channels."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        limits = f"{LOWEST_RATE:,} to {HIGHEST_RATE:,} Hz"
        raise CannotDecode("IMPOSSIBLE_HEADER", f"the header claims a rate of {rate:,} Hz, not {limits}")
    if not 1 <= channels <= MOST_CHANNELS:
        claim = f"the header claims {channels:,} channels"
        raise CannotDecode("IMPOSSIBLE_HEADER", f"{claim}, not 1 to {MOST_CHANNELS}")
    if rate * channels > MOST_SAMPLES:
        claim = f"{channels} channels at {rate:,} Hz"
        raise CannotDecode("UNSUPPORTED_FORMAT", f"{claim} are over {MOST_SAMPLES:,} samples a second")


def truncated(holds: int, claims: int, what: str = "bytes of sound") -> CannotDecode:
    """The refusal of a file that ends before what its header announces."""
    return CannotDecode("TRUNCATED", f"the file ends early: it holds {holds:,} of {claims:,} {what}")


def beginning(data: bytes) -> str:
    """The first eight bytes as people read them: in quotes where they are plain text, else in hexadecimal."""
    text = data[:8].decode("ascii", "replace")
    return f"'{text}'" if text.isascii() and text.isprintable() else data[:8].hex(" ")
