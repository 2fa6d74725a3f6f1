"""What is like a sound, and what fits it: real sounds, heard by real workers, asked for over the wire."""

import io
import time
from uuid import uuid4

import numpy as np
import pytest
import soundfile
from raw_calls import Person, pieces

from samplemind.v1 import library_pb2 as pb

RATE = 44_100
ROOTS = {"A": 220.0, "D#": 311.13, "E": 329.63, "A#": 233.08}
PATIENCE = 60.0  # seconds


def loop(bpm: float, root: float = 0.0, seed: int = 0, beats: int = 8, gain: float = 1.0) -> bytes:
    """Noise on each beat, and a minor chord on this root beside it if there is one."""
    rng, length = np.random.default_rng(seed), int(beats * 60 / bpm * RATE)
    sound, tick = np.zeros(length), np.arange(int(0.04 * RATE))
    for beat in range(beats):
        at = int(beat * 60 / bpm * RATE)
        sound[at : at + len(tick)] += rng.standard_normal(len(tick)) * np.exp(-tick / 400) * 0.3
    times = np.arange(length) / RATE
    for step in (0, 3, 7, 12) if root else ():
        for partial in (1, 2, 3):
            sound += 0.05 / partial * np.sin(2 * np.pi * root * 2 ** (step / 12) * partial * times)
    file = io.BytesIO()
    soundfile.write(file, gain * sound, RATE, format="WAV")
    return file.getvalue()


SOUNDS = {
    "drums 120": loop(120),
    "drums 120 too": loop(120, seed=1),
    "drums 97": loop(97, seed=2),
    "A minor 120": loop(120, ROOTS["A"], 3),
    "A minor 122": loop(122, ROOTS["A"], 4),
    "A minor softer": loop(120, ROOTS["A"], 3, gain=0.3),
    "E minor 120": loop(120, ROOTS["E"], 5),
    "D# minor 120": loop(120, ROOTS["D#"], 6),
}


@pytest.fixture(scope="module")
def library(daemon):
    """Somebody whose sounds have been heard, and their ids by name."""
    from raw_calls import Channel

    channel = Channel(daemon.address)
    person = Person(channel)
    ids = {name: person.upload(data, f"{name}.wav").id for name, data in SOUNDS.items()}
    for id in ids.values():
        heard = person("AnalysisService/Analyze", audio_id=id, whole=True)
        assert heard.code == "OK" and heard.answers[-1].HasField("result")
    yield person, ids
    channel.close()


def near(person: Person, **fields) -> list[str]:
    answer = person("LibraryService/Similar", **fields).answer
    distances = [one.distance for one in answer.neighbours]
    assert distances == sorted(distances)
    return [one.found.audio.name.removesuffix(".wav") for one in answer.neighbours]


def matches(person: Person, **fields) -> dict[str, pb.Match]:
    answer = person("LibraryService/Compatible", **fields).answer
    assert [one.score for one in answer.matches] == sorted(
        (one.score for one in answer.matches), reverse=True
    )
    return {one.found.audio.name.removesuffix(".wav"): one for one in answer.matches}


def why(match: pb.Match, aspect: str) -> pb.Reason:
    [found] = [one for one in match.reasons if one.aspect == aspect]
    return found


def test_the_nearest_sound_is_the_one_that_was_made_alike(library):
    person, ids = library
    assert set(near(person, sample={"audio_id": ids["A minor 120"]})[:2]) == {"A minor softer", "A minor 122"}
    assert all(one.startswith("drums") for one in near(person, sample={"audio_id": ids["drums 120"]})[:2])
    answer = person("LibraryService/Similar", sample={"audio_id": ids["drums 120"]}, limit=2).answer
    assert answer.compared == len(SOUNDS) - 1 and len(answer.neighbours) == 2
    names = {one.name for one in answer.neighbours[0].found.descriptors}
    assert {"tempo.bpm", "kind.label", "loudness.integrated"} <= names


