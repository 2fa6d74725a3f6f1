"""Two daemons, two workers and three brokers are one program: whatever is done at one holds at all."""

import os
import subprocess
from contextlib import closing

import broker
import postgres
import pytest
from commanding import COMMAND, objects, wait_for, write
from machines import Machines
from ordeal import Ordeal
from plagues import Plague
from raw_calls import Channel, Person, pieces
from subscription import Subscription
from verdict import wrongs

SOUNDS = 60
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """All that is needed, once for all tests here."""
    if postgres.programs() is None or broker.program() is None:
        pytest.skip("there is no PostgreSQL server, or no nats-server, on this machine")
    with Machines(tmp_path_factory.mktemp("machines")) as running:
        yield running


@pytest.fixture
def here(machines):
    with closing(Channel(machines.daemons[0].address)) as channel:
        yield channel


@pytest.fixture
def there(machines):
    with closing(Channel(machines.daemons[1].address)) as channel:
        yield channel


@pytest.fixture
def ada(here):
    return Person(here)


@pytest.fixture
def sound(tmp_path):
    return write(tmp_path / "sound.wav", 1.0).read_bytes()


def told(ada, sound):
    """What a daemon says while a sound is analysed, to its end."""
    said = ada("AnalysisService/Analyze", whole=True, audio_id=sound)
    assert said.code == "OK", said
    return said.answers


def at(channel, ada):
    """The same person, signed in once, at another daemon."""
    return lambda rpc, **fields: channel.call(rpc, ada.headers, **fields)


def test_who_signs_in_at_one_daemon_is_signed_in_at_all(ada, there):
    assert at(there, ada)("AuthService/GetMe").answer.user.email == ada.email
    renewed = there.call("AuthService/Refresh", refresh_token=ada.tokens.refresh_token)
    assert renewed.code == "OK"
    ada.headers = [("authorization", f"Bearer {renewed.answer.tokens.access_token}")]
    assert ada("AuthService/GetMe").code == "OK"


def test_a_sound_that_was_sent_to_one_daemon_is_analysed_and_shown_through_any(ada, there, sound):
    one = ada.upload(sound)
    assert told(ada, one.id)[-1].result.job.attempts == 1
    elsewhere = at(there, ada)
    assert [audio.id for audio in elsewhere("AudioService/List").answer.audios] == [one.id]
    again = elsewhere("AnalysisService/Analyze", whole=True, audio_id=one.id)
    found = {descriptor.name for descriptor in again.answers[-1].result.descriptors}
    assert "tempo.bpm" in found
    received = elsewhere("AudioService/Download", whole=True, audio_id=one.id)
    assert b"".join(message.data for message in received.answers) == sound


def test_what_is_heard_is_told_live_at_whichever_daemon_it_is_asked(ada, there, sound):
    one = ada.upload(sound)
    ada("AnalysisService/Cancel", audio_id=one.id)
    said = at(there, ada)("AnalysisService/Analyze", whole=True, audio_id=one.id)
    kinds = [message.WhichOneof("update") for message in said.answers]
    assert kinds[0] == "queued" and kinds[-1] == "result" and "finding" in kinds


def test_what_happens_at_one_daemon_is_told_at_the_other_at_once_and_by_one_count(machines, ada, sound):
    followers = [Subscription(daemon.address, ada.headers, cursor="0") for daemon in machines.daemons]
    ada.upload(sound)
    for one in followers:
        one.wait(lambda one=one: "audio.completed" in [event.kind for event in one.events])
        one.close()
    mine, theirs = ([(event.cursor, event.kind) for event in one.events] for one in followers)
    assert mine == theirs


def test_the_command_line_shows_the_same_at_both(machines, sound, tmp_path):
    (file := tmp_path / "from-a.wav").write_bytes(sound)
    shown = []
    for daemon in machines.daemons:
        command = [*COMMAND, "--server", daemon.address, "--key", daemon.owner_key]
        env = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
        if not shown:
            subprocess.run([*command, "analyze", "--json", file], env=env, check=True, capture_output=True)
        shown.append(
            objects(
                subprocess.run(
                    [*command, "ls", "--json"], env=env, check=True, capture_output=True, text=True
                )
            )
        )
    assert shown[0] == shown[1] and "from-a.wav" in str(shown[0])


def test_files_in_a_watched_folder_are_heard_by_workers_that_cannot_see_it(machines, here, there, sound):
    (machines.daemons[0].inbox / "drum.wav").write_bytes(sound)

    def listed():
        return there.call("AudioService/List", machines.headers, filter='name = "drum.wav"').answer.audios

    wait_for(lambda: listed() and listed()[0].state == 4, 60)
    [one] = listed()
    assert there.call(
        "AnalysisService/GetAnalysis", machines.headers, audio_id=one.id
    ).answer.analysis.descriptors
    again = there.call("AnalysisService/Analyze", machines.headers, whole=True, audio_id=one.id)
    assert again.answers[-1].HasField("result")
    received = here.call("AudioService/Download", machines.headers, whole=True, audio_id=one.id)
    assert b"".join(message.data for message in received.answers) == sound
    refused = there.call("AudioService/Download", machines.headers, whole=True, audio_id=one.id)
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "FOLDER_ELSEWHERE")


