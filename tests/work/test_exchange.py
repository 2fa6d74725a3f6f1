"""What daemons and workers say to each other arrives whole, however long it is, and nonsense is refused."""

import asyncio
import json
import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from nats.aio.client import Client

from samplemind_daemon.model import Descriptor, Lane, Media, Result
from samplemind_daemon.origin import begun
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.work import order, outcome
from samplemind_daemon.work.crew import CrewStatus
from samplemind_daemon.work.nats import letters, messages, roll, updates
from samplemind_daemon.work.nats.connection import connect
from samplemind_daemon.work.nats.exchange import Exchange, NoAnswer
from samplemind_daemon.work.nats.messages import Begin, Given, Later, Over, Piece, Report
from samplemind_daemon.work.nats.place import parse
from samplemind_daemon.work.nats.roll import Present
from samplemind_daemon.work.nats.wakes import Wakes
from samplemind_daemon.work.order import Order, Part
from samplemind_daemon.work.outcome import Broke, Failed, Heard, Outdated, Unheard, Unsettled
from samplemind_daemon.work.protocol import CannotUnderstand

FOUND = Descriptor("tempo.bpm", 127.5, "BPM", 0.9, "ok", ((64.0, 0.1), (None, None)), "", "tempo", 3)
MANY = replace(FOUND, name="tempo.beats", value=(0.5, 1.0), candidates=())
RESULT = Result("tempo", 3, "f" * 32, (FOUND, MANY))
MEDIA = Media("wav", "pcm_s16", 44_100, 2, 16, 1.5, {"title": "Ä"}, ("cut",))
PART = Part("tempo", 3, "f" * 32, ("onsets",), {"slowest": 70.0, "model": ""})
ORDER = Order(
    "job", "token", "user", "audio", "a \udcff.wav", "0" * 64, 10, Lane.INTERACTIVE, 2, True, (PART,), (FOUND,),
    ("/a.onnx",), 3600.0, begun(),
)  # fmt: skip
OUTCOMES = [
    Heard(MEDIA, (RESULT,)), Heard(None, ()), Failed("UNDECODABLE", "This is no sound."),
    Broke("WORKER_DIED", "It fell.", "tempo", MEDIA, (RESULT,)), Broke("WORKER_DIED", "It fell."), Unsettled(),
    Outdated(), Unheard("the worker ends"),
]  # fmt: skip


@pytest.fixture
async def two(broker):
    """Two who speak over one broker."""
    place, both = parse(broker.url()), []
    for who in ("one", "other"):
        client = Client()
        await connect(client, place, who)
        both.append(Exchange(client, place))
        await both[-1].open()
    yield both
    for one in both:
        await one.close()


@pytest.mark.parametrize("size", [0, 10, letters.PART_BYTES, 3 * letters.PART_BYTES + 1])
async def test_a_question_and_its_answer_arrive_whole_however_long_they_are(two, size):
    one, other = two

    async def double(text):
        return text + text

    await one.answer("test.double", double, "queue")
    await asyncio.sleep(0.1)
    text = os.urandom(size)
    assert await other.ask("test.double", text, 30) == text + text


async def test_where_nobody_listens_or_nobody_can_answer_there_is_no_answer(two):
    one, other = two

    async def fail(text):
        raise ValueError("no")

    await one.answer("test.fail", fail)
    await asyncio.sleep(0.1)
    for subject in ("test.nobody", "test.fail"):
        with pytest.raises(NoAnswer):
            await other.ask(subject, b"?")


async def test_whoever_follows_at_another_daemon_is_woken_and_nonsense_wakes_nobody(two):
    woken = [[], []]
    wakes = [Wakes(exchange, heard.append) for exchange, heard in zip(two, woken, strict=True)]
    for one in wakes:
        await one.open()
    await asyncio.sleep(0.1)
    for text in (b"{", b"[1]", b"7"):
        await two[0].tell(two[0].place.woke, text)
    wakes[0].tell({"ada", "bob"})
    async with asyncio.timeout(30):
        while not woken[1]:
            await asyncio.sleep(0.02)
    assert woken == [[{"ada", "bob"}], [{"ada", "bob"}]]  # each once: nobody hears what it says itself


