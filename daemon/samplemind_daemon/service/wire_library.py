"""Queries and what they find, between the wire and the model."""

import json
import math
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from typing import Any

from samplemind.v1 import audio_pb2
from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.library.harmony import harmony
from samplemind_daemon.library.query import Facet, check
from samplemind_daemon.model import Harmony, KeyRule, Order, Query, Range, State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.pages import FRAME, LARGEST_REPLY, MOST, page_start, page_token, unknown
from samplemind_daemon.service.wire_analysis import descriptors, fit
from samplemind_daemon.service.wire_sound import STATES, audio, text
from samplemind_daemon.store.query import Row

RULES = {
    pb.KEY_RULE_UNSPECIFIED: KeyRule.SAME,
    pb.KEY_RULE_SAME: KeyRule.SAME,
    pb.KEY_RULE_RELATIVE: KeyRule.RELATIVE,
    pb.KEY_RULE_FIFTHS: KeyRule.FIFTHS,
    pb.KEY_RULE_CAMELOT: KeyRule.CAMELOT,
    pb.KEY_RULE_ENERGY_BOOST: KeyRule.ENERGY_BOOST,
}
TABLE = frozenset(  # descriptors, where none are asked for
    {
        "kind.label", "tempo.bpm", "key.key", "key.root_note", "loudness.integrated", "oneshot.label", "genre.labels",
        "instruments.labels", "dynamics.duration",
    }
)  # fmt: skip
ROOM = 4 * 1024  # bytes for the token and what stands around the sounds
_STATES = {number: state for state, number in STATES.items()}


def query(message: pb.Query) -> Query:
    """What is asked for; Invalid, with the names of the fields that are at fault, where it cannot be answered."""
    asked = Query(
        text=message.text,
        tags=tuple(message.tags),
        genres=tuple(message.genres),
        moods=tuple(message.moods),
        instruments=tuple(message.instruments),
        kinds=tuple(message.kinds),
        bpm=_range(message.bpm),
        half_double=message.half_double,
        harmony=_harmony(message),
        loudness=_range(message.loudness),
        duration=_range(message.duration),
        folders=tuple(message.folder_ids),
        states=tuple(map(_state, message.states)),
        owner=message.owner_id,
    )
    check(asked)
    return asked


def start(user: str, request: pb.QueryRequest, order: Order) -> tuple[Any, int] | None:
    """Where the page begins that is asked for; Invalid for a token that this list did not give."""
    found = page_start(_question(user, request, order), request.page_token, str)
    if found is None:
        return None
    try:
        value, sound = json.loads(str(found[0])), int(found[1])
    except (ValueError, RecursionError):
        raise unknown() from None
    if not 0 <= sound < MOST or not _is_value(value, order):
        raise unknown()
    return value, sound


def token(user: str, request: pb.QueryRequest, order: Order, last: Row) -> str:
    """The token for what comes after this sound."""
    return page_token(_question(user, request, order), json.dumps(last.value), str(last.sound))


def facets(counted: dict[str, Facet]) -> Iterable[pb.Facet]:
    """How many sounds have what."""
    for name, counts in counted.items():
        yield pb.Facet(
            name=name, counts=[pb.FacetCount(value=text(value), count=count) for value, count in counts]
        )


async def fill(answer: pb.QueryResponse, found: AsyncIterator[Analysis], names: Collection[str]) -> bool:
    """Put sounds into an answer with the descriptors of these names, as many as a reply holds; whether it is all."""
    left = LARGEST_REPLY - answer.ByteSize() - ROOM
    async for known in found:
        one = pb.Found(audio=audio(known.audio), descriptors=fit(descriptors(known.results, names), ROOM))
        left -= one.ByteSize() + FRAME
        if left < 0 and answer.found:
            return False
        answer.found.append(one)
    return True


def last(rows: Sequence[Row], answer: pb.QueryResponse, is_whole: bool) -> Row:
    """Where the answer ends: with its last sound, or if it has all that there still are of the page, with the page."""
    if is_whole:
        return rows[-1]
    return next(row for row in rows if row.audio == answer.found[-1].audio.id)


def shown(names: Iterable[str], hidden: Collection[str]) -> list[str]:
    """The facets without those of descriptors that the user is not shown."""
    return [name for name in names if name not in hidden and f"{name}s" not in hidden]


def _question(user: str, request: pb.QueryRequest, order: Order) -> tuple[str, ...]:
    asked = request.query.SerializeToString(deterministic=True).hex()
    return "LibraryService/Query", user, asked, order.field, str(order.descending)


def _is_value(value: Any, order: Order) -> bool:
    """Whether sounds may have this value of what they are sorted by."""
    if order.field == "name":
        return isinstance(value, str)
    return value is None or (type(value) in (int, float) and math.isfinite(value) and abs(value) < MOST)


def _range(message: pb.Range) -> Range:
    low = message.low if message.HasField("low") else None
    return Range(low, message.high if message.HasField("high") else None)


def _harmony(message: pb.Query) -> Harmony | None:
    if message.key_rule not in RULES:
        raise _invalid("key_rule", f"there is no rule {message.key_rule}")
    try:
        return harmony(message.key, RULES[message.key_rule]) if message.key else None
    except ValueError as wrong:
        raise _invalid("key", str(wrong)) from None


def _state(number: "audio_pb2.AudioState.ValueType") -> State:
    if number not in _STATES:
        raise _invalid("states", f"there is no state {number}")
    return _STATES[number]


def _invalid(field: str, why: str) -> Invalid:
    return Invalid("INVALID_QUERY", f"This cannot be searched for: {why}.", {f"query.{field}": why})
