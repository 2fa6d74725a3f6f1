"""Sounds as an assistant reads them: small objects, without lists of numbers and without invention."""

from collections.abc import Iterable
from typing import Any

from samplemind_client.values.analysis import Descriptor, Label, Value
from samplemind_client.values.sound import Sound

MOST_LABELS = 5
TABLE = (  # what is told of a sound among many
    "kind.label", "tempo.bpm", "key.key", "loudness.integrated", "genre.labels", "instruments.labels", "tags.words",
)  # fmt: skip


def sound(kept: Sound, found: Iterable[Descriptor] = ()) -> dict[str, Any]:
    """A sound and its findings by name; what is not known says why instead of a value."""
    return {
        "id": kept.id,
        "name": kept.name,
        "path": kept.path or None,
        "state": kept.state,
        "problem": kept.problem.message if kept.problem else None,
        "seconds": round(kept.media.seconds, 3) if kept.media else None,
        "missing": kept.missing_at is not None,
        "findings": {one.name: finding(one) for one in found if not _is_for_programs(one)},
    }


def finding(one: Descriptor) -> dict[str, Any]:
    """A finding: its value, unit and the probability that it is right, or why there is none."""
    if one.value is None:
        return {"unknown": one.reason or one.status.replace("_", " ")}
    told: dict[str, Any] = {"value": value(one.value)}
    if one.unit:
        told["unit"] = one.unit
    if one.confidence is not None:
        told["confidence"] = round(one.confidence, 3)
    if one.reason:
        told["doubt"] = one.reason
    if one.candidates:
        told["or"] = [value(other.value) for other in one.candidates[:2]]
    return told


def value(known: Value) -> Any:
    """A value of JSON, numbers rounded to four digits after the point, labels only the likeliest."""
    if isinstance(known, float):
        return round(known, 4)
    if isinstance(known, tuple) and all(isinstance(one, Label) for one in known):
        return {one[0]: round(float(one[1]), 3) for one in known[:MOST_LABELS]}  # type: ignore[index]
    return list(known) if isinstance(known, tuple) else known


def _is_for_programs(one: Descriptor) -> bool:
    """Whether a value is a list of numbers, such as beats: it fills a conversation and tells nothing."""
    return isinstance(one.value, tuple) and any(isinstance(each, int | float) for each in one.value)
