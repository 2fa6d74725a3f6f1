"""What people read of descriptors: a line each, in the order in which a sound is looked at."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from samplemind_client.commands.output import shown

if TYPE_CHECKING:
    from samplemind_client.values.analysis import Candidate, Descriptor

WIDTH = 26  # of a descriptor's name
MOST_NUMBERS, MOST_WORDS = 4, 20  # of a list that are shown
LEAST_SHOWN = 0.01  # probability of a label or a candidate
# Names, or their first parts; what is not listed follows, as it comes. `samplemindd analyze` has the same order.
ORDER = (
    "kind", "file.kind", "oneshot", "description", "tags", "tempo.bpm", "file.bpm", "tempo.loop_beats",
    "file.beats", "tempo", "meter", "key.key", "file.key", "key.root_note", "file.root_note", "key",
    "loudness.integrated", "loudness", "instruments", "genre", "mood", "energy", "danceability", "valence",
    "arousal", "dynamics", "timbre", "onsets",
)  # fmt: skip
FOR_PROGRAMS = ("waveform", "spectrum", "similarity", "identity")  # pictures and vectors: in --json only


def rows(descriptors: "Iterable[Descriptor]", candidates: bool = False) -> Iterator[str]:
    """A line for each descriptor that says something to people and, where wanted, for each candidate."""
    for one in sorted(descriptors, key=lambda one: _place(one.name)):
        if (one.value is None and one.status == "failed") or one.name.partition(".")[0] not in FOR_PROGRAMS:
            yield _row(one)
            yield from _candidates(one.candidates) if candidates else ()


def value(found: Any) -> str:
    """A value for people."""
    match found:
        case float():
            return f"{found:.2f}"
        case (str(name), float(probability)):
            return f"{shown(name)} {probability:.0%}"
        case tuple():
            return _listed(found)
    return shown(str(found))


def _place(name: str) -> int:
    places = (place for place, one in enumerate(ORDER) if one in (name, name.partition(".")[0]))
    return next(places, len(ORDER))


def _row(one: "Descriptor") -> str:
    if one.value is None:
        return f"  {one.name:{WIDTH}} - {one.status.replace('_', ' ')}: {shown(one.reason)}"
    told = one.name.startswith("file.") or one.made_by == "user"  # and not heard
    source = f"  ({shown(one.made_by)})" if told else ""
    doubt = f"  ? {shown(one.reason)}" if one.reason else ""
    whole = f"  {one.name:{WIDTH}} {value(one.value)} {one.unit}".rstrip()
    return whole + _sure(one.confidence) + source + doubt


def _candidates(candidates: "Iterable[Candidate]") -> Iterator[str]:
    for other in candidates:
        if other.confidence is None or other.confidence >= LEAST_SHOWN:
            yield f"  {'':{WIDTH}} or {value(other.value)}" + _sure(other.confidence)


def _listed(values: tuple[Any, ...]) -> str:
    """A list: a few numbers, how many there are of more; the words, and the labels that are not unlikely."""
    if len(values) > MOST_NUMBERS and all(isinstance(one, float | int) for one in values):
        return f"{len(values):,} numbers, {value(min(values))} to {value(max(values))}"
    likely = [one for one in values if not isinstance(one, tuple) or one[1] >= LEAST_SHOWN]
    more = f" … {len(values):,} in all" if len(likely) > MOST_WORDS else ""
    return ", ".join(map(value, likely[:MOST_WORDS])) + more or "none"


def _sure(confidence: float | None) -> str:
    if confidence is None:
        return ""
    return f"  ({confidence:.0%} sure)" if confidence >= LEAST_SHOWN else "  (less than 1% sure)"
