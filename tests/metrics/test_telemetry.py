"""Traces and reports of bugs, as a collector and a Sentry on this machine receive them."""

import gzip
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from raw_calls import Channel, Person, pieces
from senders import any_sound

PATIENCE_SECONDS = 60.0
TRACE, STEP = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Receiver:
    """A server on loopback that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                zipped = self.headers.get("content-encoding") == "gzip"
                receiver.posts.append((self.path, gzip.decompress(body) if zipped else body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def spans(self) -> list:
        found = []
        for path, body in self.posts:
            assert path == "/v1/traces"
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found += scope.spans
        return found

    def reports(self) -> list[dict]:
        """The events of all envelopes: a head, then pairs of an item's head and the item."""
        found = []
        for _, body in self.posts:
            lines = [json.loads(line) for line in body.splitlines() if line]
            found += [
                item for head, item in zip(lines[1::2], lines[2::2], strict=False) if head["type"] == "event"
            ]
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def wait_for(what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_a_trace_leads_from_the_callers_step_by_the_rpc_and_its_job_to_each_analyzer(own_daemon, receiver):
    daemon = own_daemon(
        settings={
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "OTEL_SERVICE_NAME": "studio",
            "SAMPLEMIND_METRICS": "127.0.0.1:0",  # beside it
        }
    )
    channel = Channel(daemon.address)
    ada, data = Person(channel), any_sound(20_000)
    id = ada.open_upload(data).upload.id
    ada("AudioService/UploadChunks", stream=pieces(id, data))
    traced = [*ada.headers, ("traceparent", f"00-{TRACE}-{STEP}-01")]
    assert channel.call("AudioService/FinishUpload", traced, upload_id=id).code == "OK"
    assert ada("AudioService/Get", audio_id="none").code == "NOT_FOUND"

    def mine():
        return [one for one in receiver.spans() if one.trace_id.hex() == TRACE]

    wait_for(lambda: [one for one in mine() if one.name == "job"])
    page = json.loads((daemon.home / "ready.json").read_text())["metrics"]
    shown = urllib.request.urlopen(page, timeout=30).read().decode()
    assert 'samplemind_rpc_seconds_count{code="NOT_FOUND",method="AudioService/Get"} 1.0' in shown
    channel.close()
    daemon.stop()  # what is still to be sent is sent
    spans = mine()
    [rpc] = [one for one in spans if one.name == "samplemind.v1.AudioService/FinishUpload"]
    [job] = [one for one in spans if one.name == "job"]
    heard = {one.name: one for one in spans if one.name.startswith("worker: ")}
    assert rpc.parent_span_id.hex() == STEP and job.parent_span_id == rpc.span_id
    assert len(heard) > 15 and {one.parent_span_id for one in heard.values()} == {job.span_id}
    assert len({one.span_id for one in spans}) == len(spans)
    assert all(one.start_time_unix_nano <= one.end_time_unix_nano for one in spans)
    tempo = heard["worker: tempo"]
    assert 0 < tempo.end_time_unix_nano - tempo.start_time_unix_nano < 60e9
    facts = {one.key: one.value.string_value for one in rpc.attributes}
    assert facts["rpc.grpc.status"] == "OK" and facts["rpc.method"] == "FinishUpload"
    [lost] = [one for one in receiver.spans() if one.name == "samplemind.v1.AudioService/Get"]
    assert lost.trace_id.hex() != TRACE and lost.status.code == 0  # the caller's mistake, not ours
    assert not any(ada.id.encode() in body or b"sound.wav" in body for _, body in receiver.posts)
    [named] = {
        value.value.string_value
        for _, body in receiver.posts
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for value in resource.resource.attributes
        if value.key == "service.name"
    }
    assert named == "studio"


def test_a_collector_that_is_not_there_keeps_nobody_waiting(own_daemon):
    daemon = own_daemon(settings={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    channel = Channel(daemon.address)
    Person(channel)
    channel.close()
    assert daemon.stop() == 0


def test_a_bug_is_reported_with_its_trace_and_without_what_the_code_had_in_hand(own_daemon, receiver):
    daemon = own_daemon(
        settings={
            "SAMPLEMIND_SENTRY_DSN": f"http://public@127.0.0.1:{receiver.port}/1",
            "SAMPLEMIND_TEST": "1",
            "SAMPLEMIND_FAILPOINT": "upload.recorded:raise@1",
        }
    )
    channel = Channel(daemon.address)
    ada, data = Person(channel), any_sound(20_000)
    id = ada.open_upload(data, "my secret song.wav").upload.id
    ada("AudioService/UploadChunks", stream=pieces(id, data))
    traced = [*ada.headers, ("traceparent", f"00-{TRACE}-{STEP}-01")]
    assert channel.call("AudioService/FinishUpload", traced, upload_id=id).code == "INTERNAL"
    [report] = wait_for(receiver.reports)
    assert report["tags"]["trace"] == TRACE and report["tags"]["rpc"].endswith("/FinishUpload")
    assert report["exception"]["values"] and report["release"].startswith("samplemind@")
    text = json.dumps(report)
    assert "vars" not in text and "secret song" not in text and ada.email not in text and ada.id not in text
    channel.close()

    told = [one.environ() for one in psutil.Process(daemon.process.pid).children(recursive=True)]
    assert told and not any("public@" in "".join(one.values()) for one in told)  # plugins see nothing of it


def test_what_is_not_a_dsn_keeps_the_daemon_from_starting(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "samplemind_daemon", "--home", str(tmp_path / "home"), "--listen", "127.0.0.1:0"],
        env={**os.environ, "SAMPLEMIND_SENTRY_DSN": "nowhere"}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 78 and "sentry_dsn: it is none" in done.stderr


def test_what_is_off_is_not_imported(tmp_path):
    code = (
        "import sys, samplemind_daemon.daemon, samplemind_daemon.commands.serve, samplemind_daemon.onlookers as o\n"
        "from samplemind_daemon.settings import load\n"
        "o.Onlookers(load())\n"
        "print([one for one in ('opentelemetry.sdk', 'sentry_sdk', 'prometheus_client') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
