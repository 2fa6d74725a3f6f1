"""Findings and media as JSON has them, read back strictly: whoever wrote them is not trusted."""

from collections.abc import Iterable, Mapping
from typing import Any

from samplemind_daemon.model import Descriptor, Media, Result

STATUSES = frozenset({"ok", "low_confidence", "not_applicable", "unmeasurable", "failed"})
MOST_TEXT = 100_000  # characters, apart from those in findings


def descriptors(many: Iterable[dict[str, Any]]) -> tuple[Descriptor, ...]:
    """The descriptors that were written; KeyError, TypeError or ValueError if they are none."""
    return tuple(_descriptor(one) for one in many)


def results(many: Iterable[dict[str, Any]]) -> tuple[Result, ...]:
    """The results that were written; raises as `descriptors`."""
    return tuple(
        Result(
            text(one["analyzer"]),
            whole(one["version"]),
            text(one["fingerprint"]),
            descriptors(one["descriptors"]),
        )
        for one in many
    )


def text(value: Any) -> str:
    """A text of reasonable length; TypeError or ValueError if it is none."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is no text")
    if len(value) > MOST_TEXT:
        raise ValueError(f"a text of {len(value):,} characters is too long")
    return value


def texts(values: Any) -> tuple[str, ...]:
    """Several texts; raises as `text`."""
    return tuple(map(text, values))


def whole(value: Any) -> int:
    """A whole number; TypeError if it is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} is no whole number")
    return value


def media(fields: dict[str, Any] | None) -> Media | None:
    """The media that were written, if any were; raises as `descriptors`."""
    if fields is None:
        return None
    tags = {str(name): str(value) for name, value in fields.pop("tags").items()}
    warnings = tuple(str(one) for one in fields.pop("warnings"))
    return Media(tags=tags, warnings=warnings, **fields)


def fields(value: Any) -> Any:
    """What JSON cannot write by itself, as it can: for `json.dumps(default=...)`."""
    return dict(value) if isinstance(value, Mapping) else vars(value)


def refuse(constant: str) -> None:
    """Raise ValueError: for `json.loads(parse_constant=...)`, since no figure is NaN or endless."""
    raise ValueError(f"{constant} is no number")


def _descriptor(fields: dict[str, Any]) -> Descriptor:
    if fields["status"] not in STATUSES:
        raise ValueError(f"there is no status {fields['status']}")
    candidates = tuple((_value(value), sure) for value, sure in fields.pop("candidates"))
    return Descriptor(value=_value(fields.pop("value")), candidates=candidates, **fields)


def _value(value: Any) -> Any:
    return tuple(map(_value, value)) if isinstance(value, list) else value
