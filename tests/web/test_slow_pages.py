"""A page that does not read, or does not ask, takes no memory and keeps nobody waiting."""

import socket
import time

import psutil
import pytest
from browsing import PROTO, frame
from raw_calls import SECONDS, message_of

from samplemind_daemon.web.patience import HEAD_SECONDS

MOST_GROWN = 40  # MiB
STALLED = 30  # half of them players, half of them calls: more than half of what a connection has room for
HEAD = "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n"
BODY = "Content-Type: {kind}\r\nContent-Length: {size}\r\n"


def connect(house, sent=b""):
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    line.settimeout(SECONDS + HEAD_SECONDS)
    host, port = house.web.removeprefix("http://").split(":")
    line.connect((host, int(port)))
    line.sendall(sent)
    return line


@pytest.fixture
def long_sound(ada, make_sound):
    """A sound of 8 MB, and its bytes."""
    data = make_sound(42, 90.0)
    return ada.upload(data).id, data


def test_pages_that_read_nothing_take_no_memory_and_keep_nobody_waiting(house, page, long_sound):
    (sound, data), process = long_sound, psutil.Process(house.process.pid)
    assert page.ask(f"/audio/{sound}").body == data  # so that what comes once has come
    cookies = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    call = frame(message_of("AudioService/Download", audio_id=sound).SerializeToString())
    who, body = {"host": page.host, "cookies": cookies}, BODY.format(kind=PROTO, size=len(call))
    post = HEAD.format(method="POST", path="/samplemind.v1.AudioService/Download", **who) + f"{body}\r\n"
    get = HEAD.format(method="GET", path=f"/audio/{sound}", **who) + "\r\n"
    asked = get.encode(), post.encode() + call
    before = process.memory_info().rss
    stalled = [connect(house, asked[number % 2]) for number in range(STALLED)]
    for line in stalled:
        assert line.recv(12) == b"HTTP/1.1 200"
    began = time.monotonic()
    assert page.ask(f"/audio/{sound}").body == data
    assert page.call("AuthService/GetMe").code == "OK"
    took = time.monotonic() - began
    grown = (process.memory_info().rss - before) / 2**20
    print(
        f"{STALLED} stalled readers of {len(data) / 1e6:.0f} MB: memory +{grown:.1f} MiB, another took {took:.2f} s"
    )
    assert grown < MOST_GROWN
    for line in stalled:
        line.close()


def test_who_connects_and_asks_for_nothing_is_let_go(house, page):
    silent, half = connect(house), connect(house, b"GET / HTTP/1.1\r\n")
    busy = page.stream("EventService/Subscribe")
    began = time.monotonic()
    while time.monotonic() - began < HEAD_SECONDS * 0.7:
        half.sendall(b"X-Slowly: yes\r\n")
        time.sleep(0.5)
    assert silent.recv(1) == b"" and half.recv(1) == b""
    assert time.monotonic() - began < HEAD_SECONDS + 20
    assert next(iter(busy)).cursor  # who waits for an answer waits as long as he likes
    for line in (silent, half, busy):
        line.close()
