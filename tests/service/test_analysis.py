"""Analyses over the wire: streamed, listed, cancelled and made again by a real daemon."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from engine_room import QUIET, SLOW, SPIN, plugin_text, wave
from raw_calls import Channel, Person

from samplemind.v1 import analysis_pb2 as pb
from samplemind.v1 import audio_pb2
from samplemind_client import AsyncClient

COMPLETED, CANCELLED = pb.JOB_STATE_COMPLETED, pb.JOB_STATE_CANCELLED


@pytest.fixture
def own(own_daemon, tmp_path):
    """A daemon with plugins that do what the sound says, and its owner's calls."""
    folder = tmp_path / "home0" / "plugins"
    folder.mkdir(parents=True)
    (folder / "level.py").write_text(plugin_text(tmp_path / "heard.txt"))
    process = own_daemon(settings={"SAMPLEMIND_WORKER_SCRATCH": str(tmp_path)})  # where the plugins write
    channel = Channel(process.address)
    yield process, Person(channel)
    channel.close()


@pytest.fixture
def sound(tmp_path):
    """The bytes of a WAV file of one level."""

    def make(level, seconds=0.3):
        return wave(tmp_path / "made.wav", level, seconds).read_bytes()

    return make


def kinds(answers):
    """The kinds of the updates, each once, in order."""
    return list(dict.fromkeys(one.WhichOneof("update") for one in answers))


def until_heard(tmp_path, level, seconds=20):
    deadline = time.monotonic() + seconds
    while not (tmp_path / "heard.txt").exists() or f"{level}\n" not in (tmp_path / "heard.txt").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_happens_to_a_sound_is_streamed_until_it_is_done(ada, make_sound):
    audio = ada.upload(make_sound(1, seconds=20))
    answers = ada("AnalysisService/Analyze", audio_id=audio.id, request_id=str(uuid4()), whole=True).answers
    assert kinds(answers)[-3:] == ["decoding", "finding", "result"]
    result = answers[-1].result
    assert result.audio.state == audio_pb2.AUDIO_STATE_COMPLETED and result.job.state == COMPLETED
    streamed = {one.finding.name for one in answers if one.HasField("finding")}
    assert (
        streamed
        == {one.name for one in result.descriptors}
        >= {"loudness.integrated", "key.key", "tempo.bpm"}
    )
    assert ada("AnalysisService/GetAnalysis", audio_id=audio.id).answer.analysis == result
    again = ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).answers
    assert kinds(again) == ["finding", "result"] and again[-1].result.job == result.job


def test_fractions_grow(own, sound):
    _, ada = own
    audio = ada.upload(sound(SLOW, seconds=12))
    answers = ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).answers
    fractions = [one.decoding.fraction for one in answers if one.HasField("decoding")]
    assert fractions == sorted(fractions) and len(fractions) > 2 and 0 <= fractions[0] < fractions[-1] <= 1


def test_a_sound_that_is_none_ends_its_stream_with_the_reason(ada):
    audio = ada.upload(b"this is no sound, " + uuid4().bytes)
    *_, last = ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).answers
    assert last.result.audio.state == audio_pb2.AUDIO_STATE_FAILED
    assert last.result.audio.problem.reason == "UNDECODABLE" and last.result.audio.problem.message


def test_an_interactive_request_overtakes_thirty_batch_jobs(own, sound):
    _, ada = own
    batch = [ada.upload(sound(SLOW, 0.3 + number / 1000)) for number in range(30)]
    now = ada.upload(sound(QUIET))
    *_, last = ada("AnalysisService/Analyze", audio_id=now.id, whole=True).answers
    assert last.result.job.state == COMPLETED and last.result.job.lane == pb.LANE_INTERACTIVE
    waiting = ada("AudioService/List", filter="state = queued").answer.total
    assert waiting > len(batch) // 2


def test_cancel_answers_within_a_second_and_the_seat_serves_again(own, sound, tmp_path):
    _, ada = own
    spinning, after = ada.upload(sound(SPIN)), ada.upload(sound(QUIET))
    until_heard(tmp_path, SPIN)
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(ada, "AnalysisService/Analyze", audio_id=spinning.id, whole=True)
        time.sleep(0.2)
        began = time.monotonic()
        job = ada("AnalysisService/Cancel", audio_id=spinning.id, request_id=str(uuid4())).answer.job
        *_, last = following.result(5).answers
        assert time.monotonic() - began < 1.5
    assert job.state == CANCELLED == last.result.job.state
    assert (
        ada("AnalysisService/Analyze", audio_id=after.id, whole=True).answers[-1].result.job.state
        == COMPLETED
    )


