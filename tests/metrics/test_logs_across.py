"""One id leads from a call through the log to the job that it asked for, and into the worker that has it done."""

import json
import time

import pytest
from daemon_process import DaemonProcess
from raw_calls import Channel, Person, pieces
from senders import any_sound

from samplemind_daemon.origin import Origins, begun

from .conftest import PLUGIN

PATIENCE_SECONDS = 60.0
TRACE, STEP = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def talkative(tmp_path):
    """A daemon that says everything, and has a plugin that takes its workers along."""
    (tmp_path / "home" / "plugins").mkdir(parents=True)
    (tmp_path / "home" / "plugins" / "clumsy.py").write_text(PLUGIN.replace("os._exit(3)", "os.abort()"))
    settings = {"SAMPLEMIND_LOG_LEVEL": "debug", "SAMPLEMIND_LOG_FORMAT": "json"}
    daemon = DaemonProcess(tmp_path / "home", settings).start()
    yield daemon
    daemon.stop()


@pytest.fixture
def ada(talkative):
    channel = Channel(talkative.address)
    yield Person(channel)
    channel.close()


def records(daemon) -> list[dict]:
    return [json.loads(line) for line in daemon.log.read_text().splitlines() if line.startswith("{")]


def wait_for(daemon, event: str, **fields: str) -> dict:
    """The first record of an event with these fields, once there is one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        for one in records(daemon):
            if one["event"] == event and fields.items() <= one.items():
                return one
        assert time.monotonic() < deadline, f"no {event!r} with {fields}"
        time.sleep(0.1)


def test_an_upload_is_followed_from_its_call_to_its_worker_by_one_id(talkative, ada):
    data = any_sound(120_000)
    id = ada.open_upload(data).upload.id
    ada("AudioService/UploadChunks", stream=pieces(id, data))
    traced = [*ada.headers, ("traceparent", f"00-{TRACE}-{STEP}-01")]
    finished = ada.channel.call("AudioService/FinishUpload", traced, upload_id=id).answer

    sent = wait_for(talkative, "a sound was sent", trace=TRACE)
    assert sent["rpc"].endswith("/FinishUpload") and sent["audio"] == finished.audio.id
    ended = wait_for(talkative, "rpc ended", trace=TRACE)
    assert (ended["rpc"], ended["code"], ended["call"]) == (sent["rpc"], "OK", sent["call"])
    broke = wait_for(talkative, "a sound broke its worker", trace=TRACE)
    assert (broke["call"], broke["audio"]) == (sent["call"], sent["audio"]) and broke["job"]
    stderr = broke["stderr"]
    told, _ = json.JSONDecoder().raw_decode(
        stderr, stderr.index('{"event": "a worker hears"')
    )  # by the worker itself
    assert (told["trace"], told["call"], told["job"]) == (TRACE, sent["call"], broke["job"])
    wait_for(talkative, "a job ended", trace=TRACE, job=broke["job"])


def test_calls_that_name_no_trace_or_none_that_could_be_one_get_their_own(talkative, ada):
    given = [f"00-{'0' * 32}-{STEP}-01", f"00-{TRACE}-{STEP}", "x" * 55, f"00-{TRACE}-{STEP}-01\t"]
    before = len(records(talkative))
    for one in given:
        ada.channel.call("AuthService/GetMe", [*ada.headers, ("traceparent", one)])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(mine := calls(records(talkative)[before:])) < len(given) - 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    traces = {one["trace"] for one in mine}
    assert len(traces) == len(mine) and TRACE not in traces and "0" * 32 not in traces
    assert all(len(one) == 32 for one in traces)


def calls(found: list[dict]) -> list[dict]:
    return [one for one in found if one["event"] == "rpc ended" and one["rpc"].endswith("/GetMe")]


def test_origins_of_jobs_are_remembered_for_a_bounded_number_of_them(monkeypatch):
    monkeypatch.setattr("samplemind_daemon.origin.MOST_JOBS", 10)
    from samplemind_daemon.origin import ORIGIN

    origins, mine = Origins(), begun()
    ORIGIN.set(mine)
    for number in range(100):
        origins.keep(f"job {number}")
    assert origins.of("job 99") is mine
    assert origins.of("job 0").trace != mine.trace  # forgotten: it has a new one
    assert len(origins._by_job) == 10