def test_the_weights_choose_the_aspect_and_make_up_the_distance(library):
    person, ids = library
    by_harmony = near(person, sample={"audio_id": ids["A minor 120"]}, weights={"harmony": 1.0})
    assert all("minor" in one for one in by_harmony[:4])
    weights = {"rhythm": 2.0, "timbre": 0.5, "harmony": 1.0}
    answer = person("LibraryService/Similar", sample={"audio_id": ids["A minor 120"]}, weights=weights).answer
    for one in answer.neighbours:
        parts = [getattr(one.distances, aspect) * weight for aspect, weight in weights.items()]
        assert one.distance == pytest.approx(np.hypot.reduce(parts), rel=1e-4)


def test_only_what_matches_the_query_is_compared(library):
    person, ids = library
    found = near(person, sample={"audio_id": ids["drums 120"]}, query={"text": "minor"})
    assert set(found) == {name for name in SOUNDS if "minor" in name}
    assert set(matches(person, sample={"audio_id": ids["drums 120"]}, query={"text": "97"})) == {"drums 97"}


def test_what_came_or_went_a_moment_ago_counts(library):
    person, ids = library
    data = loop(120, seed=7)
    new = person.upload(data, "new.wav").id
    assert person("AnalysisService/Analyze", audio_id=new, whole=True).code == "OK"
    assert "new" in near(person, sample={"audio_id": ids["drums 120"]})
    assert person("AudioService/Delete", audio_id=new).code == "OK"
    assert "new" not in near(person, sample={"audio_id": ids["drums 120"]})


def test_another_users_sounds_are_neither_found_nor_compared_with(library, bob):
    person, ids = library
    mine = bob.upload(SOUNDS["drums 120"], "mine.wav").id
    assert bob("AnalysisService/Analyze", audio_id=mine, whole=True).code == "OK"
    for rpc in ("LibraryService/Similar", "LibraryService/Compatible"):
        assert bob(rpc, sample={"audio_id": mine}).answer.compared == 0
        for kind in ("audio_id", "upload_id"):
            opened = (
                person.open_upload(loop(90, seed=9)).upload.id if kind == "upload_id" else ids["drums 97"]
            )
            refused = [bob(rpc, sample={kind: id}) for id in (opened, str(uuid4()))]
            assert {one.code for one in refused} == {"NOT_FOUND"}
            assert len({one.reason for one in refused}) == 1


def test_an_upload_is_heard_and_nothing_of_it_is_kept(library, daemon):
    person, _ = library
    before = _traces(person)
    data = loop(120, seed=10)
    opened = person.open_upload(data).upload.id
    for rpc in ("LibraryService/Similar", "LibraryService/Compatible"):
        refused = person(rpc, sample={"upload_id": opened})
        assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "INCOMPLETE")
    assert person("AudioService/UploadChunks", stream=pieces(opened, data)).code == "OK"
    assert near(person, sample={"upload_id": opened})[0].startswith("drums")
    assert person("AudioService/GetUpload", upload_id=opened).code == "NOT_FOUND"
    assert not list((daemon.home / "blobs" / "staging").glob(opened))
    assert _traces(person) == before
    assert near(person, sample={"upload_id": opened}, weights={"rhythm": 1.0})  # it may be asked about again
    assert "drums 120" in matches(person, sample={"upload_id": opened})


def test_an_upload_that_is_no_sound_is_the_callers_mistake(library):
    person, _ = library
    data = b"no sound at all" * 1_000
    opened = person.open_upload(data).upload.id
    assert person("AudioService/UploadChunks", stream=pieces(opened, data)).code == "OK"
    refused = person("LibraryService/Similar", sample={"upload_id": opened})
    assert refused.code == "INVALID_ARGUMENT" and refused.fields == ("sample",), refused