def test_a_correction_at_one_daemon_is_seen_at_the_other(ada, there, sound):
    one = ada.upload(sound)
    told(ada, one.id)
    correction = {"audio_id": one.id, "name": "tempo.bpm", "value": {"number": 93.0}}
    assert ada("LibraryService/Correct", corrections=[correction]).code == "OK"
    analysis = at(there, ada)("AnalysisService/GetAnalysis", audio_id=one.id).answer.analysis
    [tempo] = [one for one in analysis.descriptors if one.name == "tempo.bpm"]
    assert tempo.value.number == 93.0
    [found] = at(there, ada)("LibraryService/Query", query={"bpm": {"low": 92.5, "high": 93.5}}).answer.found
    assert found.audio.id == one.id


def test_a_flag_that_is_set_at_one_daemon_holds_at_the_other_within_seconds(machines, here, there, ada):
    flag = {"name": "event-history", "user": ada.id}
    heard = at(there, ada)
    assert heard("EventService/List").code == "OK"
    assert here.call("FlagService/SetOverride", machines.headers, enabled=False, **flag).code == "OK"
    wait_for(lambda: heard("EventService/List").reason == "FEATURE_OFF")
    assert there.call("FlagService/ClearOverride", machines.headers, **flag).code == "OK"
    assert heard("EventService/List").code == "OK"


def test_an_analyzer_that_is_switched_off_at_one_daemon_is_asked_by_none(machines, here, there, ada, sound):
    assert here.call("PluginService/Disable", machines.headers, name="loudness").code == "OK"

    def shown(channel):
        found = channel.call("PluginService/Get", machines.headers, name="loudness")
        return found.answer.plugin.enabled

    wait_for(lambda: not shown(there))
    one = ada.upload(sound)
    said = at(there, ada)("AnalysisService/Analyze", whole=True, audio_id=one.id)
    names = {descriptor.name.partition(".")[0] for descriptor in said.answers[-1].result.descriptors}
    assert "tempo" in names and "loudness" not in names
    assert there.call("PluginService/Enable", machines.headers, name="loudness").code == "OK"
    assert shown(there)


def test_an_account_that_is_disabled_at_one_machine_is_out_at_all(machines, there, ada):
    stream = Subscription(machines.daemons[1].address, ada.headers, cursor="0")
    command = ["user", "disable", ada.email, "--home", str(machines.daemons[0].home)]
    done = samplemindd(machines, *command)
    assert done.returncode == 0, done.stderr
    wait_for(lambda: at(there, ada)("AuthService/GetMe").code in ("UNAUTHENTICATED", "PERMISSION_DENIED"))
    stream.wait(lambda: stream.ended)
    stream.close()


def test_a_job_that_was_begun_through_one_daemon_is_cancelled_through_the_other(ada, there, tmp_path):
    one = ada.upload(write(tmp_path / "long.wav", 120).read_bytes())
    elsewhere = at(there, ada)
    wait_for(lambda: elsewhere("AudioService/Get", audio_id=one.id).answer.audio.state == 3)
    assert elsewhere("AnalysisService/Cancel", audio_id=one.id).answer.job.state == 5
    wait_for(lambda: ada("StatusService/GetStatus").answer.busy == 0)
    assert ada("AudioService/Get", audio_id=one.id).answer.audio.state == 6


def test_a_sound_that_is_deleted_at_one_daemon_is_gone_at_the_other(machines, ada, there, sound):
    one = ada.upload(sound)
    told(ada, one.id)
    assert at(there, ada)("AudioService/Delete", audio_id=one.id).code == "OK"
    assert ada("AudioService/Get", audio_id=one.id).code == "NOT_FOUND"


def test_an_upload_that_was_begun_at_one_daemon_is_finished_at_the_other(ada, there, sound):
    opened = ada.open_upload(sound).upload.id
    assert ada("AudioService/UploadChunks", stream=pieces(opened, sound[:70_000])).code == "OK"
    elsewhere = at(there, ada)
    stored = elsewhere("AudioService/GetUpload", upload_id=opened).answer.upload.committed_bytes
    assert stored == 0  # the pieces lie where they were sent
    assert elsewhere("AudioService/UploadChunks", stream=pieces(opened, sound)).code == "OK"
    finished = elsewhere("AudioService/FinishUpload", upload_id=opened)
    assert finished.code == "OK"
    assert told(ada, finished.answer.audio.id)[-1].HasField("result")


def test_what_is_killed_on_the_way_costs_no_sound_and_doubles_none(machines, tmp_path):
    ordeal = Ordeal(machines, tmp_path / "acks", followers=4, senders=3)
    ordeal.endure(SOUNDS, *(Plague(kind, 1, 1, times=1) for kind in ("worker", "daemon", "broker")))
    assert set(ordeal.killed) == {"worker", "daemon", "broker"}
    assert not wrongs(ordeal), ordeal.tell()


def samplemindd(machines, *arguments):
    """A command of the operator's, on a daemon's machine."""
    command = [*COMMAND[:2], "samplemind_daemon", *arguments]
    return subprocess.run(command, env=os.environ | machines.environment, capture_output=True, text=True)
