"""The door opens and closes with the daemon, and takes no more than it should meanwhile."""

import socket
import stat
import time

import pytest
from browsing import Browser
from raw_calls import SECONDS

from samplemind_daemon.settings import CannotConfigure, load

WEB = {"SAMPLEMIND_WEB": "127.0.0.1:0"}


def test_told_to_end_it_tells_every_page_so_and_a_start_after_a_kill_opens_it_again(own_daemon):
    daemon = own_daemon(settings=WEB)
    inside = daemon.home / "web.sock"
    assert stat.S_IMODE(inside.stat().st_mode) == 0o600
    daemon.kill()
    assert inside.exists()
    daemon.start()
    browser, key = Browser(daemon.web), {"x-api-key": daemon.owner_key}
    assert browser.call("AuthService/GetMe", key).code == "OK"
    streams = [browser.stream("EventService/Subscribe", key) for _ in range(20)]
    idle = browser._connect()
    idle.connect()
    began = time.monotonic()
    assert daemon.stop() == 0
    print(f"it ended {time.monotonic() - began:.2f} s after it was told")
    for stream in streams:
        list(stream)
        assert stream.ended.reason == "GOING_DOWN"
        stream.close()
    idle.close()
    assert not inside.exists() and '"exception"' not in daemon.log.read_text()


def test_an_address_has_so_many_connections_and_others_come_in_meanwhile(own_daemon):
    daemon = own_daemon(settings=WEB | {"SAMPLEMIND_CONNECTIONS_AN_ADDRESS": "40"})
    host, port = daemon.web.removeprefix("http://").split(":")
    lines = []
    for _ in range(80):
        line = socket.create_connection((host, int(port)), source_address=("127.0.0.9", 0))
        line.settimeout(0)
        lines.append(line)
    deadline = time.monotonic() + SECONDS
    while sum(map(is_open, lines)) > 40:
        assert time.monotonic() < deadline
        assert Browser(daemon.web).call("StatusService/GetInfo").code == "OK"
        time.sleep(0.1)
    assert is_open(lines[0])
    for line in lines:
        line.close()


def is_open(line):
    try:
        return line.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"web": "nonsense"}, "web: an address is"),
        ({"web": "127.0.0.1:70000"}, "web: an address is"),
        ({"web_origins": ["https://a.example/"]}, "web_origins.0 cannot be 'https://a.example/'"),
        ({"web_origins": ["*"]}, r"web_origins.0 cannot be '\*'"),
        ({"web_origins": ["null"]}, "web_origins.0 cannot be 'null'"),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_value(wrong, sentence):
    with pytest.raises(CannotConfigure, match=sentence):
        load(**wrong)


def test_where_it_is_by_default(monkeypatch):
    for name in ("SAMPLEMIND_WEB", "SAMPLEMIND_LISTEN"):
        monkeypatch.delenv(name, raising=False)
    assert str(load().web_address) == "127.0.0.1:50080"
    assert load(web="").web_address is None
    assert str(load(listen="127.0.0.1:0").web_address) == "127.0.0.1:0"  # like gRPC, anywhere that is free
    assert str(load(listen="127.0.0.1:0", web="127.0.0.1:5").web_address) == "127.0.0.1:5"


def test_a_door_that_other_machines_reach_is_as_careful_as_grpc_would_be():
    settings = load(web="0.0.0.0:50080", tls_self_signed=True)
    assert (settings.registration, settings.reflection, settings.connections_an_address) == (
        "closed",
        False,
        64,
    )
