"""Only pages of the daemon's own may call it, by a name of its own; on loopback too."""

import socket

import pytest
from browsing import PROTO, Browser, frame

INFO = "/samplemind.v1.StatusService/GetInfo"
LISTED = "https://studio.example"
CORS = "access-control-allow-"


@pytest.fixture
def port(house):
    return house.web.rpartition(":")[2]


STRANGERS = (
    "https://evil.example",
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://localhost:{port}.evil.example",
    "http://127.0.0.1:{port}.evil.example",
    "http://evil.127.0.0.1:{port}",
    "http://127.0.0.1:{port}@evil.example",
    "https://studio.example.evil.example",
    "https://evil-studio.example",
    "http://studio.example",
    "https://sub.studio.example",
    "https://studio.example:8443",
    "file://",
    "*",
)


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_strangers_page_is_refused_and_no_browser_lets_it_read(page, port, origin):
    told = {"Origin": origin.format(port=port), "Content-Type": PROTO}
    call = page.ask(INFO, "POST", frame(b""), told)
    asking = {
        **told,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    asked = page.ask(INFO, "OPTIONS", None, asking)
    played = page.ask("/audio/x", headers=told)
    for got in (call, asked, played):
        assert got.status == 403
        assert not [name for name in got.headers if name.startswith(CORS)]


def test_a_listed_origin_may_call_and_its_browser_is_told_so(browser):
    told = {"Origin": LISTED, "Content-Type": PROTO}
    got = browser.ask(INFO, "POST", frame(b""), told)
    assert got.status == 200 and b"grpc-status: 0" in got.body
    assert got.headers[f"{CORS}origin"] == LISTED and got.headers[f"{CORS}credentials"] == "true"
    assert "grpc-status-details-bin" in got.headers["access-control-expose-headers"]
    assert "origin" in got.headers["vary"].lower()
    wanted = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-grpc-web",
    }
    asked = browser.ask(INFO, "OPTIONS", None, {"Origin": LISTED, **wanted})
    assert asked.status == 200 and asked.headers[f"{CORS}origin"] == LISTED
    assert "x-grpc-web" in asked.headers[f"{CORS}headers"]


def test_our_own_page_may_call_by_each_name_of_the_daemon(browser, port):
    for host in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST"):
        told = {"Host": f"{host}:{port}", "Origin": f"http://{host.lower()}:{port}", "Content-Type": PROTO}
        assert browser.ask(INFO, "POST", frame(b""), told).status == 200, host


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
        "0x7f000001:{port}",
        "2130706433",
        "0.0.0.0:{port}",
        "localhost.:{port}",
        "sub.studio.example",
        "",
        "a b",
        "[::2]:{port}",
        ":{port}",
    ],
)
def test_a_name_that_was_pointed_at_this_machine_gets_nothing(page, port, host):
    told = {"Host": host.format(port=port), "Origin": f"http://{host.format(port=port)}"}
    for path, method in ((INFO, "POST"), ("/", "GET"), ("/assets/index-a1.js", "GET"), ("/audio/x", "GET")):
        got = page.ask(path, method, frame(b"") if method == "POST" else None, told | {"Content-Type": PROTO})
        assert got.status == 421 and got.body.startswith(b"This daemon is not called"), (path, got)


def test_two_hosts_are_none(house):
    with socket.create_connection(house.web.removeprefix("http://").split(":")) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert line.recv(100).split()[1] in (b"400", b"421")


def test_a_form_of_another_site_does_nothing(page, ada):
    """What browsers send across sites without asking first: plain types, no header of one's own."""
    body = frame(b"\n\x05hello")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        told = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        told |= {"Content-Type": kind} if kind else {}
        assert page.ask("/samplemind.v1.AuthService/Logout", "POST", body, told).status in (403, 415)
        del told["Sec-Fetch-Site"]  # an old browser, which says neither that nor an Origin
        assert page.ask("/samplemind.v1.AuthService/Logout", "POST", body, told).status == 415
    assert page.call("AuthService/GetMe").code == "OK"


def test_another_site_may_link_to_the_app_and_embed_nothing(page):
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert page.ask("/", headers=link).status == 200
    for path in ("/assets/index-a1.js", "/audio/x", "/"):
        for site in ("cross-site", "same-site"):
            assert page.ask(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status == 403


def test_the_names_of_the_certificate_are_names_of_the_daemon(own_daemon):
    import ssl

    daemon = own_daemon(settings={"SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_TLS_SELF_SIGNED": "true"})
    context = ssl.create_default_context(cafile=daemon.home / "tls.pem")
    browser = Browser(daemon.web, context)
    assert daemon.web.startswith("https://")
    got = browser.ask("/", headers={"Host": f"{socket.gethostname().lower()}:1"})
    assert got.status == 200 and "max-age" in got.headers["strict-transport-security"]
    assert (
        "strict-transport-security" not in browser.ask("/").headers
    )  # all of localhost's ports would pay for it
    assert browser.ask("/", headers={"Host": "evil.example"}).status == 421
    code = next(line.split()[2] for line in daemon.welcome.splitlines() if "sign-in code" in line)
    got = browser.ask(*browser._post("AuthService/Login", None, None, {"one_time_code": code}))
    assert all(one.startswith("__Host-samplemind-") and "; Secure" in one for one in got.cookies)
    assert browser.call("AuthService/GetMe").code == "OK"
    plain = {name.removeprefix("__Host-"): value for name, value in browser.cookies.items()}
    browser.cookies = plain  # as a page without TLS, or another host of the domain, could have set them
    assert browser.call("AuthService/GetMe").code == "UNAUTHENTICATED"