async def test_a_letter_that_is_a_bomb_or_cut_or_none_is_refused(two, monkeypatch):
    monkeypatch.setattr(letters, "MOST_BYTES", 2**20)
    there = letters.Letters(two[0]._client, two[0].place)
    whole = zlib.compress(b"text" * 100)
    nowhere = json.dumps({"holder": "a.>", "id": "x", "parts": 1}).encode()
    for letter in (
        b"=" + zlib.compress(b"x" * 2**21),
        b"=" + whole[:-5],
        b"=no",
        b">" + nowhere,
        b">{}",
        b"",
        b"?",
    ):
        with pytest.raises(CannotUnderstand):
            await there.read(letter)
    assert await there.read(b"=" + whole) == b"text" * 100


def test_orders_and_outcomes_are_the_same_on_the_other_side():
    assert order.decode(order.encode(ORDER)) == ORDER
    for one in OUTCOMES:
        assert outcome.decode(outcome.encode(one)) == one
    for one in (Given(ORDER, "", "instance"), Over(), Later("other versions of tempo", ("/a.onnx",))):
        assert messages.decode_answer(messages.encode_answer(one)) == one
    report = Report("job", "token", begun(), OUTCOMES[0])
    assert messages.decode_report(messages.encode_report(report)) == report
    asked = Begin("job", "token", "host", {"tempo": "f" * 32}, {"/a.onnx": "0" * 64})
    assert messages.decode_begin(messages.encode_begin(asked)) == asked
    assert messages.decode_piece(messages.encode_piece(Piece("job", "token", 5, 6))) == Piece(
        "job", "token", 5, 6
    )
    here = Present("id", "host", "1.0", 3, CrewStatus(3, 1, 0, 0, 0))
    assert roll.decode(roll.encode(here)) == here
    assert updates.decode(updates.encode(RESULT)) == RESULT


DECODERS = [
    order.decode, outcome.decode, messages.decode_answer, messages.decode_report, messages.decode_begin,
    messages.decode_piece, roll.decode, updates.decode,
]  # fmt: skip


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b"1", b'{"kind": "Heard"}', b'{"say": "do"}\n{}', b"[" * 10_000, b"\xff"],
)
def test_nonsense_is_refused(decode, text):
    with pytest.raises(CannotUnderstand):
        decode(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("job", 1), ("lane", "express"), ("size", "10"), ("size", True), ("attempt", None), ("parts", [{}]),
        ("parts", [{}] * 2_000), ("known", [{"status": "fine"}]), ("origin", ["a"]), ("longest_seconds", "long"),
        ("sha256", "x" * 200_000),
    ],
)  # fmt: skip
def test_an_order_with_anything_else_in_a_field_is_refused(name, value):
    fields = json.loads(order.encode(ORDER)) | {name: value}
    with pytest.raises(CannotUnderstand):
        order.decode(json.dumps(fields).encode())


def test_a_place_is_read_and_what_is_none_is_refused():
    place = parse("nats://ada:a%2Fb@one:1,two/mine")
    assert place.servers == ("nats://one:1", "nats://two") and (place.user, place.password) == ("ada", "a/b")
    assert place.begin == "mine.begin" and place.stream == "MINE_JOBS" and "a/b" not in repr(place)
    assert parse("tls://one").name == "samplemind"
    for wrong in ("nats://", "nats://one,", "http://one", "nats://one/a.b", f"nats://one/{'x' * 41}"):
        with pytest.raises(CannotServe, match="^engine: "):
            parse(wrong)


async def test_credentials_that_are_not_there_are_named():
    with pytest.raises(CannotServe, match="engine_credentials: there is no file /nowhere"):
        await connect(Client(), parse("nats://127.0.0.1:1"), "test", Path("/nowhere"))


async def test_where_nats_is_not_there_a_daemon_says_so():
    with pytest.raises(CannotServe, match="engine: NATS cannot be reached"):
        await connect(Client(), parse("nats://127.0.0.1:1"), "test", seconds=0.5)
