"""What might have been heard in a sound, without hearing it."""

from samplemind_daemon.model import Audio, Descriptor, Media, Result, State
from samplemind_daemon.store import Database, catalogue, results, sounds

MEDIA = Media("wav", "pcm_s16", 44_100, 2, 16, 4.0)
UNITS = {"tempo.bpm": "BPM", "loudness.integrated": "LUFS"}


def descriptor(name, value, confidence=0.9, **more) -> Descriptor:
    """A finding of the analyzer that its name begins with."""
    about = {
        "unit": UNITS.get(name, ""), "status": "unmeasurable" if value is None else "ok", "candidates": (),
        "reason": "", "made_by": name.partition(".")[0], "version": 3,
    }  # fmt: skip
    return Descriptor(name=name, value=value, confidence=confidence, **(about | more))


def listen(
    db: Database, audio: Audio, found: dict[str, object], media: Media = MEDIA, print: str = "f"
) -> Audio:
    """Keep findings of a sound as if it had been heard, and put it into the state completed."""
    by_analyzer: dict[str, list[Descriptor]] = {}
    for name, value in found.items():
        one = value if isinstance(value, Descriptor) else descriptor(name, value)
        by_analyzer.setdefault(name.partition(".")[0], []).append(one)
    results.keep(
        db, audio.sha256, [Result(name, 3, print, tuple(many)) for name, many in by_analyzer.items()]
    )
    sounds.describe(db, audio.sha256, media)
    completed = sounds.move(db, audio, State.COMPLETED)
    catalogue.hear(db, audio.sha256)
    return completed
