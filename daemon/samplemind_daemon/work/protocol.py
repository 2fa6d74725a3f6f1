"""What the crew and its workers say to each other: one JSON object at a time, each after its length.

Nothing that a worker says is trusted: every message has a bound, and one that is not as declared
here raises CannotUnderstand.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samplemind_daemon.analysis import catalogue
from samplemind_daemon.analysis.live.beating import Beat
from samplemind_daemon.analysis.live.timeline import Gap
from samplemind_daemon.model import Catalogue, Descriptor, Media
from samplemind_daemon.work import described
from samplemind_daemon.work.live_messages import Finish, Interim, Moment, Piece, Tune

PROTOCOL = 4  # raise it whenever a message changes: nothing that is said in another one is listened to
LENGTH = struct.Struct(">I")
MOST_BYTES = 10 * 2**20  # of one message: room for the largest result of an analyzer


class CannotUnderstand(Exception):
    """A message is too long, or is none that the other side may send."""


@dataclass(frozen=True)
class Task:
    """A file to be heard. `path` may hold the surrogates of os.fsdecode; `analyzers` are in plan order."""

    path: str
    analyzers: tuple[str, ...]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    known: tuple[Descriptor, ...] = ()  # found earlier, by analyzers that are not among these
    longest_seconds: float = 6 * 3600
    attachments: tuple[str, ...] = ()  # other files that it must read: those that the settings name
    ids: Mapping[str, str] = field(default_factory=dict)  # by which logs name the task


@dataclass(frozen=True)
class Examine:
    """An analyzer whose promises are to be looked into."""

    analyzer: str


@dataclass(frozen=True)
class Speaks:
    """The first thing that a worker says, in this form for ever: which protocol it speaks."""

    protocol: int


@dataclass(frozen=True)
class Loading:
    """A plugin is about to be imported."""

    name: str
    origin: str


@dataclass(frozen=True)
class Hello:
    """The worker is ready, with these plugins."""

    catalogue: Catalogue


@dataclass(frozen=True)
class Progress:
    """How much was heard; `expected` is what the file's header claims, if it does."""

    seconds: float
    expected: float | None

    @property
    def fraction(self) -> float | None:
        """How far the hearing is, from 0 to 1; None where nobody knows."""
        return min(1.0, self.seconds / self.expected) if self.expected else None


@dataclass(frozen=True)
class Found:
    """What one analyzer found, and how long it was at work on it."""

    analyzer: str
    descriptors: tuple[Descriptor, ...]
    took_seconds: float = 0.0


@dataclass(frozen=True)
class Done:
    """The file was heard, or the promises are kept; no media where no analyzer had to listen."""

    media: Media | None


@dataclass(frozen=True)
class Failed:
    """The file could not be heard, or a promise is broken."""

    reason: str
    message: str


Message = (
    Task | Examine | Speaks | Loading | Hello | Progress | Found | Done | Failed
    | Tune | Piece | Finish | Moment | Interim
)  # fmt: skip


def encode(message: Message) -> bytes:
    """The message behind its length; CannotUnderstand if it is longer than MOST_BYTES."""
    fields = {"kind": type(message).__name__, **vars(message)}
    text = json.dumps(fields, allow_nan=False, default=described.fields).encode()
    if len(text) > MOST_BYTES:
        raise CannotUnderstand(f"a message of {len(text):,} bytes is too long")
    return LENGTH.pack(len(text)) + text


def length(head: bytes) -> int:
    """How many bytes of message follow; CannotUnderstand if they are more than MOST_BYTES."""
    size: int = LENGTH.unpack(head)[0]
    if size > MOST_BYTES:
        raise CannotUnderstand(f"a message of {size:,} bytes is too long")
    return size


def decode(text: bytes) -> Message:
    """The message that was encoded; CannotUnderstand if it is none."""
    try:
        fields = json.loads(text, parse_constant=described.refuse)
        message: Message = _READ[fields.pop("kind")](fields)
        return message
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


def _task(fields: dict[str, Any]) -> Task:
    known = described.descriptors(fields.pop("known"))
    analyzers, attachments = (tuple(fields.pop(name)) for name in ("analyzers", "attachments"))
    return Task(known=known, analyzers=analyzers, attachments=attachments, **fields)


def _progress(fields: dict[str, Any]) -> Progress:
    expected = fields["expected"]
    return Progress(float(fields["seconds"]), None if expected is None else float(expected))


def _tune(fields: dict[str, Any]) -> Tune:
    analyzers, told, attachments = (tuple(fields.pop(name)) for name in ("analyzers", "told", "attachments"))
    return Tune(analyzers=analyzers, told=told, attachments=attachments, **fields)


def _moment(fields: dict[str, Any]) -> Moment:
    beats = tuple(Beat(float(one["seconds"]), float(one["next_seconds"])) for one in fields["beats"])
    gaps = tuple(Gap(int(one["frame"]), int(one["frames"])) for one in fields["gaps"])
    rate, received, analysed = (int(fields[name]) for name in ("rate", "received", "analysed"))
    return Moment(rate, received, analysed, described.descriptors(fields["meters"]), beats, gaps)


def _interim(fields: dict[str, Any]) -> Interim:
    descriptors, stabilities = (
        described.descriptors(fields["descriptors"]),
        tuple(map(float, fields["stabilities"])),
    )
    if len(descriptors) != len(stabilities):
        raise ValueError("a descriptor has no stability")
    return Interim(int(fields["frame"]), descriptors, stabilities)


_READ: Mapping[str, Any] = {
    "Task": _task,
    "Examine": lambda fields: Examine(str(fields["analyzer"])),
    "Speaks": lambda fields: Speaks(int(fields["protocol"])),
    "Loading": lambda fields: Loading(str(fields["name"]), str(fields["origin"])),
    "Hello": lambda fields: Hello(catalogue.from_json(fields["catalogue"])),
    "Progress": _progress,
    "Found": lambda fields: Found(
        str(fields["analyzer"]), described.descriptors(fields["descriptors"]), float(fields["took_seconds"])
    ),
    "Done": lambda fields: Done(described.media(fields["media"])),
    "Failed": lambda fields: Failed(str(fields["reason"]), str(fields["message"])),
    "Tune": _tune,
    "Piece": lambda fields: Piece(int(fields["frame"]), str(fields["data"])),
    "Finish": lambda fields: Finish(),
    "Moment": _moment,
    "Interim": _interim,
}
