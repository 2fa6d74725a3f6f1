"""Sounds over the wire: listed, renamed, sent and deleted, each only by whom they belong to."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from raw_calls import Channel, Person, pieces


@pytest.fixture
def three(ada, make_sound):
    """Three sounds: c.wav, a.wav, b.wav."""
    return [ada.upload(make_sound(seed), name) for seed, name in enumerate(("c.wav", "a.wav", "b.wav"))]


def names(answer):
    return [audio.name for audio in answer.audios]


def wait_for(ada, audio, state=4):
    """The sound once it is in this state: completed, unless another is said."""
    deadline = time.monotonic() + 60
    while (found := ada("AudioService/Get", audio_id=audio.id).answer.audio).state != state:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def test_a_sound_is_what_was_sent(ada, make_sound):
    data = make_sound(0)
    sent = ada.upload(data, "loop.wav")
    audio = wait_for(ada, sent)
    assert (audio.name, audio.size_bytes, audio.sha256) == (
        "loop.wav",
        len(data),
        hashlib.sha256(data).hexdigest(),
    )
    assert (audio.media.container, audio.media.sample_rate_hz, audio.media.channels) == ("wav", 44_100, 1)
    assert audio.media.duration_seconds == 0.5
    assert not audio.HasField("problem") and not audio.HasField("missing_at") and audio.folder_id == ""
    assert (
        sent.created_at == audio.created_at and audio.state_at.ToNanoseconds() > sent.state_at.ToNanoseconds()
    )


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ("", ["b.wav", "a.wav", "c.wav"]),
        ("created_at", ["c.wav", "a.wav", "b.wav"]),
        ("name", ["a.wav", "b.wav", "c.wav"]),
        ("name desc", ["c.wav", "b.wav", "a.wav"]),
    ],
)
@pytest.mark.parametrize("page_size", [1, 2, 3, 0])
def test_pages_hold_every_sound_once_and_in_order(ada, three, order_by, expected, page_size):
    found, token = [], ""
    while True:
        page = ada("AudioService/List", order_by=order_by, page_size=page_size, page_token=token).answer
        assert page.total == 3 and len(page.audios) <= (page_size or 3)
        found += names(page)
        token = page.next_page_token
        if not token:
            break
    assert found == expected


def test_a_page_token_is_good_for_its_own_question_only(ada, three):
    token = ada("AudioService/List", page_size=1, order_by="name").answer.next_page_token
    assert names(ada("AudioService/List", page_token=token, order_by="name").answer) == ["b.wav", "c.wav"]
    for other in ({"order_by": "name desc"}, {"order_by": ""}, {"order_by": "name", "filter": "name : a"}):
        assert ada("AudioService/List", page_token=token, **other).reason == "INVALID_PAGE_TOKEN"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "=",
        "é",
        "bnVsbA",
        "W10",
        "WzEsMiwzXQ",
        "e30",
        "W" * 4_000,
        "x" * 20_000,
        "\0",
        "W1tbW1tbW1tb" * 200,
    ],
)
def test_a_page_token_that_was_never_given_is_refused(ada, token):
    for rpc in ("AudioService/List", "AuthService/ListApiKeys"):
        assert ada(rpc, page_token=token).reason == "INVALID_PAGE_TOKEN"


def test_a_page_size_below_nothing_is_refused_and_a_huge_one_is_cut(ada, three):
    for rpc in ("AudioService/List", "AuthService/ListApiKeys", "EventService/List"):
        assert ada(rpc, page_size=-1).reason == "INVALID_PAGE_SIZE"
        assert ada(rpc, page_size=2**31 - 1).code == "OK"


def test_filters_narrow_the_list(ada, three):
    def found(filter):
        return sorted(names(ada("AudioService/List", filter=filter).answer))

    assert found("name : a.w") == ["a.wav"] and found("name = a") == []
    assert found("name : _") == [] and found("name : %") == []  # no wildcards
    assert found(f"sha256 = {three[0].sha256}") == ["c.wav"]
    assert found("folder_id = x") == [] and found("state = quarantined") == []
    assert ada("AudioService/List", filter="nonsense").fields == ("filter",)
    assert ada("AudioService/List", order_by="nonsense").fields == ("order_by",)


def test_a_renamed_sound_has_its_new_name_and_a_bad_name_is_refused(ada, make_sound):
    audio = ada.upload(make_sound(0))
    assert ada("AudioService/Update", audio_id=audio.id, name="kick.wav").answer.audio.name == "kick.wav"
    for bad in ("", "..", "x" * 256, "a/"):
        outcome = ada("AudioService/Update", audio_id=audio.id, name=bad)
        assert (outcome.reason, outcome.fields) == ("INVALID_NAME", ("name",))
    assert ada("AudioService/Get", audio_id=audio.id).answer.audio.name == "kick.wav"


def test_a_download_holds_every_byte_once_from_any_offset(ada, make_sound):
    data = make_sound(0, 5.0)
    audio = ada.upload(data)
    for offset in (0, 1, 65_535, 65_536, len(data) - 1, len(data)):
        answers = ada("AudioService/Download", audio_id=audio.id, offset=offset, whole=True).answers
        assert b"".join(answer.data for answer in answers) == data[offset:]
        at = offset
        for answer in answers:
            assert answer.offset == at and 0 < len(answer.data) <= 65_536
            at += len(answer.data)
    for offset in (-1, len(data) + 1, 2**63 - 1):
        assert ada("AudioService/Download", audio_id=audio.id, offset=offset).reason == "INVALID_OFFSET"


@pytest.mark.parametrize("harm", ["a bit", "the end", "more", "all", "a link", "a pipe"])
def test_bytes_that_are_not_those_that_were_kept_are_never_sent(daemon, ada, make_sound, tmp_path, harm):
    data = make_sound(len(harm))
    audio = ada.upload(data)
    wait_for(ada, audio)
    blob = daemon.home / "blobs" / "sha256" / audio.sha256[:2] / audio.sha256
    match harm:
        case "a bit":
            blob.write_bytes(data[:1_000] + bytes([data[1_000] ^ 1]) + data[1_001:])
        case "the end":
            blob.write_bytes(data[:-1])
        case "more":
            blob.write_bytes(data + b"x")
        case "all":
            blob.unlink()
        case "a link":
            blob.unlink()
            (tmp_path / "secret").write_bytes(data)
            blob.symlink_to(tmp_path / "secret")
        case "a pipe":
            blob.unlink()
            os.mkfifo(blob)
    outcome = ada("AudioService/Download", audio_id=audio.id, offset=2_000)
    assert outcome.code in ("DATA_LOSS", "NOT_FOUND") and outcome.answers == ()
    assert (outcome.code, outcome.reason) == ("DATA_LOSS", "CORRUPTED") or harm in ("all", "a link", "a pipe")
    blob.unlink(missing_ok=True)


def test_a_deleted_sound_is_gone_and_so_is_its_job(ada, make_sound):
    audio = ada.upload(make_sound(0, 20.0))
    assert ada("AudioService/Delete", audio_id=audio.id).code == "OK"
    for rpc in (
        "AudioService/Get",
        "AudioService/Delete",
        "AudioService/Download",
        "AnalysisService/GetAnalysis",
    ):
        assert ada(rpc, audio_id=audio.id).reason == "AUDIO_NOT_FOUND", rpc
    assert ada("AudioService/List").answer.total == 0
    status = ada("StatusService/GetStatus").answer
    assert not status.audios and not status.jobs
    assert ada("EventService/List").answer.events[-1].kind == "audio.deleted"


def test_a_sound_that_was_deleted_can_be_sent_again(ada, make_sound):
    first = ada.upload(make_sound(0))
    assert ada("AudioService/Delete", audio_id=first.id).code == "OK"
    second = ada.upload(make_sound(0))
    assert second.id != first.id
    data = ada("AudioService/Download", audio_id=second.id, whole=True).answers
    assert b"".join(answer.data for answer in data) == make_sound(0)


def test_bytes_that_another_user_still_has_outlive_a_deleted_sound(ada, bob, make_sound):
    first, second = ada.upload(make_sound(0)), bob.upload(make_sound(0))
    assert ada("AudioService/Delete", audio_id=first.id).code == "OK"
    wait_for(bob, second)
    assert bob("AudioService/Download", audio_id=second.id, whole=True).code == "OK"


def test_a_reply_of_a_thousand_long_names_stays_small(daemon, ada):
    name, made = "\N{GRINNING FACE}" * 250, []
    channels = [Channel(daemon.address) for _ in range(4)]

    def add(number):
        person = Person.__new__(Person)
        person.channel, person.headers = channels[number % 4], ada.headers
        return person.upload(f"{number}".encode(), f"{name}{number:05}")

    with ThreadPoolExecutor(4) as threads:
        made += threads.map(add, range(1_000))
    for channel in channels:
        channel.close()
    found, token, pages = [], "", 0
    while True:
        page = ada("AudioService/List", page_size=1_000, page_token=token).answer
        assert page.ByteSize() < 256 * 1024 and page.total == 1_000
        found += [audio.id for audio in page.audios]
        token, pages = page.next_page_token, pages + 1
        if not token:
            break
    assert pages >= 4 and sorted(found) == sorted(audio.id for audio in made) and len(set(found)) == 1_000
    cursor, more, seen = "", True, []
    while more:
        answer = ada("EventService/List", page_size=1_000, cursor=cursor, kinds=["audio.added"]).answer
        assert answer.ByteSize() < 256 * 1024
        seen += [event.audio_id for event in answer.events]
        cursor, more = answer.cursor, answer.more
    assert sorted(seen) == sorted(found)


def test_two_uploads_of_the_same_bytes_end_as_one_sound(ada, make_sound):
    data = make_sound(0)
    opened = [ada.open_upload(data, name).upload.id for name in ("first.wav", "second.wav")]
    for id in opened:
        assert ada("AudioService/UploadChunks", stream=pieces(id, data)).code == "OK"
    with ThreadPoolExecutor(2) as threads:
        finished = threads.map(
            lambda id: ada("AudioService/FinishUpload", upload_id=id).answer.audio.id, opened
        )
    assert len(set(finished)) == 1 and ada("AudioService/List").answer.total == 1
