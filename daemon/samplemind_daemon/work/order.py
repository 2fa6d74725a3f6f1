"""An order: a job to be done, with all that it takes but the bytes. It is made beside the database, and needs none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.model import Descriptor, Lane
from samplemind_daemon.origin import Origin
from samplemind_daemon.work import described
from samplemind_daemon.work.protocol import CannotUnderstand

MOST_ANALYZERS = 1_000


@dataclass(frozen=True)
class Part:
    """One analyzer's part: how its result is marked, and which others of the order it builds upon."""

    analyzer: str
    version: int
    fingerprint: str
    sources: tuple[str, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """What must be found in a sound, by the right that `token` gives. `parts` are in plan order."""

    job: str
    token: str
    user: str
    audio: str
    name: str
    sha256: str
    size: int  # bytes
    lane: Lane
    attempt: int
    is_last: bool  # where an analyzer breaks its worker, there is no other try
    parts: tuple[Part, ...]
    known: tuple[Descriptor, ...]  # found earlier, by analyzers that have no part
    attachments: tuple[str, ...]  # the other files that must be read: those that the settings name
    longest_seconds: float
    origin: Origin

    def without(self, culprit: str) -> tuple[Part, ...]:
        """The parts that are neither this analyzer's nor of any that builds upon it."""
        spoilt = {culprit}
        for part in self.parts:
            if spoilt.intersection(part.sources):
                spoilt.add(part.analyzer)
        return tuple(part for part in self.parts if part.analyzer not in spoilt)


def encode(order: Order) -> bytes:
    """The order as JSON."""
    origin = [order.origin.trace, order.origin.call, order.origin.given]
    fields = {**vars(order), "origin": origin}
    return json.dumps(fields, allow_nan=False, default=described.fields).encode()


def decode(text: bytes) -> Order:
    """The order that was encoded; CannotUnderstand if it is none."""
    try:
        fields = json.loads(text, parse_constant=described.refuse)
        words = {
            name: described.text(fields[name]) for name in ("job", "token", "user", "audio", "name", "sha256")
        }
        return Order(
            **words,
            size=described.whole(fields["size"]),
            lane=Lane(fields["lane"]),
            attempt=described.whole(fields["attempt"]),
            is_last=fields["is_last"] is True,
            parts=_parts(fields["parts"]),
            known=described.descriptors(fields["known"]),
            attachments=described.texts(fields["attachments"]),
            longest_seconds=float(fields["longest_seconds"]),
            origin=Origin(*described.texts(fields["origin"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


def _parts(many: list[dict[str, Any]]) -> tuple[Part, ...]:
    if len(many) > MOST_ANALYZERS:
        raise ValueError(f"{len(many):,} analyzers are too many")
    return tuple(
        Part(
            described.text(one["analyzer"]),
            described.whole(one["version"]),
            described.text(one["fingerprint"]),
            described.texts(one["sources"]),
            dict(one["settings"]),
        )
        for one in many
    )
