"""A user's values in place of what was heard, and what follows from them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from samplemind_daemon.analysis.corrected import keys, tempo, words
from samplemind_daemon.model import USER, Correction, Descriptor, Result

UNITS = {"tempo.bpm": "BPM"}
TAGS, SENTENCE = "tags.words", "description.text"  # made of what was heard
_TIMES = ("tempo.beats", "tempo.downbeats", "tempo.loop_beats")
FOLLOWING = {  # what may change with a descriptor, beside words
    "tempo.bpm": _TIMES,
    "meter.signature": ("tempo.downbeats",),
    "kind.label": ("tempo.loop_beats",),
    "key.key": ("key.tonic", "key.mode", "key.camelot", "key.open_key"),
    "key.root_note": ("key.tonic",),
}
_SOURCES = {
    "tempo.bpm", "tempo.beats", "tempo.downbeats", "tempo.loop_beats", "meter.signature", "kind.label",
    "oneshot.label", "key.key", "key.tonic", "key.root_note", "genre.labels", "mood.labels", "instruments.labels",
}  # fmt: skip


def affected(corrections: Iterable[Correction]) -> frozenset[str]:
    """The descriptors that corrections may change."""
    names = {one.name for one in corrections}
    following = {name for one in names for name in FOLLOWING.get(one, ())}
    return frozenset(names | following | ({TAGS, SENTENCE} if names - {TAGS} else set()))


def needed(names: Collection[str]) -> frozenset[str]:
    """The descriptors to read so that these are told right; all but lists where none are named, as they are."""
    return frozenset({*names, *_SOURCES}) if names else frozenset()


def corrected(
    results: Iterable[Result], corrections: Sequence[Correction], seconds: float = 0.0
) -> tuple[Result, ...]:
    """The results, with all that corrections change apart from them in a last one, of the maker USER.

    `seconds` is how long the sound is, 0 where that is not known. What was heard comes first among the
    candidates of what its user says.
    """
    whole = tuple(results)
    if not corrections:
        return whole
    heard = {one.name: one for result in whole for one in result.descriptors}
    changed = {one.name: one for one in _changed(heard, corrections, seconds)}
    kept = (
        replace(result, descriptors=tuple(one for one in result.descriptors if one.name not in changed))
        for result in whole
    )
    return (*kept, Result(USER, 1, "", tuple(changed.values())))


def _changed(
    heard: dict[str, Descriptor], corrections: Sequence[Correction], seconds: float
) -> Iterator[Descriptor]:
    """What the corrections change; what is said comes last, so that nothing that follows stands against it."""
    said = {one.name: one.value for one in corrections}
    yield from tempo.beats(heard, said, seconds)
    loops = list(tempo.loop_beats(heard, said, seconds))
    yield from loops
    if "key.root_note" in said and ("key.key" not in heard or heard["key.key"].value is None):
        yield _said("key.tonic", keys.tonic(said["key.root_note"]), heard.get("key.tonic"))
    for name, value in keys.names(said["key.key"]) if "key.key" in said else ():
        yield _said(name, value, heard.get(name))
    others = sorted(said.keys() - {TAGS})
    if others:
        yield from words.tags(heard, said, loops[0].value if loops else None)
        if SENTENCE in heard:
            reason = f"it was made before its user corrected {' and '.join(others)}"
            yield tempo.doubted(heard[SENTENCE], reason)
    for name, value in said.items():
        yield _said(name, value, heard.get(name))


def _said(name: str, value: object, heard: Descriptor | None) -> Descriptor:
    """A user's value; what was heard comes first among the candidates."""
    first = ((heard.value, heard.confidence),) if heard and heard.value is not None else ()
    others = tuple(one for one in heard.candidates if one[0] != value) if heard else ()
    unit = heard.unit if heard else UNITS.get(name, "")
    return Descriptor(name, value, unit, None, "ok", (*first, *others), "", USER, 1)