def test_a_caller_who_gives_up_frees_the_worker(library):
    person, _ = library
    data = loop(120, seed=11, beats=400)  # more than three minutes
    opened = person.open_upload(data).upload.id
    assert person("AudioService/UploadChunks", stream=pieces(opened, data)).code == "OK"
    request = pb.SimilarRequest(sample=pb.Sample(upload_id=opened))
    from grpc import RpcError

    method = person.channel._channel.unary_unary(
        "/samplemind.v1.LibraryService/Similar",
        request_serializer=pb.SimilarRequest.SerializeToString,
        response_deserializer=pb.SimilarResponse.FromString,
    )
    with pytest.raises(RpcError) as gave_up:
        method(request, metadata=person.headers, timeout=0.1)  # it takes several times as long
    assert gave_up.value.code().name == "DEADLINE_EXCEEDED"
    until = time.monotonic() + PATIENCE
    while person("StatusService/GetStatus").answer.busy and time.monotonic() < until:
        time.sleep(0.05)
    assert not person("StatusService/GetStatus").answer.busy
    assert person("AudioService/GetUpload", upload_id=opened).answer.upload.committed_bytes == len(data)


def test_what_fits_says_why(library):
    person, ids = library
    found = matches(person, sample={"audio_id": ids["A minor 120"]})
    same, fifth, clash = found["A minor 122"], found["E minor 120"], found["D# minor 120"]
    assert same.speed == pytest.approx(120 / 122, rel=0.003)
    assert "slower" in why(same, "tempo").sentence and "the same key" in why(same, "key").sentence
    assert -0.35 < 12 * np.log2(same.speed) < 0 and same.semitones == pytest.approx(
        -12 * np.log2(same.speed), abs=0.08
    )
    assert why(same, "key").score > why(fifth, "key").score > why(clash, "key").score
    assert fifth.score > clash.score and not fifth.HasField("speed")
    for match in found.values():
        assert [one.aspect for one in match.reasons] == ["tempo", "key", "tuning", "loudness", "spectrum"]
        assert all(one.sentence.endswith(".") for one in match.reasons)


def test_a_pitch_that_is_kept_does_not_move_with_the_tempo(library):
    person, ids = library
    match = matches(person, sample={"audio_id": ids["A minor 120"]}, keep_pitch=True)["A minor 122"]
    assert match.HasField("speed") and not match.HasField("semitones")


def test_drums_need_no_key_which_is_neither_good_nor_bad(library):
    person, ids = library
    found = matches(person, sample={"audio_id": ids["A minor 120"]})
    match, same, clash = found["drums 120"], found["A minor softer"], found["D# minor 120"]
    assert not why(match, "key").HasField("score") and "needs no key" in why(match, "key").sentence
    assert "counts as 0.5" in why(match, "key").sentence and not why(match, "tuning").HasField("score")
    assert clash.score < match.score < same.score


def test_beyond_the_stretch_limit_a_tempo_clashes_and_within_it_it_fits(library):
    person, ids = library
    tight = matches(person, sample={"audio_id": ids["drums 120"]})["drums 97"]
    wide = matches(person, sample={"audio_id": ids["drums 120"]}, stretch_limit=0.4)["drums 97"]
    assert why(tight, "tempo").score == 0 and not tight.HasField("speed")
    assert "8 % is the limit" in why(tight, "tempo").sentence
    assert why(wide, "tempo").score > 0 and wide.HasField("speed")


@pytest.mark.parametrize(
    ("rpc", "fields", "reason"),
    [
        ("Similar", {}, "NO_SAMPLE"),
        ("Similar", {"weights": {"rhythm": -1.0}}, "INVALID_WEIGHTS"),
        ("Similar", {"weights": {"timbre": float("nan")}}, "INVALID_WEIGHTS"),
        ("Similar", {"weights": {"harmony": 11.0}}, "INVALID_WEIGHTS"),
        ("Similar", {"limit": -1}, "INVALID_LIMIT"),
        ("Compatible", {"stretch_limit": 0.6}, "INVALID_STRETCH"),
        ("Compatible", {"stretch_limit": float("nan")}, "INVALID_STRETCH"),
        ("Compatible", {}, "NO_SAMPLE"),
    ],
)
def test_a_wrong_request_is_refused_with_its_reason(ada, rpc, fields, reason):
    refused = ada(f"LibraryService/{rpc}", **fields)
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", reason)


def _traces(person: Person) -> tuple[int, str, int]:
    """What would be left of a sound: sounds, the last event, jobs."""
    status = person("StatusService/GetStatus").answer
    return (
        person("AudioService/List").answer.total,
        person("EventService/List").answer.cursor,
        len(status.jobs),
    )
