"""JSON Lines: an object a sound, as `samplemind show --json` prints it."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from samplemind_daemon.library.export.track import Track
from samplemind_daemon.model import Audio, Descriptor, Media


class Lines:
    """A line a sound, with the descriptors of these names."""

    counts = False

    def __init__(self, names: Sequence[str]) -> None:
        self.names: Collection[str] = names

    def head(self, total: int) -> str:
        """Nothing."""
        return ""

    def track(self, one: Track) -> str:
        """An object."""
        found = {name: _descriptor(one.found[name]) for name in self.names if name in one.found}
        fields = {
            "file": _text(one.audio.name),
            "status": str(one.audio.state),
            "seconds": one.seconds,
            "error": _problem(one.audio),
            "descriptors": found,
            **_kept(one.audio),
        }
        return json.dumps(fields, ensure_ascii=False, allow_nan=False) + "\n"

    def tail(self, total: int) -> Iterator[str]:
        """Nothing."""
        yield from ()


def _descriptor(one: Descriptor) -> dict[str, Any]:
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


def _kept(audio: Audio) -> dict[str, Any]:
    """What else is known of a sound that the daemon keeps."""
    return {
        "id": audio.id,
        "status_at": _moment(audio.state_at),
        "created_at": _moment(audio.created_at),
        "missing_at": _moment(audio.missing_at),
        "folder_id": audio.folder,
        "path": audio.path.decode("utf-8", "replace") if audio.path else None,
        "size": audio.size,
        "sha256": audio.sha256,
        "media": _media(audio.media) if audio.media else None,
    }


def _media(media: Media) -> dict[str, Any]:
    return {
        "container": media.container, "codec": media.codec, "rate": media.rate, "channels": media.channels,
        "bits": media.bits, "tags": dict(media.tags), "warnings": media.warnings,
    }  # fmt: skip


def _problem(audio: Audio) -> dict[str, str] | None:
    return {"reason": audio.problem.reason, "message": audio.problem.message} if audio.problem else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _text(said: str) -> str:
    return said.encode("utf-8", "replace").decode()
