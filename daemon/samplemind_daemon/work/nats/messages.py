"""What a worker asks of a daemon, and what it is answered: CannotUnderstand where something else comes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from samplemind_daemon.origin import Origin
from samplemind_daemon.work import described, order, outcome
from samplemind_daemon.work.order import Order
from samplemind_daemon.work.outcome import Outcome
from samplemind_daemon.work.protocol import CannotUnderstand

MOST_NAMES = 1_000  # analyzers, files or tokens in one message
COUNTED, LOST, AGAIN = (
    b"counted",
    b"lost",
    b"again",
)  # what a report is answered: the last, if it could not be kept now
_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{16,32}", re.ASCII)

Message = TypeVar("Message")


@dataclass(frozen=True)
class Begin:
    """May I do this job, by this token? To ask again is answered alike.

    `prints` is what the analyzers here are, by name; `files` the digests of files that I was told to have.
    """

    job: str
    token: str
    host: str
    prints: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Given:
    """Do it; the bytes are at this address, or else on the disk of this daemon."""

    order: Order
    url: str
    instance: str


@dataclass(frozen=True)
class Over:
    """There is nothing to do."""


@dataclass(frozen=True)
class Later:
    """Not now, and not by you as you are: you lack what `why` says. These files are needed besides."""

    why: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What came of a job."""

    job: str
    token: str
    origin: Origin
    outcome: Outcome


@dataclass(frozen=True)
class Piece:
    """A piece of a sound's bytes is wanted, by the right to hear it."""

    job: str
    token: str
    offset: int
    length: int


Answer = Given | Over | Later


def encode_begin(asked: Begin) -> bytes:
    """The question as JSON."""
    return json.dumps({**vars(asked), "prints": dict(asked.prints), "files": dict(asked.files)}).encode()


def decode_begin(text: bytes) -> Begin:
    """The question that was encoded."""
    return _read(
        text,
        lambda said: Begin(
            _id(said["job"]),
            _id(said["token"]),
            described.text(said["host"])[:200],
            _words(said["prints"]),
            _words(said["files"]),
        ),
    )


def encode_answer(answer: Answer) -> bytes:
    """The answer as JSON; an order follows it in a line of its own."""
    match answer:
        case Given(given, url, instance):
            return (
                json.dumps({"say": "do", "url": url, "instance": instance}).encode()
                + b"\n"
                + order.encode(given)
            )
        case Over():
            return b'{"say": "over"}'
        case Later(why, files):
            return json.dumps({"say": "later", "why": why, "files": files}).encode()


def decode_answer(text: bytes) -> Answer:
    """The answer that was encoded."""
    head, _, rest = text.partition(b"\n")

    def make(said: dict[str, Any]) -> Answer:
        match said["say"]:
            case "do":
                return Given(order.decode(rest), described.text(said["url"]), _id(said["instance"]))
            case "over":
                return Over()
            case "later":
                return Later(described.text(said["why"]), described.texts(said["files"][:MOST_NAMES]))
        raise ValueError("there is no such answer")

    return _read(head, make)


def encode_report(report: Report) -> bytes:
    """The report as JSON; the outcome follows it in a line of its own."""
    origin = [report.origin.trace, report.origin.call, report.origin.given]
    head = json.dumps({"job": report.job, "token": report.token, "origin": origin}).encode()
    return head + b"\n" + outcome.encode(report.outcome)


def decode_report(text: bytes) -> Report:
    """The report that was encoded."""
    head, _, rest = text.partition(b"\n")
    return _read(
        head,
        lambda said: Report(
            _id(said["job"]), _id(said["token"]), _origin(said["origin"]), outcome.decode(rest)
        ),
    )


def encode_piece(piece: Piece) -> bytes:
    """The question as JSON."""
    return json.dumps(vars(piece)).encode()


def decode_piece(text: bytes) -> Piece:
    """The question that was encoded."""

    def make(said: dict[str, Any]) -> Piece:
        offset, length = described.whole(said["offset"]), described.whole(said["length"])
        if offset < 0 or length < 1:
            raise ValueError("there is no such piece")
        return Piece(_id(said["job"]), _id(said["token"]), offset, length)

    return _read(text, make)


def encode_tokens(tokens: list[str]) -> bytes:
    """Tokens as JSON."""
    return json.dumps(tokens).encode()


def decode_tokens(text: bytes) -> list[str]:
    """The tokens that were encoded."""
    return _read(text, lambda said: [_id(one) for one in said[:MOST_NAMES]])


def _read(text: bytes, make: Callable[[Any], Message]) -> Message:
    try:
        return make(json.loads(text, parse_constant=described.refuse))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


def _id(value: Any) -> str:
    if not _ID.fullmatch(described.text(value)):
        raise ValueError(f"{value[:60]!r} is no id")
    return str(value)


def _words(fields: dict[str, Any]) -> dict[str, str]:
    if len(fields) > MOST_NAMES:
        raise ValueError(f"{len(fields):,} names are too many")
    return {described.text(name): described.text(value) for name, value in fields.items()}


def _origin(said: list[Any]) -> Origin:
    trace, call, given = described.texts(said)
    if not all(_HEX.fullmatch(one) for one in (trace, call, given or call)):
        raise ValueError("this is no origin")
    return Origin(trace, call, given)
