"""Other machines reach the daemon by TLS or not at all, and its own command line finds it either way."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from commanding import COMMAND, certify, objects
from daemon_process import DaemonProcess
from grpc_health.v1 import health_pb2, health_pb2_grpc

from samplemind_daemon.access.certificate import CannotEncrypt, given_pair, own_pair

NOW = datetime.now(UTC)


def ask(daemon, *command):
    """A command of somebody on the same machine, who says nothing of where and how."""
    environment = daemon.environment | {"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": "/nonexistent"}
    return subprocess.run([*COMMAND, *command, "--json"], env=environment, capture_output=True, timeout=60)


def test_a_certificate_is_made_on_request_and_the_command_line_trusts_it_by_itself(own_daemon):
    daemon = own_daemon(settings={"SAMPLEMIND_TLS_SELF_SIGNED": "true"})
    ready = json.loads((daemon.home / "ready.json").read_text())
    assert ready["scheme"] == "https" and ready["certificate"] == str(daemon.home / "tls.pem")
    assert (daemon.home / "tls.key").stat().st_mode & 0o077 == 0
    done = ask(daemon, "status")
    assert done.returncode == 0, done.stderr
    assert objects(done)[0]["server"] == f"https://{daemon.address}"
    before = (daemon.home / "tls.pem").read_bytes()
    daemon.restart()
    assert (daemon.home / "tls.pem").read_bytes() == before  # whoever trusts it goes on trusting it
    assert ask(daemon, "status").returncode == 0


def test_a_certificate_for_another_name_serves_every_address_and_is_found_from_here(tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certify(certificate, key, "studio.example")
    pem = {"SAMPLEMIND_TLS_CERTIFICATE": str(certificate), "SAMPLEMIND_TLS_KEY": str(key)}
    daemon = DaemonProcess(tmp_path / "home", settings=pem)
    daemon.address = "0.0.0.0:0"
    try:
        daemon.start()
        assert daemon.address.startswith("127.0.0.1:")  # 0.0.0.0 is no address to call
        assert ask(daemon, "status").returncode == 0
        root = grpc.ssl_channel_credentials(certificate.read_bytes())
        with grpc.secure_channel(daemon.address, root) as channel, pytest.raises(grpc.RpcError) as refused:
            health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE  # called by a name that it has not
    finally:
        daemon.stop()


def test_a_self_signed_certificate_is_trusted_where_somebody_says_so(own_daemon):
    daemon = own_daemon(settings={"SAMPLEMIND_TLS_SELF_SIGNED": "true"})
    told = {"SAMPLEMIND_CERTIFICATE": str(daemon.home / "tls.pem"), "SAMPLEMIND_KEY": daemon.owner_key}
    elsewhere = daemon.environment | {"SAMPLEMIND_HOME": "/nonexistent"} | told
    port = daemon.address.rpartition(":")[2]
    command = [*COMMAND, "status", "--json", "--server", f"https://localhost:{port}"]
    done = subprocess.run(command, env=elsewhere, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_an_own_certificate_is_made_anew_before_it_ends_or_where_it_lacks_a_name(tmp_path):
    first = own_pair(tmp_path, "127.0.0.1", NOW)
    assert own_pair(tmp_path, "0.0.0.0", NOW + timedelta(days=700)).certificate == first.certificate
    later = own_pair(tmp_path, "127.0.0.1", NOW + timedelta(days=800))
    assert later.certificate != first.certificate
    assert own_pair(tmp_path, "studio.example", NOW).certificate != later.certificate
    (tmp_path / "tls.pem").write_text("spoilt")
    assert own_pair(tmp_path, "127.0.0.1", NOW).is_own_issuer


def spoil(folder, how):
    """A certificate and a key that do not do."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certify(certificate, key, days=-1 if how == "ended" else 1)
    if how == "of another key":
        certify(folder / "other.pem", key)
    elif how == "no certificate":
        certificate.write_text("hello")
    elif how == "no key":
        key.write_text("hello")
    elif how == "a key for all to read":
        key.chmod(0o644)
    elif how == "missing":
        certificate.unlink()
    return certificate, key


@pytest.mark.parametrize(
    ("how", "setting"),
    [
        ("ended", "tls_certificate"),
        ("of another key", "tls_key"),
        ("no certificate", "tls_certificate"),
        ("no key", "tls_key"),
        ("a key for all to read", "tls_key"),
        ("missing", "tls_certificate"),
    ],
)
def test_a_pair_that_will_not_do_is_refused_with_the_setting_and_the_reason(tmp_path, how, setting):
    with pytest.raises(CannotEncrypt, match=f"^{setting}: "):
        given_pair(*spoil(tmp_path, how), NOW)
