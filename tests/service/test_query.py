"""Searching: what is asked over the wire is what is found, page by page, and nothing of anybody else's."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from json import dumps, loads

import pytest

from samplemind.v1 import audio_pb2, library_pb2

NAMES = ("Kick_Hard 01.wav", "DrumLoop_90s.wav", "Café Pad.wav", "kick soft.wav", "Snare.wav")


@pytest.fixture
def library(ada, make_sound):
    """Ada with a few sounds; their ids by name."""
    return {name: ada.upload(make_sound(number), name).id for number, name in enumerate(NAMES)}


def names(outcome):
    return [found.audio.name for found in outcome.answer.found]


def test_words_of_names_are_found_by_their_beginnings_whatever_their_case(ada, library):
    def found(text):
        return names(ada("LibraryService/Query", query={"text": text}, order_by="name"))

    assert found("kick") == ["Kick_Hard 01.wav", "kick soft.wav"]
    assert found("KICK har") == ["Kick_Hard 01.wav"]
    assert found("loop 90s") == found("drumlo") == found("90") == ["DrumLoop_90s.wav"]
    assert found("cafe") == found("CAFÉ") == ["Café Pad.wav"]
    assert found("ick") == found("kick snare") == []
    assert len(found("")) == len(NAMES)


def test_pages_go_on_where_the_last_one_ended_and_count_all(ada, library):
    for order in ("name", "name desc", "size_bytes", "created_at", "bpm", "key desc"):
        seen, token, pages = [], "", 0
        while pages == 0 or token:
            outcome = ada("LibraryService/Query", order_by=order, page_size=2, page_token=token)
            assert outcome.answer.total == len(NAMES)
            seen, token, pages = seen + names(outcome), outcome.answer.next_page_token, pages + 1
        assert (sorted(seen), pages) == (sorted(NAMES), 3), order


def test_a_token_is_good_for_its_own_question_only(ada, bob, library):
    token = ada("LibraryService/Query", query={"text": "kick"}, page_size=1).answer.next_page_token
    assert token
    for person, more in (
        (ada, {"query": {"text": "snare"}}),
        (ada, {"query": {"text": "kick"}, "order_by": "name"}),
        (bob, {"query": {"text": "kick"}}),
    ):
        outcome = person("LibraryService/Query", page_token=token, **more)
        assert (outcome.code, outcome.reason) == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")


def test_nothing_is_found_of_others(ada, bob, library):
    assert ada("LibraryService/Query", query={"owner_id": ada.id}).answer.total == len(NAMES)
    assert bob("LibraryService/Query").answer.total == 0
    outcome = bob("LibraryService/Query", query={"owner_id": ada.id}, facets=["state", "tag"])
    assert outcome.answer.total == 0 and not outcome.answer.found
    assert [list(facet.counts) for facet in outcome.answer.facets] == [[], []]


def test_what_was_heard_is_searched_and_counted_as_soon_as_it_is_there(ada, library):
    heard = {"states": [audio_pb2.AUDIO_STATE_COMPLETED], "loudness": {"low": -60, "high": 0}}
    until = time.monotonic() + 60
    while ada("LibraryService/Query", query=heard).answer.total < len(NAMES):
        assert time.monotonic() < until
        time.sleep(0.1)
    outcome = ada("LibraryService/Query", query={"text": "kick"}, facets=["state", "genre"], page_size=1)
    state, genre = outcome.answer.facets
    assert (state.name, [(one.value, one.count) for one in state.counts]) == ("state", [("completed", 2)])
    assert (genre.name, list(genre.counts)) == ("genre", [])
    [found] = outcome.answer.found
    assert {one.name for one in found.descriptors} >= {"kind.label", "tempo.bpm", "loudness.integrated"}
    named = ada("LibraryService/Query", descriptors=["loudness.integrated"], page_size=1).answer.found[0]
    assert [one.name for one in named.descriptors] == ["loudness.integrated"]
    assert ada("LibraryService/Query", query={"loudness": {"low": 0}}).answer.total == 0


@pytest.mark.parametrize(
    ("field", "request_"),
    [
        ("query.bpm", {"query": {"bpm": {"low": 130, "high": 120}}}),
        ("query.loudness", {"query": {"loudness": {"low": float("nan")}}}),
        ("query.duration", {"query": {"duration": {"high": float("inf")}}}),
        ("query.key", {"query": {"key": "H minor"}}),
        ("query.key", {"query": {"key": "13A"}}),
        ("query.key_rule", {"query": {"key": "Am", "key_rule": 9}}),
        ("query.kinds", {"query": {"kinds": ["symphony"]}}),
        ("query.states", {"query": {"states": [audio_pb2.AUDIO_STATE_UNSPECIFIED]}}),
        ("query.states", {"query": {"states": [99]}}),
        ("query.tags", {"query": {"tags": [""]}}),
        ("query.genres", {"query": {"genres": ["x"] * 51}}),
        ("query.text", {"query": {"text": "a b c d e f g h i j k"}}),
        ("query.text", {"query": {"text": "!!!"}}),
        ("order_by", {"order_by": "colour"}),
        ("facets", {"facets": ["colour"]}),
        ("page_size", {"page_size": -1}),
    ],
)
def test_what_cannot_be_searched_for_is_refused_with_the_name_of_its_field(ada, field, request_):
    outcome = ada("LibraryService/Query", **request_)
    assert (outcome.code, outcome.fields) == ("INVALID_ARGUMENT", (field,)), outcome


def test_a_forged_token_is_refused(ada, library):
    token = ada("LibraryService/Query", page_size=1, order_by="bpm").answer.next_page_token
    digest, _, id = loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for value, sound in (
        ("[1]", id),
        ('"x"', id),
        ("NaN", id),
        ("1e400", id),
        ("1", "-1"),
        ("1", "x"),
        ("{", id),
    ):
        forged = urlsafe_b64encode(dumps([digest, value, sound]).encode()).decode().rstrip("=")
        outcome = ada("LibraryService/Query", page_size=1, order_by="bpm", page_token=forged)
        assert outcome.reason == "INVALID_PAGE_TOKEN", (value, sound, outcome)


def test_every_rule_of_the_wire_is_known(ada, library):
    for rule in library_pb2.KeyRule.values():
        assert ada("LibraryService/Query", query={"key": "8A", "key_rule": rule}).code == "OK"
