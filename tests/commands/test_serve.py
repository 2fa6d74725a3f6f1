"""What `samplemindd serve` promises to whoever starts it."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import grpc
import pytest
from commanding import certify
from grpc_health.v1 import health_pb2, health_pb2_grpc

from samplemind_daemon.store import Store
from samplemind_daemon.store.schema import known


def serve(home, *options, **environment):
    command = [sys.executable, "-m", "samplemind_daemon", "--home", str(home), *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=os.environ | environment, cwd=home.parent
    )


def test_it_says_where_everything_is_and_lets_the_owner_sign_in_once(own_daemon):
    process = own_daemon()
    code = next(line for line in process.welcome.splitlines() if "sign-in code" in line).split()[2]
    assert process.address in process.welcome and str(process.inbox) in process.welcome
    assert len(code) >= 32
    assert json.loads((process.home / "ready.json").read_text()) == {
        "grpc": process.address,
        "pid": process.process.pid,
        "scheme": "http",
    }


def test_health_says_serving_without_credentials(daemon):
    with grpc.insecure_channel(daemon.address) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_told_to_end_it_ends_well_and_takes_its_address_away(own_daemon):
    process = own_daemon()
    assert process.stop() == 0
    assert not (process.home / "ready.json").exists()


def test_a_second_daemon_in_the_same_home_is_refused_with_the_first_ones_process(daemon):
    second = serve(daemon.home, "--listen", "127.0.0.1:0")
    assert second.returncode == 78
    assert f"another daemon (process {daemon.process.pid}) is at home" in second.stderr


def test_a_second_daemon_on_the_same_port_is_refused(daemon, tmp_path):
    second = serve(tmp_path / "home", "--listen", daemon.address)
    assert second.returncode == 78
    assert f"cannot listen on {daemon.address}" in second.stderr


def in_the_same_home(daemon, home):
    return daemon.home, "--listen", "127.0.0.1:0"


def on_the_same_port(daemon, home):
    return home, "--listen", daemon.address


def with_a_newer_database(daemon, home):
    Store(home / "samplemind.db").migrate()
    with closing(sqlite3.connect(home / "samplemind.db")) as db, db:
        db.execute("UPDATE schema_migration SET name = '9999_later' WHERE name = ?", [known()[-1]])
    return home, "--listen", "127.0.0.1:0"


@pytest.mark.parametrize("how", [in_the_same_home, on_the_same_port, with_a_newer_database])
def test_who_cannot_serve_is_told_before_anything_large_is_imported(daemon, tmp_path, how):
    refused = serve(*how(daemon, tmp_path / "home"), PYTHONPROFILEIMPORTTIME="1")
    assert refused.returncode == 78
    imported = {line.split("|")[-1].strip() for line in refused.stderr.splitlines() if "|" in line}
    assert "samplemind_daemon.house" in imported and not imported & {"grpc", "numpy", "cryptography", "jwt"}


def test_the_daemon_leaves_the_libraries_of_sound_to_its_workers():
    """Each of them would cost it time at every start and memory for ever."""
    program = "import sys, samplemind_daemon.daemon; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert said.returncode == 0 and "grpc" in said.stdout.split()
    assert not {"scipy", "av", "soundfile", "soxr", "aubio"} & set(said.stdout.split())


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:50051"])
def test_an_address_that_others_can_reach_needs_tls(tmp_path, address):
    refused = serve(tmp_path / "home", "--listen", address)
    assert refused.returncode == 78
    assert "tls_certificate" in refused.stderr


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:65537", "127.0.0.1:http", ":50051"])
def test_an_address_that_is_none_is_refused(tmp_path, address):
    refused = serve(tmp_path / "home", "--listen", address)
    assert refused.returncode == 2
    assert repr(address) in refused.stderr


def test_a_setting_that_is_wrong_is_named_with_its_value(tmp_path):
    refused = serve(tmp_path / "home", SAMPLEMIND_QUIET_SECONDS="never")
    assert refused.returncode == 2
    assert "quiet_seconds cannot be 'never'" in refused.stderr


def test_the_home_and_its_secrets_are_closed_to_others(daemon):
    modes = {path.name: path.stat().st_mode & 0o077 for path in [daemon.home, *daemon.home.glob("*.key")]}
    assert set(modes.values()) == {0}
    assert (daemon.home / "samplemind.db").stat().st_mode & 0o077 == 0


def test_with_a_certificate_it_speaks_tls_and_nothing_else(own_daemon, tmp_path):
    certify(tmp_path / "certificate.pem", tmp_path / "key.pem")
    paths = {"CERTIFICATE": tmp_path / "certificate.pem", "KEY": tmp_path / "key.pem"}
    process = own_daemon(settings={f"SAMPLEMIND_TLS_{name}": str(path) for name, path in paths.items()})
    port, root = process.address.rpartition(":")[2], (tmp_path / "certificate.pem").read_bytes()
    request = health_pb2.HealthCheckRequest()
    with grpc.secure_channel(f"localhost:{port}", grpc.ssl_channel_credentials(root)) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    with grpc.insecure_channel(process.address) as channel, pytest.raises(grpc.RpcError) as refused:
        health_pb2_grpc.HealthStub(channel).Check(request, timeout=5)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("address", ["127.0.0.1:0", "0.0.0.0:0"])
def test_a_certificate_without_its_key_is_refused(tmp_path, address):
    certify(tmp_path / "certificate.pem", tmp_path / "key.pem")
    lonely = str(tmp_path / "certificate.pem")
    refused = serve(tmp_path / "home", "--listen", address, SAMPLEMIND_TLS_CERTIFICATE=lonely)
    assert refused.returncode == 2
    assert "tls_key" in refused.stderr
