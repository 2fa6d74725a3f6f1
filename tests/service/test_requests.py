"""The same mutating request again gets the same answer and does nothing twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import grpc
import pytest
from raw_calls import PASSWORD, Channel, message_of, pieces

from samplemind.v1 import auth_pb2


@pytest.fixture
def uploaded(ada, make_sound):
    """An upload whose bytes are all there."""
    upload = ada.open_upload(make_sound(0)).upload
    assert ada("AudioService/UploadChunks", stream=pieces(upload.id, make_sound(0))).code == "OK"
    return upload


def twice(person, rpc, **fields):
    """The answers to a request and to its retry."""
    id = str(uuid4())
    return [person(rpc, request_id=id, **fields).answer for _ in range(2)]


def test_an_upload_is_opened_once(ada):
    first, second = twice(ada, "AudioService/CreateUpload", name="a.wav", size_bytes=9, sha256="a" * 64)
    assert first == second and first.upload.id


def test_an_upload_is_finished_once(ada, uploaded):
    first, second = twice(ada, "AudioService/FinishUpload", upload_id=uploaded.id)
    assert first == second and ada("AudioService/List").answer.total == 1
    again = ada("AudioService/FinishUpload", request_id=str(uuid4()), upload_id=uploaded.id).answer
    assert again.audio.id == first.audio.id  # another request, and still one sound
    kinds = [event.kind for event in ada("EventService/List").answer.events]
    assert kinds.count("audio.added") == 1 and kinds.count("audio.queued") == 1


def test_a_name_is_given_once(ada, make_sound):
    audio, id = ada.upload(make_sound(0)), str(uuid4())
    first = ada("AudioService/Update", request_id=id, audio_id=audio.id, name="first.wav").answer
    assert ada("AudioService/Update", audio_id=audio.id, name="later.wav").code == "OK"
    assert ada("AudioService/Update", request_id=id, audio_id=audio.id, name="first.wav").answer == first
    assert ada("AudioService/Get", audio_id=audio.id).answer.audio.name == "later.wav"


def test_a_sound_is_deleted_once(ada, make_sound):
    audio = ada.upload(make_sound(0))
    assert twice(ada, "AudioService/Delete", audio_id=audio.id)
    assert ada("AudioService/Delete", request_id=str(uuid4()), audio_id=audio.id).reason == "AUDIO_NOT_FOUND"


def test_a_key_is_made_once_and_its_secret_told_again(ada):
    first, second = twice(ada, "AuthService/CreateApiKey", name="studio", scope=auth_pb2.SCOPE_READ)
    assert first == second and first.secret
    assert len(ada("AuthService/ListApiKeys").answer.api_keys) == 1


def test_a_key_is_revoked_once(ada):
    key, _ = ada.make_key()
    first, second = twice(ada, "AuthService/RevokeApiKey", api_key_id=key)
    assert first == second and first.api_key.HasField("revoked_at")


def test_an_account_is_made_once(channel):
    about, id = {"email": f"{uuid4().hex}@example.org", "password": PASSWORD}, str(uuid4())
    for _ in range(2):
        assert channel.call("AuthService/Register", request_id=id, **about).code == "OK"
    assert channel.call("AuthService/Login", password=about).code == "OK"


def test_a_password_is_changed_once(ada):
    id, change = str(uuid4()), {"current_password": PASSWORD, "new_password": "eight orange swans"}
    assert ada("AuthService/ChangePassword", request_id=id, **change).answer.tokens.access_token
    assert (
        ada("AuthService/ChangePassword", request_id=id, **change).code == "UNAUTHENTICATED"
    )  # its session ended
    new = {"email": ada.email, "password": "eight orange swans"}
    assert ada.channel.call("AuthService/Login", password=new).code == "OK"


def test_many_retries_at_once_are_one_request(daemon, ada, uploaded):
    id, channels = str(uuid4()), [Channel(daemon.address) for _ in range(8)]

    def finish(channel):
        return channel.call(
            "AudioService/FinishUpload", ada.headers, request_id=id, upload_id=uploaded.id
        ).answer

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(finish, channels))
    for channel in channels:
        channel.close()
    assert all(answer == answers[0] for answer in answers)
    assert ada("AudioService/List").answer.total == 1


def test_a_caller_that_goes_away_finds_its_request_done(daemon, ada, make_sound):
    for seed in range(20):
        audio, id = ada.upload(make_sound(seed)), str(uuid4())
        with grpc.insecure_channel(daemon.address) as channel:
            delete = channel.unary_unary("/samplemind.v1.AudioService/Delete")
            request = message_of("AudioService/Delete", request_id=id, audio_id=audio.id).SerializeToString()
            call = delete.future(request, metadata=ada.headers)
            time.sleep(seed / 2_000)
            call.cancel()
        assert ada("AudioService/Delete", request_id=id, audio_id=audio.id).code == "OK"
    assert ada("AudioService/List").answer.total == 0


def test_a_refused_request_may_be_tried_again_with_its_id(ada, make_sound):
    upload, id = ada.open_upload(make_sound(0)).upload, str(uuid4())
    assert ada("AudioService/FinishUpload", request_id=id, upload_id=upload.id).reason == "INCOMPLETE"
    assert ada("AudioService/UploadChunks", stream=pieces(upload.id, make_sound(0))).code == "OK"
    assert ada("AudioService/FinishUpload", request_id=id, upload_id=upload.id).code == "OK"


def test_an_id_is_good_for_one_kind_of_request(ada, make_sound):
    audio, id = ada.upload(make_sound(0)), str(uuid4())
    assert ada("AudioService/Update", request_id=id, audio_id=audio.id, name="a.wav").code == "OK"
    outcome = ada("AudioService/Delete", request_id=id, audio_id=audio.id)
    assert (outcome.code, outcome.reason) == ("FAILED_PRECONDITION", "REQUEST_ID_REUSED")
    assert ada("AudioService/Get", audio_id=audio.id).code == "OK"


def test_two_users_with_the_same_id_do_not_meet(ada, bob, make_sound):
    id, made = str(uuid4()), []
    for person in (ada, bob):
        audio = person.upload(make_sound(0))
        answer = person(
            "AudioService/Update", request_id=id, audio_id=audio.id, name=f"{person.id}.wav"
        ).answer
        made.append((answer.audio.id, answer.audio.name) == (audio.id, f"{person.id}.wav"))
    assert made == [True, True]


@pytest.mark.parametrize("id", ["x", "1", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "x" * 10_000])
def test_an_id_that_is_no_uuid_is_refused(ada, make_sound, id):
    outcome = ada("AudioService/CreateUpload", request_id=id, name="a.wav", size_bytes=9, sha256="a" * 64)
    assert (outcome.code, outcome.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST_ID")
    assert outcome.fields == ("request_id",) and len(outcome.message) < 200


def test_an_answer_outlives_the_daemon(own_daemon, make_sound):
    daemon, id = own_daemon(), str(uuid4())
    headers, said = [("x-api-key", daemon.owner_key)], []
    for _ in range(2):
        channel = Channel(daemon.address)
        about = {"name": "a.wav", "size_bytes": 9, "sha256": "a" * 64}
        said.append(channel.call("AudioService/CreateUpload", headers, request_id=id, **about).answer)
        channel.close()
        daemon.kill()
        daemon.start()
    assert said[0] == said[1]
