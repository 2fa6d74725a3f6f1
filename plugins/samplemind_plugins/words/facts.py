"""What may be said of findings: how surely, and with which words."""

from collections.abc import Mapping, Sequence

from samplemind_sdk import Analyzer, Estimate, Status

LIKELY = 0.5  # probability from which on something is said at all
SURE = 0.8  # from which on it is said without "probably"

# BPM from which on a tempo has this word: ranges as players speak of them, slow to 90, fast from 160
PACES = ((160.0, "fast"), (120.0, "uptempo"), (90.0, "mid-tempo"), (0.0, "slow"))
QUIET, LOUD = -24.0, -10.0  # LUFS; broadcasts lie at -23 (EBU R 128), records of today around -10
# Hz of the spectral centroid: a third of the sounds that were measured lie below DARK, half below WARM, four of
# five below BRIGHT: see docs/models/words.md
DARK, WARM, BRIGHT = 950.0, 1_700.0, 4_250.0
WIDE, MONO = 0.25, 0.001  # share of the side in the energy
# Seconds under which a sound of a kind is short, and from which on it is long: a hit and a held note, a bar and eight
# of them, a sketch and an extended version, all at about 120 BPM
LENGTHS = {"one-shot": (0.25, 2.0), "loop": (2.0, 16.0), "song": (60.0, 360.0), "speech": (10.0, 360.0)}
LOW, HIGH = 1 / 3, 2 / 3  # of a level from 0 to 1

NOTHING = "nothing that is known of the sound is sure enough"

Known = Mapping[str, Estimate]  # by the name of the input


def given(analyzer: Analyzer) -> Known:
    """The inputs of an analyzer; what is not known has the value None."""
    found = {name: getattr(analyzer, name) for name in analyzer.inputs}
    return {name: one if isinstance(one, Estimate) else Estimate(None) for name, one in found.items()}


def certainty(found: Estimate, unfitted: float = LIKELY) -> float:
    """How surely a finding may be said: 0 if it is not known; `unfitted` where no probability was fitted.

    What its own analyzer doubts is never said for sure.
    """
    if found.value is None:
        return 0.0
    sure = unfitted if found.confidence is None else found.confidence
    return min(sure, LIKELY) if found.status != Status.OK else sure


def is_measured(found: Estimate) -> bool:
    """Whether there is a value, and nothing is doubted of it."""
    return found.value is not None and found.status == Status.OK


def likely(found: Estimate, least: float) -> list[tuple[str, float]]:
    """The names of a list of labels that hold at least this probably, the most probable first."""
    if not is_measured(found):
        return []
    named = [(spoken(name), float(probability)) for name, probability in found.value]
    return sorted((one for one in named if one[1] >= least), key=lambda one: -one[1])


def pace(bpm: float) -> str:
    """A word for a tempo, after it is rounded: 119.9 is 120."""
    return next(word for slowest, word in PACES if round(bpm) >= slowest)


def volume(lufs: float) -> str:
    """Loud, quiet, or "" for what is neither."""
    return "loud" if lufs >= LOUD else "quiet" if lufs <= QUIET else ""


def colour(hertz: float) -> str:
    """Dark, warm, bright, or "" for what lies between, by the spectral centroid."""
    if hertz < WARM:
        return "dark" if hertz < DARK else "warm"
    return "bright" if hertz >= BRIGHT else ""


def length(kind: Estimate, seconds: Estimate) -> str:
    """Short, long, or "" for what is neither for its kind, or of no kind that is sure."""
    if not (is_measured(kind) and is_measured(seconds)) or kind.value not in LENGTHS:
        return ""
    short, long = LENGTHS[kind.value]
    return "short" if seconds.value < short else "long" if seconds.value >= long else ""


def layout(channels: Estimate, width: Estimate) -> str:
    """Mono, stereo or wide, by what lies between two channels; surround for more; "" if that is not known."""
    if not is_measured(channels) or channels.value > 2:
        return "surround" if is_measured(channels) else ""
    if channels.value == 1:
        return "mono"
    if not is_measured(width):
        return ""
    return "mono" if width.value <= MONO else "wide" if width.value >= WIDE else "stereo"


def level(found: Estimate, low: str, high: str) -> str:
    """The word for a level from 0 to 1 that is far from its middle, or ""."""
    if not is_measured(found):
        return ""
    return high if found.value >= HIGH else low if found.value <= LOW else ""


def spoken(value: object) -> str:
    """A name as it is said: open_hat is "open hat"."""
    return str(value).replace("_", " ")


def number(value: float) -> str:
    """A number without a false decimal: 124, 124.5."""
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def lasting(seconds: float) -> str:
    """A length as it is read: 0.35 s, 7.7 s, 45 s, 3:20 minutes."""
    if seconds < 9.95:
        return f"{seconds:.2f} s" if seconds < 0.995 else f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02} minutes"


def listed(words: Sequence[str]) -> str:
    """Words in a row: "drums", "drums and bass", "drums, bass and piano"; "" of none."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def article(word: str) -> str:
    """A or an, before a number or a word: an 8, an 11, an 18, an open hat."""
    spoken_with_vowel = word.startswith(("8", "11-", "18-")) or word[:1].lower() in "aeiou"
    return "an" if spoken_with_vowel and not word.startswith("one") else "a"
