"""What of a sound goes into its tags and its name: only what was found without a doubt, or what its user says."""

from collections.abc import Iterable, Mapping
from typing import Any

from samplemind_daemon.model import Descriptor, Result

LIKELY = 0.5  # probability from which on a label is told, as in `tags`
LONGEST = 1_000  # characters of a tag
TAGS = ("bpm", "key", "genre", "comment")
NAMES = frozenset(
    "kind.label tempo.bpm key.key key.camelot key.open_key key.root_note genre.labels mood.labels instruments.labels "
    "oneshot.label description.text".split()
)  # the descriptors that are needed


def descriptors(results: Iterable[Result]) -> dict[str, Descriptor]:
    """All descriptors of a sound by name."""
    return {one.name: one for result in results for one in result.descriptors}


def tag_values(known: Mapping[str, Descriptor], wanted: Iterable[str]) -> dict[str, str]:
    """What these tags are to say, as far as it is known."""
    said = {
        "bpm": _bpm(_sure(known, "tempo.bpm"), 2),
        "key": short_key(_sure(known, "key.key") or ""),
        "genre": _first(_sure(known, "genre.labels")),
        "comment": str(_sure(known, "description.text") or "")[:LONGEST],
    }
    return {name: said[name] for name in TAGS if name in wanted and said[name]}


def name_values(known: Mapping[str, Descriptor], name: str) -> dict[str, str]:
    """What the fields of a template are to say, as far as it is known; `name` is the sound's, without its ending."""
    note = str(_sure(known, "key.root_note") or "")
    return {
        "name": name,
        "kind": str(_sure(known, "kind.label") or ""),
        "bpm": _bpm(_sure(known, "tempo.bpm"), 1),
        "key": short_key(_sure(known, "key.key") or ""),
        "camelot": str(_sure(known, "key.camelot") or ""),
        "open_key": str(_sure(known, "key.open_key") or ""),
        "note": note,
        "genre": _first(_sure(known, "genre.labels")),
        "mood": _first(_sure(known, "mood.labels")),
        "instrument": _first(_sure(known, "instruments.labels")),
        "drum": str(_sure(known, "oneshot.label") or ""),
    }


def short_key(key: str) -> str:
    """A key as tags have it: "F#m" for F# minor, "C" for C major (TKEY of ID3v2.4)."""
    tonic, _, mode = key.partition(" ")
    return f"{tonic}m" if mode == "minor" else tonic


def _sure(known: Mapping[str, Descriptor], name: str) -> Any:
    one = known.get(name)
    return one.value if one is not None and one.status == "ok" else None


def _bpm(value: Any, digits: int) -> str:
    return f"{round(value, digits):.10g}" if isinstance(value, (int, float)) else ""


def _first(labels: Any) -> str:
    """The likeliest label that is told."""
    told = [(one[1], str(one[0])) for one in labels or () if isinstance(one, tuple) and one[1] >= LIKELY]
    return max(told, key=lambda one: one[0])[1] if told else ""
