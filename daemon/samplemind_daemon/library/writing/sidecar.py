"""NAME.samplemind.json: what is known of a sound, beside its file, as `samplemind show --json` prints it."""

import json
from collections.abc import Iterable, Mapping

from samplemind_daemon.model import Audio, Descriptor

ENDING = b".samplemind.json"


def sidecar_of(path: bytes) -> bytes:
    """Where the sidecar of a file lies."""
    return path + ENDING


def sidecar_json(audio: Audio, name: str, known: Iterable[Descriptor]) -> bytes:
    """What a sidecar holds: one line of JSON."""
    fields = {
        "file": name,
        "status": str(audio.state),
        "seconds": audio.media.seconds if audio.media else None,
        "error": None,
        "descriptors": {one.name: _fields(one) for one in sorted(known, key=lambda one: one.name)},
    }
    return json.dumps(fields, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _fields(one: Descriptor) -> Mapping[str, object]:
    return {
        "value": one.value,
        "unit": one.unit or None,
        "confidence": one.confidence,
        "status": one.status,
        "candidates": [{"value": value, "confidence": sure} for value, sure in one.candidates],
        "reason": one.reason or None,
        "made_by": one.made_by,
        "version": one.version,
    }
