"""Whoever speaks HTTP/2 badly, or too much of it, costs little and keeps nobody else waiting."""

import os
import select
import socket
import struct
import time
from contextlib import suppress

import psutil
import pytest
from raw_calls import Channel

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEADERS = (
    (":method", "POST"), (":scheme", "http"), (":path", "/samplemind.v1.AuthService/GetMe"), (":authority", "x"),
    ("content-type", "application/grpc"), ("te", "trailers"),
)  # fmt: skip
DATA, HEAD, RESET, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9


def frame(kind, flags, stream, body=b""):
    return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body


def packed(headers):
    """Header fields as HPACK has them, each as a literal that is not remembered."""
    fields = [(name.encode(), value.encode()) for name, value in headers]
    return b"".join(b"\0" + _string(name) + _string(value) for name, value in fields)


def _string(text):
    assert len(text) < 127
    return bytes([len(text)]) + text


def session(address, source="127.0.0.1"):
    """A connection that has begun to speak HTTP/2."""
    host, port = address.rsplit(":", 1)
    wire = socket.create_connection((host, int(port)), timeout=10, source_address=(source, 0))
    wire.sendall(PREFACE + frame(SETTINGS, 0, 0))
    wire.recv(4096)
    wire.sendall(frame(SETTINGS, 1, 0))
    return wire


def rapid_reset(wire):
    for number in range(20_000):
        stream = 2 * number + 1
        wire.sendall(frame(HEAD, 4, stream, packed(HEADERS)) + frame(RESET, 0, stream, struct.pack(">I", 8)))
        _drain(wire)


def endless_headers(wire):
    wire.sendall(frame(HEAD, 0, 1, packed(HEADERS)))
    more = packed([(f"x-{number}", "y" * 100) for number in range(100)])
    for _ in range(4_000):
        wire.sendall(frame(CONTINUATION, 0, 1, more))


def pings(wire):
    for _ in range(20_000):
        wire.sendall(frame(PING, 0, 0, b"12345678"))
        _drain(wire)


def settings(wire):
    for _ in range(20_000):
        wire.sendall(frame(SETTINGS, 0, 0, b"\0\4\0\1\0\0"))
        _drain(wire)


def bad_frames(wire):
    wire.sendall(frame(DATA, 0, 99, b"x") + frame(200, 0, 0, b"zz") + b"\xff" * 1_000)


def _drain(wire):
    while select.select([wire], [], [], 0)[0]:
        if not wire.recv(65_536):
            raise ConnectionResetError


@pytest.fixture
def process(daemon):
    return psutil.Process(daemon.process.pid)


@pytest.mark.parametrize("attack", [rapid_reset, endless_headers, pings, settings, bad_frames])
def test_abuse_of_http2_is_cheap_to_survive(daemon, process, attack):
    channel = Channel(daemon.address)
    before, memory = process.cpu_times(), process.memory_info().rss
    wire = session(daemon.address)
    with suppress(OSError):  # it is hung up on
        attack(wire)
    wire.close()
    began = time.monotonic()
    assert channel.call("StatusService/GetInfo").code == "OK"
    assert time.monotonic() - began < 2
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    grown = (process.memory_info().rss - memory) / 2**20
    print(f"\n{attack.__name__}: {spent:.2f} s of processor time, memory {grown:+.0f} MiB")
    assert spent < 4 and grown < 60
    channel.close()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        os.urandom(65_536),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50,
    ],
)
def test_what_is_no_http2_is_hung_up_on(daemon, said):
    host, port = daemon.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall(said)
        with suppress(ConnectionError):  # as good an end as any
            while wire.recv(65_536):
                pass


def test_an_address_has_so_many_connections_and_others_come_in_meanwhile(own_daemon):
    daemon = own_daemon(settings={"SAMPLEMIND_CONNECTIONS_AN_ADDRESS": "64"})
    host, port = daemon.address.rsplit(":", 1)
    first = [session(daemon.address, "127.0.0.2") for _ in range(60)]
    time.sleep(1.2)
    many = [
        socket.create_connection((host, int(port)), timeout=10, source_address=("127.0.0.2", 0))
        for _ in range(400)
    ]
    waits = []
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        channel, began = Channel(daemon.address), time.monotonic()
        assert channel.call("StatusService/GetInfo").code == "OK"
        waits.append(time.monotonic() - began)
        channel.close()
        time.sleep(0.2)
    print(f"\nof 460 connections 64 stay; a new client waited {max(waits):.3f} s at most")
    assert max(waits) < 2
    assert sum(_is_open(wire) for wire in many) <= 4
    assert all(_is_open(wire) for wire in first)  # whoever was there first stays
    for wire in (*first, *many):
        wire.close()


def test_a_connection_that_says_nothing_is_closed_within_seconds(daemon):
    host, port = daemon.address.rsplit(":", 1)
    silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(300)]
    deadline = time.monotonic() + 12
    while any(map(_is_open, silent)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    for wire in silent:
        wire.close()


def _is_open(wire):
    wire.setblocking(False)
    try:
        while wire.recv(65_536):
            pass
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_the_daemon_may_have_as_many_files_open_as_the_system_allows(process):
    soft, hard = process.rlimit(psutil.RLIMIT_NOFILE)
    assert soft == hard or soft >= 65_536
