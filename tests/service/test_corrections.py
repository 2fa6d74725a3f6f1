"""Corrections, stale results and exports over the wire, by a real daemon."""

import csv
import io
import json
from uuid import uuid4

import pytest

from samplemind.v1 import analysis_pb2, library_pb2

OK = analysis_pb2.DESCRIPTOR_STATUS_OK


@pytest.fixture
def sound(ada, make_sound):
    """A sound of ada that was heard."""
    audio = ada.upload(make_sound(7, 2.5), "loop.wav")
    assert ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).code == "OK"
    return audio.id


def correct(person, *corrections, **more):
    return person("LibraryService/Correct", corrections=corrections, **more)


def known(person, id):
    found = person("AnalysisService/GetAnalysis", audio_id=id).answer.analysis.descriptors
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


def exported(person, format, **more):
    pieces = person("LibraryService/Export", format=format, whole=True, **more)
    assert pieces.code == "OK", pieces
    return b"".join(one.data for one in pieces.answers)


def test_a_value_counts_wherever_it_is_looked_for_until_it_is_taken_back(ada, sound):
    heard = known(ada, sound)
    number = analysis_pb2.Value(number=128.0)
    answer = correct(
        ada,
        {"audio_id": sound, "name": "tempo.bpm", "value": number},
        {"audio_id": sound, "name": "key.key", "value": {"text": "Am"}},
        {"audio_id": sound, "name": "genre.labels", "value": {"texts": {"values": ["house"]}}},
    ).answer
    assert answer.total == 1 and answer.found[0].audio.id == sound
    told = {one.name: one for one in answer.found[0].descriptors}
    assert told["tempo.bpm"].value == number and told["key.camelot"].value.text == "8A"
    found = known(ada, sound)
    bpm = found["tempo.bpm"]
    assert (bpm.value.number, bpm.status, bpm.made_by, bpm.unit) == (128.0, OK, "user", "BPM")
    assert not bpm.HasField("confidence") and bpm.fingerprint == "" and bpm.reason == ""
    listed = ada("AnalysisService/ListAnalyses", descriptors=["tempo.bpm"]).answer.analyses[0]
    assert [one.value.number for one in listed.descriptors] == [128.0]
    clauses = {"bpm": {"low": 128, "high": 128}, "key": "8A", "genres": ["house"]}
    asked = ada("LibraryService/Query", query=clauses, descriptors=["tempo.bpm"]).answer
    assert asked.total == 1 and asked.found[0].descriptors[0].made_by == "user"
    [row] = csv.DictReader(io.StringIO(exported(ada, library_pb2.EXPORT_FORMAT_CSV).decode(), newline=""))
    assert (row["tempo.bpm"], row["key.key"], row["genre.labels"]) == ("128.0", "A minor", "house")
    line = json.loads(exported(ada, library_pb2.EXPORT_FORMAT_JSONL, descriptors=["tempo"]))
    assert line["descriptors"]["tempo.bpm"]["made_by"] == "user"
    assert b'Tonality="Am"' in exported(ada, library_pb2.EXPORT_FORMAT_REKORDBOX)
    assert b"loop.wav" in exported(ada, library_pb2.EXPORT_FORMAT_M3U8)
    names = ("tempo.bpm", "key.key", "genre.labels")
    assert correct(ada, *({"audio_id": sound, "name": name, "undo": True} for name in names)).code == "OK"
    assert known(ada, sound) == heard
    assert ada("LibraryService/Query", query=clauses).answer.total == 0


def test_it_outlives_a_new_analysis_and_the_stream_of_one_says_it_too(ada, sound):
    correct(ada, {"audio_id": sound, "name": "tempo.bpm", "value": {"number": 99.0}})
    assert ada("AnalysisService/Reanalyze", audio_id=sound, everything=True).code == "OK"
    answers = ada("AnalysisService/Analyze", audio_id=sound, whole=True).answers
    said = [one.finding for one in answers if one.WhichOneof("update") == "finding"]
    assert [one.value.number for one in said if one.name == "tempo.bpm"] == [99.0]
    assert known(ada, sound)["tempo.bpm"].value.number == 99.0


def test_what_cannot_be_is_refused_by_its_place_and_nothing_is_changed(ada, sound):
    refused = correct(
        ada,
        {"audio_id": sound, "name": "tempo.bpm", "value": {"number": 100.0}},
        {"audio_id": sound, "name": "key.key", "value": {"text": "X"}},
        {"audio_id": sound, "name": "kind.label"},
    )
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_CORRECTION")
    assert refused.fields == ("corrections[1]", "corrections[2]")
    assert known(ada, sound)["tempo.bpm"].made_by == "tempo"


def test_a_retry_does_nothing_twice(ada, sound):
    correct(ada, {"audio_id": sound, "name": "tempo.bpm", "value": {"number": 60.0}})
    twice = {"audio_id": sound, "name": "tempo.bpm", "factor": 2}
    id = str(uuid4())
    first, second = correct(ada, twice, request_id=id), correct(ada, twice, request_id=id)
    assert first.answer == second.answer
    assert known(ada, sound)["tempo.bpm"].value.number == 120.0
    kinds = [one.kind for one in ada("EventService/List", kinds=["audio.corrected"]).answer.events]
    assert kinds == ["audio.corrected"] * 2


def test_nobody_corrects_or_exports_what_is_anothers(ada, bob, sound):
    said = []
    for id in (sound, str(uuid4())):
        outcome = correct(bob, {"audio_id": id, "name": "tempo.bpm", "value": {"number": 100.0}})
        said.append(repr(outcome).replace(id, "…"))
    assert said[0] == said[1] and "AUDIO_NOT_FOUND" in said[0]
    assert exported(bob, library_pb2.EXPORT_FORMAT_M3U8) == b"#EXTM3U\n"
    assert (
        bob("LibraryService/Export", query={"owner_id": ada.id}, format=1, whole=True).answers[-1].total == 0
    )
    assert bob("LibraryService/PreviewReanalyze").answer.total == 0


def test_an_export_of_no_kind_or_of_nothing_that_there_is_is_refused(ada):
    assert ada("LibraryService/Export").reason == "INVALID_FORMAT"
    assert ada("LibraryService/Export", format=1, descriptors=["colour"]).reason == "INVALID_DESCRIPTORS"
    assert ada("LibraryService/Export", format=1, order_by="colour").reason == "INVALID_ORDER"


def test_what_is_fresh_is_not_stale(ada, sound):
    preview = ada("LibraryService/PreviewReanalyze").answer
    assert (preview.total, preview.sounds, list(preview.analyzers)) == (1, 0, [])
    queued = ada("LibraryService/ReanalyzeStale").answer
    assert (queued.queued, queued.left) == (0, 0)


def test_many_sounds_are_answered_as_far_as_a_message_goes(ada, sound, make_sound):
    many = [sound, *(ada.upload(make_sound(seed, 0.01)).id for seed in range(20))]
    tags = analysis_pb2.Texts(values=[f"{number} {'x' * 90}" for number in range(49)])
    wishes = [{"audio_id": id, "name": "tags.words", "value": {"texts": tags}} for id in many]
    answer = correct(ada, *wishes).answer
    assert answer.total == 21 and answer.ByteSize() < 256 * 1024
    assert [one.audio.id for one in answer.found] == many[: len(answer.found)] and answer.found
