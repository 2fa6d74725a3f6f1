"""What else moves where a user says another tempo, another metre or another kind of sound."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from samplemind_daemon.analysis.corrected import beats as grid
from samplemind_daemon.model import USER, Descriptor

ODD = 0.05  # of a beat, by which a loop's length may differ from a whole number of beats, as `tempo` has it
AMONG = "some were not heard: they were put at equal distances between those that were"
BETWEEN = "they may as well be those between"
BARS = "at its user's tempo a bar may as well begin with another beat"

Heard = Mapping[str, Descriptor]  # by name
Said = Mapping[str, Any]  # a user's values, by name


def beats(heard: Heard, said: Said, seconds: float) -> Iterator[Descriptor]:
    """The beats and the bars at its user's tempo, or with the doubt that they were heard at another."""
    found, bars = heard.get("tempo.beats"), heard.get("tempo.downbeats")
    factor = _factor(heard, said)
    if found is not None and found.value is not None and "tempo.bpm" in said:
        yield _beats(found, bars, factor, _other_tempo(heard, said), seconds)
    if bars is not None and bars.value is not None:
        if "tempo.bpm" in said and factor != 1:
            yield _bars(found, bars, factor, _other_tempo(heard, said), seconds)
        elif other := _other_metre(heard, said):
            yield doubted(bars, other)
        elif "tempo.bpm" in said or "meter.signature" in said:
            yield bars


def loop_beats(heard: Heard, said: Said, seconds: float) -> Iterator[Descriptor]:
    """How many beats fill it, by its length and its tempo, where it is a loop."""
    found = heard.get("tempo.loop_beats")
    bpm, kind = (said.get(name, _value(heard, name)) for name in ("tempo.bpm", "kind.label"))
    if found is None or not {"tempo.bpm", "kind.label"} & said.keys():
        return
    if kind != "loop" and "kind.label" in said:
        reason = f"its user says that it is {kind}, not a loop"
        yield replace(_without_value(found, reason), status="not_applicable")
        return
    if kind != "loop" and found.value is None:
        return
    if not bpm or not seconds:
        yield doubted(found, "it is not known how long the sound is" if bpm else "its tempo is not known")
        return
    count = bpm * seconds / 60
    if round(count) < 1 or abs(count - round(count)) > ODD:
        yield _without_value(found, f"at its tempo it has {count:.2f} beats, which is no whole number")
    else:
        yield _moved(found, round(count), found.value)


def doubted(found: Descriptor, reason: str) -> Descriptor:
    """The finding as one to doubt, for this reason."""
    if found.value is None:
        return found
    return replace(found, status="low_confidence", confidence=None, reason=reason)


def _beats(
    found: Descriptor, bars: Descriptor | None, factor: int | None, other: str, seconds: float
) -> Descriptor:
    if factor is None:
        return doubted(found, other)
    if factor == 1:
        return found
    known = grid.bar(found.value, bars.value) if bars is not None and bars.value else None
    value = grid.told(found.value, factor, known[0] if known else 0, seconds)
    reason = AMONG if factor > 1 else "" if known else BETWEEN
    moved = replace(found, value=value, confidence=None, made_by=f"{found.made_by}, {USER}", candidates=())
    return doubted(moved, reason) if reason else moved


def _bars(
    found: Descriptor | None, bars: Descriptor, factor: int | None, other: str, seconds: float
) -> Descriptor:
    known = grid.bar(found.value, bars.value) if found is not None and found.value else None
    if factor is None or known is None or found is None:
        return doubted(bars, other)
    first, length = known
    moved = grid.bars(grid.told(found.value, factor, first, seconds), found.value[first], length)
    return doubted(replace(bars, value=moved, made_by=f"{bars.made_by}, {USER}", candidates=()), BARS)


def _factor(heard: Heard, said: Said) -> int | None:
    before = _value(heard, "tempo.bpm")
    return grid.times(said["tempo.bpm"] / before) if before and "tempo.bpm" in said else None


def _other_tempo(heard: Heard, said: Said) -> str:
    before = _value(heard, "tempo.bpm")
    was = f"at {before:.2f} BPM" if before else "at no sure tempo"
    return f"they were heard {was}, and its user says {said.get('tempo.bpm', 0):.2f}"


def _other_metre(heard: Heard, said: Said) -> str:
    before, now = _value(heard, "meter.signature"), said.get("meter.signature")
    if now is None or now == before:
        return ""
    return f"they were heard in {before}, and its user says {now}" if before else f"its user says {now}"


def _moved(found: Descriptor, value: Any, before: Any) -> Descriptor:
    candidates = ((before, found.confidence),) if before is not None else found.candidates
    return replace(
        found, value=value, confidence=None, status="ok", reason="", candidates=candidates, made_by=USER
    )


def _without_value(found: Descriptor, reason: str) -> Descriptor:
    candidates = ((found.value, found.confidence),) if found.value is not None else found.candidates
    return replace(
        found, value=None, confidence=None, status="unmeasurable", reason=reason, candidates=candidates
    )


def _value(heard: Heard, name: str) -> Any:
    return heard[name].value if name in heard else None
