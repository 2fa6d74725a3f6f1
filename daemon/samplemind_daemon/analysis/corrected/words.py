"""Tags that state what was heard, once its user says otherwise."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from samplemind_daemon.model import USER, Descriptor

LIKELY = 0.5  # probability from which on a label is a tag, as `tags` has it
MOST = 20  # tags
BEATS = "tempo.loop_beats"
_PACES = ("slow", "mid-tempo", "uptempo", "fast")
_LENGTHS = ("short", "long")


def tags(heard: Mapping[str, Descriptor], said: Mapping[str, Any], beats: Any) -> Iterator[Descriptor]:
    """The tags with what is said in place of what was heard, and without what followed from that.

    `beats` is how many beats fill the sound now.
    """
    found = heard.get("tags.words")
    if found is None:
        return
    before = {name: heard[name].value for name in (*said, BEATS, "key.tonic") if name in heard}
    gone = {word for name in said for word in (*_stated(name, before.get(name)), *_implied(name, before))}
    facts = dict(said) | ({BEATS: beats} if "tempo.bpm" in said or "kind.label" in said else {})
    new = [word for name, value in facts.items() for word in _stated(name, value)]
    words = tuple(dict.fromkeys((*new, *(word for word in found.value or () if word not in gone))))[:MOST]
    if words or found.value:
        yield replace(
            found, value=words, status="ok", reason="", confidence=None, candidates=(),
            made_by=f"{found.made_by}, {USER}",
        )  # fmt: skip


def _stated(name: str, value: Any) -> Iterable[str]:
    """The words that state a value."""
    match name, value:
        case (_, None) | ("tags.words" | "description.text", _) | ("meter.signature", "4/4"):
            return ()
        case "tempo.bpm", _:
            return (f"{value:.0f} bpm",)
        case "tempo.loop_beats", _:
            return (f"{value} beats",)
        case "key.key", _:
            return value, value.partition(" ")[2]
        case _, tuple():
            return [label.replace("_", " ") for label, sure in value if sure >= LIKELY]
    return (str(value).replace("_", " "),)


def _implied(name: str, before: Mapping[str, Any]) -> Iterable[str]:
    """The words that followed from a value of before."""
    match name:
        case "tempo.bpm":
            return *_PACES, *_stated(BEATS, before.get(BEATS))
        case "kind.label":
            return *_LENGTHS, *_stated(BEATS, before.get(BEATS))
        case "key.key":
            return _stated("key.tonic", before.get("key.tonic"))
    return ()
