"""Between the wire and the model: what a query says, and as many sounds as one answer holds."""

from dataclasses import replace

import pytest
from heard import MEDIA, descriptor

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.model import Audio, Order, Query, Range, Result, State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service import wire_library
from samplemind_daemon.service.pages import LARGEST_REPLY
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.query import Row

AUDIO = Audio("", "ada", "a.wav", State.COMPLETED, now(), None, 9, "f" * 64, MEDIA, None, None, None, now())


def analyses(many, words):
    """So many sounds, each with a list of so many words."""
    tags = Result("tags", 1, "f", (descriptor("tags.words", ("word",) * words),))
    return [Analysis(replace(AUDIO, id=f"{number:036}"), (tags,), None) for number in range(many)]


async def filled(known):
    async def found():
        for one in known:
            yield one

    answer = pb.QueryResponse(total=len(known))
    is_whole = await wire_library.fill(answer, found(), {"tags.words"})
    return answer, is_whole


async def test_an_answer_has_as_many_sounds_as_it_holds_and_ends_where_the_next_begins():
    known = analyses(900, 100)
    rows = [Row(one.audio.id, 1.5, number) for number, one in enumerate(known)]
    answer, is_whole = await filled(known)
    assert not is_whole and 100 < len(answer.found) < 900
    last = wire_library.last(rows, answer, is_whole)
    assert last.audio == answer.found[-1].audio.id
    answer.next_page_token = wire_library.token("ada", pb.QueryRequest(), Order(), last)
    assert LARGEST_REPLY * 0.9 < answer.ByteSize() < LARGEST_REPLY
    few, is_whole = await filled(known[:3])
    assert is_whole and wire_library.last(rows, few, is_whole) == rows[-1]


async def test_a_sound_that_is_too_long_for_an_answer_comes_without_its_longest_value():
    answer, is_whole = await filled(analyses(2, 100_000))
    assert is_whole and len(answer.found) == 2 and answer.ByteSize() < LARGEST_REPLY
    assert not answer.found[0].descriptors[0].HasField("value")


def test_every_clause_comes_through():
    asked = pb.Query(
        text="a", tags=["b"], genres=["c"], moods=["d"], instruments=["e"], kinds=["loop"], bpm=pb.Range(low=0),
        half_double=True, key="8A", key_rule=pb.KEY_RULE_CAMELOT, loudness=pb.Range(high=-9),
        duration=pb.Range(low=1, high=2), folder_ids=["f"], states=[2], owner_id="g",
    )  # fmt: skip
    read = wire_library.query(asked)
    assert (read.bpm, read.loudness, read.duration) == (Range(0), Range(None, -9), Range(1, 2))
    assert read.harmony.keys == {14, 12, 16, 15} and read.states == (State.QUEUED,)
    everything = vars(Query())
    assert [name for name, value in vars(read).items() if value == everything[name]] == []
    assert wire_library.query(pb.Query()) == Query()


def test_a_token_goes_on_where_it_was_given_for_any_order():
    for order, value in (
        (Order("name"), "a b"),
        (Order("bpm"), 119.98),
        (Order("key"), None),
        (Order(), 10**15),
    ):
        request = pb.QueryRequest(order_by=order.field)
        request.page_token = wire_library.token("ada", request, order, Row("id", value, 7))
        assert wire_library.start("ada", request, order) == (value, 7)
        with pytest.raises(Invalid):
            wire_library.start("bob", request, order)


def test_facets_of_what_a_user_is_not_shown_are_left_out():
    hidden = {"genre", "instruments"}
    assert wire_library.shown(["genre", "instrument", "mood", "tag"], hidden) == ["mood", "tag"]
