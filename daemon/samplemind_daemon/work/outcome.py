"""What came of an order: what was heard, or why nothing was. It is written down beside the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.model import Media, Result
from samplemind_daemon.work import described
from samplemind_daemon.work.protocol import CannotUnderstand


@dataclass(frozen=True)
class Heard:
    """The sound was heard: what each part found, and the media unless no analyzer had to listen."""

    media: Media | None
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Failed:
    """The sound cannot be heard, and could not at another try."""

    reason: str
    message: str


@dataclass(frozen=True)
class Broke:
    """A worker died, hung or took too much; `analyzer` was at work then, "" where none was.

    At the last try there is what all others found.
    """

    reason: str
    message: str
    analyzer: str = ""
    media: Media | None = None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Unsettled:
    """The file has just been changed and its folder has not taken it in yet, or its disk does not answer."""


@dataclass(frozen=True)
class Outdated:
    """The order is none any more: the plugins are other ones, or the file was taken in again meanwhile."""


@dataclass(frozen=True)
class Unheard:
    """Nobody could hear it, or whoever did must end: it waits again as if it had never been started."""

    why: str


Outcome = Heard | Failed | Broke | Unsettled | Outdated | Unheard


def encode(outcome: Outcome) -> bytes:
    """The outcome as JSON."""
    fields = {"kind": type(outcome).__name__, **vars(outcome)}
    return json.dumps(fields, allow_nan=False, default=described.fields).encode()


def decode(text: bytes) -> Outcome:
    """The outcome that was encoded; CannotUnderstand if it is none."""
    try:
        fields = json.loads(text, parse_constant=described.refuse)
        outcome: Outcome = _READ[fields["kind"]](fields)
        return outcome
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


def _failed(fields: dict[str, Any]) -> Failed:
    return Failed(described.text(fields["reason"]), described.text(fields["message"]))


def _broke(fields: dict[str, Any]) -> Broke:
    reason, message, analyzer = (described.text(fields[name]) for name in ("reason", "message", "analyzer"))
    return Broke(
        reason, message, analyzer, described.media(fields["media"]), described.results(fields["results"])
    )


_READ: Mapping[str, Any] = {
    "Heard": lambda fields: Heard(described.media(fields["media"]), described.results(fields["results"])),
    "Failed": _failed,
    "Broke": _broke,
    "Unsettled": lambda fields: Unsettled(),
    "Outdated": lambda fields: Outdated(),
    "Unheard": lambda fields: Unheard(described.text(fields["why"])),
}
