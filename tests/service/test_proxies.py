"""Behind a proxy a call comes from where its caller is, if the proxy is known; else from whoever makes it."""

import subprocess
import sys

import pytest
from raw_calls import Channel

from samplemind_daemon.access.places import Proxies

FEW = {"SAMPLEMIND_CALLS_A_MINUTE": "3", "SAMPLEMIND_REGISTRATION": "closed"}


def told_to_wait(channel, *headers):
    """After how many sign-ins, which cost a call each, a caller with these headers has to wait; 9 if never."""
    for number in range(9):
        guess = {"email": "nobody@example.org", "password": "seven purple geese"}
        if channel.call("AuthService/Login", headers, password=guess).reason == "RATE_LIMITED":
            return number
    return 9


@pytest.fixture
def behind(own_daemon):
    """A maker of channels to a daemon of its own that knows these proxies."""
    opened = []

    def make(proxies):
        daemon = own_daemon(settings={**FEW, "SAMPLEMIND_WEB_PROXIES": proxies})
        opened.append(Channel(daemon.address))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_who_calls_through_a_known_proxy_is_counted_by_his_own_address(behind):
    channel = behind('["198.51.100.0/24", "127.0.0.0/24"]')
    for caller in ("192.0.2.1", "192.0.2.2"):
        assert told_to_wait(channel, ("x-forwarded-for", caller)) == 3
    assert told_to_wait(channel, ("x-forwarded-for", "2001:db8::1")) == 3
    assert told_to_wait(channel, ("x-forwarded-for", "2001:db8::2")) == 0  # of the same network
    assert told_to_wait(channel, ("x-forwarded-for", "no address")) == 3  # which is the proxy itself
    assert told_to_wait(channel) == 0


def test_what_anybody_else_says_of_his_address_is_not_believed(behind):
    channel = behind('["127.0.0.2"]')
    assert told_to_wait(channel, ("x-forwarded-for", "192.0.2.1")) == 3
    assert told_to_wait(channel, ("x-forwarded-for", "192.0.2.2")) == 0


@pytest.mark.parametrize(
    ("known", "peer", "is_known"),
    [
        (["127.0.0.1"], "ipv4:127.0.0.1:4711", True),
        (["127.0.0.1"], "ipv4:127.0.0.2:4711", False),
        (["127.0.0.1"], "ipv6:[::ffff:127.0.0.1]:4711", True),
        (["2001:db8::1"], "ipv6:[2001:db8::1]:4711", True),
        (
            ["2001:db8::1"],
            "ipv6:%5B2001:db8::2%5D:4711",
            False,
        ),  # of the same network, and not believed for that
        (["*"], "ipv6:[2001:db8::1]:4711", True),
        (["*"], "unix:", False),
        ([], "ipv4:127.0.0.1:4711", False),
    ],
)
def test_a_proxy_is_known_by_its_address_or_network(known, peer, is_known):
    assert (peer in Proxies(known)) == is_known


def test_a_proxy_that_is_no_address_stops_the_start(tmp_path):
    line = [
        sys.executable,
        "-m",
        "samplemind_daemon",
        "serve",
        "--home",
        str(tmp_path),
        "--listen",
        "127.0.0.1:0",
    ]
    environment = {"SAMPLEMIND_WEB_PROXIES": '["proxy.example.org"]', "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(line, capture_output=True, text=True, check=False, env=environment, timeout=100)
    assert ended.returncode == 78
    assert "web_proxies: 'proxy.example.org' is no address and no network" in ended.stderr
