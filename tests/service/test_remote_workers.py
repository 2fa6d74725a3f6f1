"""A daemon whose jobs are done by workers elsewhere, as its clients see it."""

import os
import time
from uuid import uuid4

import pytest
from raw_calls import Channel, Person
from worker_process import WorkerProcess

from samplemind.v1 import analysis_pb2 as pb
from samplemind.v1 import audio_pb2
from samplemind_daemon.doctor.elsewhere import findings
from samplemind_daemon.doctor.finding import Health
from samplemind_daemon.settings import Settings


@pytest.fixture
def far(own_daemon, broker, tmp_path):
    """A daemon, a worker of its in another home, and somebody who calls."""
    url = broker.url()
    process = own_daemon(settings={"SAMPLEMIND_ENGINE": url})
    worker = WorkerProcess(tmp_path / "worker", url, {"SAMPLEMIND_ALLOW_UNCAGED": "1"}).start()
    channel = Channel(process.address)
    yield Person(channel), process, worker, url
    channel.close()
    worker.stop()


def examined(engine):
    """What the doctor says of an engine."""
    return [(one.health, one.sentence) for one in findings(Settings(engine=engine))]


def until(question, seconds=60):
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_a_worker_elsewhere_hears_is_streamed_listed_and_counted(far, make_sound):
    ada, process, worker, url = far
    until(lambda: ada("StatusService/GetStatus").answer.workers == 2)
    audio = ada.upload(make_sound(1, seconds=20))
    answers = ada("AnalysisService/Analyze", audio_id=audio.id, request_id=str(uuid4()), whole=True).answers
    kinds = [one.WhichOneof("update") for one in answers]
    assert "decoding" in kinds and "finding" in kinds and kinds[-1] == "result"
    result = answers[-1].result
    assert result.audio.state == audio_pb2.AUDIO_STATE_COMPLETED
    assert result.job.state == pb.JOB_STATE_COMPLETED and result.job.attempts == 1
    found = {one.name: one.status for one in result.descriptors}
    assert found and not [name for name, status in found.items() if status == pb.DESCRIPTOR_STATUS_FAILED]
    assert os.listdir(worker.home / "cache") == [audio.sha256]
    assert "Traceback" not in process.log.read_text() + worker.log.read_text()
    assert examined(url) == [(Health.WELL, "NATS is there; workers: 1, jobs at a time: 2")]


def test_the_doctor_says_where_there_is_no_worker_or_no_nats(broker, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.doctor.elsewhere.LISTEN_SECONDS", 0.1)
    monkeypatch.setattr("samplemind_daemon.work.nats.connection.connect.__defaults__", (None, None, 0.5))
    assert examined("local") == []
    assert examined(broker.url()) == [(Health.DOUBTFUL, "NATS is there, and no worker")]
    [(health, sentence)] = examined("nats://127.0.0.1:1")
    assert health is Health.BROKEN and sentence.startswith("engine: NATS cannot be reached")
