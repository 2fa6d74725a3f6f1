"""A sound in a few sentences."""

from collections.abc import Iterator

from samplemind_sdk import Analyzer, CannotDescribe, Estimate, Finding, Input, Output, Status

from .facts import (
    LIKELY,
    NOTHING,
    SURE,
    Known,
    article,
    certainty,
    colour,
    given,
    is_measured,
    lasting,
    layout,
    level,
    likely,
    listed,
    number,
    spoken,
    volume,
)

ALTERNATIVE = 0.2  # probability from which on another tempo is said too
MOST_NAMED = 4  # instruments


class Description(Analyzer):
    """Up to three English sentences that say what was found: what it is, how it sounds, what is heard in it.

    What is 50 to 80 % sure is said with "probably", and what is less is left out. Nothing is added to
    what others found; with the same findings it is the same text.
    """

    name, version = "description", 3
    kind = Input("kind.label", optional=True)
    oneshot = Input("oneshot.label", optional=True)
    bpm = Input("tempo.bpm", optional=True)
    loop_beats = Input("tempo.loop_beats", optional=True)
    signature = Input("meter.signature", optional=True)
    key = Input("key.key", optional=True)
    tonic = Input("key.tonic", optional=True)
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
    text = Output(kind=str, help="In English")

    def describe(self) -> Iterator[Finding]:
        """Say the sentences, or that there is nothing to say."""
        known = given(self)
        sentences = [one for one in (_what(known), _how(known), _heard(known)) if one]
        if known["kind"].value == "silence" and _is_likely(known["kind"]):
            measured = (
                certainty(known["kind"], unfitted=SURE) >= SURE
            )  # a matter of level, with no probability
            sentences = ["silence" if measured else "probably silence"]
        if not sentences:
            raise CannotDescribe(NOTHING, Status.UNMEASURABLE)
        yield self.text(" ".join(f"{one[0].upper()}{one[1:]}." for one in sentences))


def _what(known: Known) -> str:
    """What kind of sound it is, with meter, tempo and key."""
    facts = [one for one in (_meter(known["signature"]), _tempo(known["bpm"]), _pitch(known)) if one]
    noun = _noun(known)
    if not noun and not facts:
        return ""
    seconds = known["seconds"]
    long = f" of {lasting(seconds.value)}" if is_measured(seconds) else ""
    thing, comma, sort = (noun or "a sound").partition(", ")
    return f"{thing}{long}{comma}{sort} {', '.join(facts)}".rstrip()


def _noun(known: Known) -> str:
    kind, oneshot, beats = known["kind"], known["oneshot"], known["loop_beats"]
    if not _is_likely(kind):
        return ""
    perhaps, noun = _probably(kind), spoken(kind.value)
    if noun == "speech":
        return f"{perhaps}speech"
    if noun == "loop" and certainty(beats, SURE) >= SURE:
        noun = f"{number(beats.value)}-beat loop"
    if noun == "one-shot" and _is_likely(oneshot):
        sort = spoken(oneshot.value)
        if _probably(oneshot):
            return f"{perhaps}a one-shot, probably {article(sort)} {sort}"
        noun = f"{sort} one-shot"
    return f"{perhaps}{article(noun)} {noun}"


def _meter(signature: Estimate) -> str:
    return f"{_probably(signature)}in {signature.value}" if _is_likely(signature) else ""


def _tempo(bpm: Estimate) -> str:
    """The tempo; where it is not sure, with the other one that is likely."""
    if not _is_likely(bpm):
        return ""
    others = [value for value, sure in bpm.candidates if (sure or 0) >= ALTERNATIVE]
    alternative = f" or {number(others[0])}" if others and _probably(bpm) else ""
    return f"{_probably(bpm)}at {number(bpm.value)}{alternative} BPM"


def _pitch(known: Known) -> str:
    """The key; else the tonic, or a one-shot's note."""
    for name, about in (("key", "in"), ("tonic", "on the tonic"), ("note", "on the note")):
        if _is_likely(known[name]):
            return f"{_probably(known[name])}{about} {known[name].value}"
    return ""


def _how(known: Known) -> str:
    """How it sounds, and how loud it is."""
    lufs, centroid = known["lufs"], known["centroid"]
    words = [
        volume(lufs.value) if is_measured(lufs) else "",
        colour(centroid.value) if is_measured(centroid) else "",
        level(known["energy"], "calm", "energetic"),
        level(known["danceability"], "", "danceable"),
        "wide" if layout(known["channels"], known["width"]) == "wide" else "",
    ]
    sounds = f"it sounds {listed([word for word in words if word])}" if any(words) else ""
    doubted = "" if is_measured(lufs) else "probably "
    loudness = f"its loudness is {doubted}{lufs.value:.1f} LUFS" if _is_likely(lufs) else ""
    return ", and ".join(one for one in (sounds, loudness) if one)


def _heard(known: Known) -> str:
    """Instruments, then genre and mood."""
    labels = likely(known["instruments"], LIKELY)[:MOST_NAMED]
    certain = listed([name for name, sure in labels if sure >= SURE])
    rest = listed([name for name, sure in labels if sure < SURE])
    if certain and rest:
        heard = f"{certain} can be heard, and probably {rest}"
    else:
        heard = f"{certain} can be heard" if certain else f"{rest} can probably be heard" if rest else ""
    classes = [
        f"the {about} is {'' if sure >= SURE else 'probably '}{name}"
        for about in ("genre", "mood")
        for name, sure in likely(known[about], LIKELY)[:1]
    ]
    return "; ".join(one for one in (heard, listed(classes)) if one)


def _is_likely(found: Estimate) -> bool:
    return certainty(found) >= LIKELY


def _probably(found: Estimate) -> str:
    return "" if certainty(found) >= SURE else "probably "