def test_every_accepted_sound_is_finished_after_the_daemon_was_killed(own, sound):
    process, ada = own
    audios = [ada.upload(sound(SLOW, 0.3 + number / 1000)) for number in range(5)]
    process.kill()
    process.start()
    answers = ada(
        "AnalysisService/AnalyzeBatch", audio_ids=[one.id for one in audios], whole=True
    ).answers  # fmt: skip
    assert {one.audio_id: one.job.state for one in answers} == {one.id: COMPLETED for one in audios}
    assert [(one.done, one.total) for one in answers] == [(number + 1, 5) for number in range(5)]


def test_a_batch_says_what_it_does_not_know(ada, bob, make_sound):
    mine, his = ada.upload(make_sound(2)), bob.upload(make_sound(3))
    answers = ada("AnalysisService/AnalyzeBatch", audio_ids=[mine.id, his.id, "x"], whole=True).answers
    by_id = {one.audio_id: one for one in answers}
    assert by_id[mine.id].job.state == COMPLETED and answers[-1].done == answers[-1].total == 3
    assert by_id[his.id].problem.reason == by_id["x"].problem.reason == "AUDIO_NOT_FOUND"


def test_reanalyze_queues_a_sound_again_once_for_a_request(ada, make_sound):
    audio, request = ada.upload(make_sound(4)), str(uuid4())
    first = ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).answers[-1].result.job
    jobs = [
        ada("AnalysisService/Reanalyze", audio_id=audio.id, request_id=request, everything=True).answer.job.id
        for _ in range(2)
    ]
    assert jobs[0] == jobs[1] != first.id
    last = ada("AnalysisService/Analyze", audio_id=audio.id, whole=True).answers[-1].result.job
    assert last.id == jobs[0] and last.state == COMPLETED


@pytest.mark.parametrize("page_size", [1, 2, 0])
def test_pages_hold_every_analysis_once(ada, make_sound, page_size):
    audios = [ada.upload(make_sound(seed)) for seed in range(5, 9)]
    ada("AnalysisService/AnalyzeBatch", audio_ids=[one.id for one in audios], whole=True)
    found, token = [], ""
    while True:
        page = ada(
            "AnalysisService/ListAnalyses", page_size=page_size, page_token=token, order_by="created_at",
            descriptors=["loudness.integrated"],
        ).answer  # fmt: skip
        assert page.total == 4 and len(page.analyses) <= (page_size or 50)
        found += page.analyses
        if not (token := page.next_page_token):
            break
    assert [one.audio.id for one in found] == [one.id for one in audios]
    assert {one.name for analysis in found for one in analysis.descriptors} == {"loudness.integrated"}


def test_a_token_of_another_list_or_question_is_refused(ada, make_sound):
    for seed in (10, 11):
        ada.upload(make_sound(seed))
    token = ada("AnalysisService/ListAnalyses", page_size=1).answer.next_page_token
    for rpc, how in (
        ("AnalysisService/ListAnalyses", {"order_by": "name"}),
        ("AudioService/List", {}),
    ):
        refused = ada(rpc, page_size=1, page_token=token, **how)
        assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")


@pytest.mark.parametrize(
    ("rpc", "fields", "code", "reason"),
    [
        ("Analyze", {"audio_id": "nope"}, "NOT_FOUND", "AUDIO_NOT_FOUND"),
        ("Analyze", {"audio_id": "nope", "request_id": "1"}, "INVALID_ARGUMENT", "INVALID_REQUEST_ID"),
        ("AnalyzeBatch", {}, "INVALID_ARGUMENT", "INVALID_BATCH"),
        ("GetAnalysis", {"audio_id": "nope"}, "NOT_FOUND", "AUDIO_NOT_FOUND"),
        ("Cancel", {"audio_id": "nope"}, "NOT_FOUND", "AUDIO_NOT_FOUND"),
        ("Reanalyze", {"audio_id": "nope"}, "NOT_FOUND", "AUDIO_NOT_FOUND"),
        ("ListAnalyses", {"page_size": -1}, "INVALID_ARGUMENT", "INVALID_PAGE_SIZE"),
        ("ListAnalyses", {"filter": "colour = red"}, "INVALID_ARGUMENT", "INVALID_FILTER"),
    ],
)
def test_what_cannot_be_is_refused(ada, rpc, fields, code, reason):
    refused = ada(f"AnalysisService/{rpc}", **fields)
    assert (refused.code, refused.reason) == (code, reason)


async def test_the_python_client_follows_an_analysis_and_a_batch(daemon, make_sound, tmp_path):
    (tmp_path / "a.wav").write_bytes(make_sound(12))
    async with AsyncClient(daemon.address, key=daemon.owner_key) as client:
        sound = await client.upload(tmp_path / "a.wav")
        updates = [update async for update in client.analyze(sound.id)]
        assert updates[-1].analysis.descriptors["loudness.integrated"].unit == "LUFS"
        [outcome] = [outcome async for outcome in client.analyze_batch([sound.id])]
        assert outcome.job == updates[-1].analysis.job
