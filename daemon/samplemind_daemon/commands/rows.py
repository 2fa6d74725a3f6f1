"""What people read of descriptors: a line each, in the order in which a sound is looked at."""

from collections.abc import Iterable, Iterator
from typing import Any

from samplemind_daemon.model import Descriptor

WIDTH = 26  # of a descriptor's name
MOST_NUMBERS, MOST_WORDS = 4, 20  # of a list that are shown
LEAST_SHOWN = 0.01  # probability of a label
# Names, or their first parts; what is not listed follows, as it comes. `samplemind` has the same order.
ORDER = (
    "kind", "file.kind", "oneshot", "description", "tags", "tempo.bpm", "file.bpm", "tempo.loop_beats",
    "file.beats", "tempo", "meter", "key.key", "file.key", "key.root_note", "file.root_note", "key",
    "loudness.integrated", "loudness", "instruments", "genre", "mood", "energy", "danceability", "valence",
    "arousal", "dynamics", "timbre", "onsets",
)  # fmt: skip
FOR_PROGRAMS = ("waveform", "spectrum", "similarity", "identity")  # pictures and vectors: in --json only


def rows(descriptors: Iterable[Descriptor]) -> Iterator[str]:
    """A line for each descriptor that says something to people."""
    for one in sorted(descriptors, key=lambda one: _place(one.name)):
        if (one.value is None and one.status == "failed") or one.name.partition(".")[0] not in FOR_PROGRAMS:
            yield _row(one)


def _place(name: str) -> int:
    places = (place for place, one in enumerate(ORDER) if one in (name, name.partition(".")[0]))
    return next(places, len(ORDER))


def _row(one: Descriptor) -> str:
    if one.value is None:
        return f"  {one.name:{WIDTH}} - {one.status.replace('_', ' ')}: {one.reason}"
    sure = "" if one.confidence is None else f"  ({one.confidence:.0%} sure)"
    source = f"  ({one.made_by})" if one.name.startswith("file.") else ""
    doubt = f"  ? {one.reason}" if one.reason else ""
    return f"  {one.name:{WIDTH}} {_shown(one.value)} {one.unit}".rstrip() + sure + source + doubt


def _shown(value: Any) -> str:
    match value:
        case float():
            return f"{value:.2f}"
        case (str(name), float(probability)):
            return f"{name} {probability:.0%}"
        case tuple():
            return _listed(value)
    return str(value)


def _listed(values: tuple[Any, ...]) -> str:
    """A list: a few numbers, how many there are of more; the words, and the labels that are not unlikely."""
    if len(values) > MOST_NUMBERS and all(isinstance(one, float | int) for one in values):
        return f"{len(values):,} numbers, {_shown(min(values))} to {_shown(max(values))}"
    likely = [one for one in values if not isinstance(one, tuple) or len(one) != 2 or _is_likely(one[1])]
    more = f" … {len(values):,} in all" if len(likely) > MOST_WORDS else ""
    return ", ".join(map(_shown, likely[:MOST_WORDS])) + more or "none"


def _is_likely(probability: Any) -> bool:
    return not isinstance(probability, float) or probability >= LEAST_SHOWN
