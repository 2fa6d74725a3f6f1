"""What sounds are compared by, compact."""

from dataclasses import dataclass

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
KEYS = tuple(f"{tonic} {mode}" for mode in ("major", "minor") for tonic in TONICS)  # index: 12 * mode + tonic


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a sound for comparing it; None or empty where it is not known."""

    fingerprint: str = ""  # of the result that the vector is of: only equals are compared
    edges: tuple[int, ...] = ()  # where the vector's aspects begin, and where it ends
    numbers: bytes | None = None  # the vector, float32, little-endian
    bands: bytes | None = (
        None  # the mean power of each band of the spectrum: 0 is -96 dB or less, 255 is 0 dB
    )
    keys: bytes | None = None  # how likely each of KEYS is, of 255; empty where no key is needed
    tuning: float | None = None  # cents
    bpm: float | None = None  # 0 where no tempo is needed
    loudness: float | None = None  # LUFS
    kind: str = ""  # as in kind.label


@dataclass(frozen=True)
class Aspects:
    """A number for each aspect of likeness: how much it counts, or how far two sounds are apart in it."""

    rhythm: float
    timbre: float
    harmony: float


@dataclass(frozen=True)
class Neighbour:
    """A sound, and how far it is from another: in all, with the aspects weighed, and in each of them without."""

    audio: str
    distance: float
    distances: Aspects


@dataclass(frozen=True)
class Wish:
    """What may be done to a sound so that it fits another."""

    stretch_limit: float = 0.08  # a share of its speed
    keep_pitch: bool = False  # when its speed is changed


@dataclass(frozen=True)
class Reason:
    """How well two sounds go together in one aspect, in words; no score where it is not known or not needed."""

    aspect: str
    score: float | None
    sentence: str


@dataclass(frozen=True)
class Match:
    """A sound that fits another, and what would be done to it: its speed multiplied, then its pitch shifted."""

    audio: str
    score: float
    speed: float | None
    semitones: float | None
    reasons: tuple[Reason, ...]
