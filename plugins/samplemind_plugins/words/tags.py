"""Words to find a sound by."""

from collections.abc import Iterator

from samplemind_sdk import Analyzer, CannotDescribe, Estimate, Finding, Input, Output, Status, parameter

from .facts import (
    NOTHING,
    Known,
    certainty,
    colour,
    given,
    layout,
    length,
    level,
    likely,
    number,
    pace,
    spoken,
    volume,
)

MOST = 20  # tags
MEASURED = 1.0  # certainty of what is measured and no guess
UNKNOWN = Estimate(None)

Tag = tuple[str, float]  # and how certain it is


class Tags(Analyzer):
    """Up to 20 words to find a sound by, the most certain first.

    What is measured comes first, then what is probable, last what has no probability because there is no
    labelled sound to fit one on. What is doubted, withheld or less probable than `surest` gives no tag. Words
    for tempi: slow under 90 BPM, mid-tempo to 120, uptempo to 160, fast from there. Loud is -10 LUFS or more,
    quiet -24 or less. Dark, warm and bright go by the spectral centroid: under 950 Hz, under 1,700,
    from 4,250, which is the darkest third of the sounds that were measured, the darker half, and the brightest fifth.
    Short and long depend on the kind: under 0.25 s and from 2 s for one-shots, under 2 and from 16 for loops, under a
    minute and from six for songs. Mono is also what is alike in two channels, wide what has a quarter of its
    energy in their difference.
    """

    name, version = "tags", 3
    surest = parameter(0.5, low=0.5, high=1, help="What is less probable than this gives no tag")
    kind = Input("kind.label", optional=True)
    oneshot = Input("oneshot.label", optional=True)
    bpm = Input("tempo.bpm", optional=True)
    loop_beats = Input("tempo.loop_beats", optional=True)
    signature = Input("meter.signature", optional=True)
    key = Input("key.key", optional=True)
    tonic = Input("key.tonic", optional=True)
    mode = Input("key.mode", optional=True)
    note = Input("key.root_note", optional=True)
    lufs = Input("loudness.integrated", optional=True)
    centroid = Input("timbre.centroid", optional=True)
    seconds = Input("dynamics.duration", optional=True)
    channels = Input("dynamics.channels", optional=True)
    width = Input("dynamics.stereo_width", optional=True)
    energy = Input("energy.level", optional=True)
    danceability = Input("danceability.level", optional=True)
    instruments = Input("instruments.labels", optional=True)
    genre = Input("genre.labels", optional=True)
    mood = Input("mood.labels", optional=True)
    words = Output(kind=str, many=True, help="In lower case but for keys, as in A minor")

    def describe(self) -> Iterator[Finding]:
        """Say the tags, or that nothing is sure enough."""
        known = {name: one for name, one in given(self).items() if one.status == Status.OK}
        ranked = sorted(_tags(known, self.surest), key=lambda tag: -tag[1])
        words = list(dict.fromkeys(word for word, sure in ranked if word and sure >= self.surest))
        if "silence" in words:
            words = ["silence"]
        if not words:
            raise CannotDescribe(NOTHING, Status.UNMEASURABLE)
        yield self.words(words[:MOST])


def _tags(known: Known, surest: float) -> Iterator[Tag]:
    """All tags there may be, in the order that breaks ties; what is not known has the certainty 0."""
    for name in ("kind", "oneshot"):
        yield from _named(known, name)
    yield from _tempo(known)
    if "signature" in known and known["signature"].value != "4/4":  # which nobody searches for
        yield from _named(known, "signature")
    yield from _pitch(known, surest)
    for name, word in (("lufs", volume), ("centroid", colour)):
        if name in known and known[name].value is not None:
            yield word(known[name].value), MEASURED
    yield layout(known.get("channels", UNKNOWN), known.get("width", UNKNOWN)), MEASURED
    kind = known.get("kind", UNKNOWN)
    yield length(kind, known.get("seconds", UNKNOWN)), certainty(kind)
    for name in ("instruments", "genre", "mood"):
        yield from likely(known.get(name, UNKNOWN), surest)
    for name, low, high in (("energy", "calm", "energetic"), ("danceability", "", "danceable")):
        found = known.get(name, UNKNOWN)
        yield level(found, low, high), certainty(found)


def _tempo(known: Known) -> Iterator[Tag]:
    found = known.get("bpm", UNKNOWN)
    if sure := certainty(found):
        yield f"{found.value:.0f} bpm", sure
        yield pace(found.value), sure
    found = known.get("loop_beats", UNKNOWN)
    if sure := certainty(found):
        yield f"{number(found.value)} beats", sure


def _pitch(known: Known, surest: float) -> Iterator[Tag]:
    """The key and its mode, or the tonic or the note alone where only that is sure."""
    is_sure = certainty(known.get("key", UNKNOWN)) >= surest
    for name in ("key", "mode") if is_sure else ("tonic", "note"):
        yield from _named(known, name)


def _named(known: Known, name: str) -> Iterator[Tag]:
    found = known.get(name, UNKNOWN)
    yield spoken(found.value), certainty(found)
