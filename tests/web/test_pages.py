"""The app's files, and nothing else's, with what keeps its pages safe."""

import re
import socket

import pytest
from browsing import PROTO, Browser, frame

INFO = "/samplemind.v1.StatusService/GetInfo"


def test_the_app_is_shown_at_each_of_its_own_addresses(browser, built):
    index = (built / "index.html").read_bytes()
    for path in ("/", "/library", "/sound/3f2a", "/sign-in", "/assets", "/a/b/c?d=e.f"):
        got = browser.ask(path)
        assert (got.status, got.body, got.headers["cache-control"]) == (200, index, "no-cache"), path
        assert got.headers["content-type"] == "text/html; charset=utf-8"


def test_what_is_named_by_its_hash_is_kept_for_ever_and_all_else_is_asked_for_again(browser, built):
    script = browser.ask("/assets/index-a1.js")
    assert script.body == (built / "assets" / "index-a1.js").read_bytes()
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    icon = browser.ask("/icon.svg")
    assert (icon.headers["content-type"], icon.headers["cache-control"]) == ("image/svg+xml", "no-cache")
    again = browser.ask("/icon.svg", headers={"If-None-Match": icon.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert "content-security-policy" in again.headers


@pytest.mark.parametrize(
    ("takes", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"as brotli has it"),
        ("gzip", "gzip", b"as gzip has it"),
        ("deflate", None, None),
        ("", None, None),
    ],
)
def test_who_takes_a_shorter_file_gets_it(browser, built, takes, encoding, body):
    got = browser.ask("/assets/index-a1.js", headers={"Accept-Encoding": takes})
    assert got.headers.get("content-encoding") == encoding and "accept-encoding" in got.headers["vary"]
    assert got.body == (body or (built / "assets" / "index-a1.js").read_bytes())
    assert got.headers["content-type"] == "text/javascript; charset=utf-8"


PATHS = (
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/%252e%252e/secret.txt",
    "//secret.txt",
    "///etc/passwd",
    "/%2fetc%2fpasswd",
    "/etc/passwd%00.js",
    "/%00",
    "/secret.txt%00.svg",
    "/link.txt",
    "/C:/secret.txt",
    "/C:%5csecret.txt",
    "/\\\\host\\share\\secret.txt",
    "/．．/secret.txt".encode().decode("latin-1"),
    "/file:///etc/passwd",
    "/assets//../../secret.txt",
    "/assets/..;/..;/secret.txt",
    "/" + "a/" * 2_000 + "b.js",
    "/" + "x" * 4_000 + ".js",
    "/.../secret.txt",
    "/~root/secret.txt",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_folder(house, built, path):
    """Sent as they are: a client would tidy them up."""
    with socket.create_connection(house.web.removeprefix("http://").split(":")) as line:
        line.settimeout(20)
        line.sendall(
            b"GET " + path.encode("latin-1") + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        came = b"".join(iter(lambda: line.recv(65_536), b""))
    assert re.match(rb"HTTP/1\.1 (400|404) ", came) or came.endswith((built / "index.html").read_bytes())
    assert b"a secret" not in came and b"root:" not in came


def test_neither_sounds_nor_calls_are_reached_by_another_spelling_without_a_credential(browser):
    spelled = ("/audio%2fx", "/audio/../samplemind.v1.AuthService/GetMe", "/app%2f..%2faudio/x", "/AUDIO/x")
    for path in spelled:
        for method in ("GET", "POST"):
            got = browser.ask(path, method, frame(b"") if method == "POST" else None, {"Content-Type": PROTO})
            assert got.status in (200, 401, 404, 405), (path, got)
            assert got.status != 200 or b"<!doctype html>" in got.body or b"grpc-status: 16" in got.body


def test_every_answer_keeps_its_page_safe(page, ada, make_sound):
    sound = ada.upload(make_sound(1)).id
    answers = [
        page.ask(path) for path in ("/", "/assets/index-a1.js", "/none.js", f"/audio/{sound}", "/audio/x")
    ]
    answers += [page.ask(INFO, "POST", frame(b""), {"Content-Type": PROTO}), page.ask(INFO)]
    answers += [page.ask("/", headers={"Host": "evil.example"}), page.ask("/", headers={"Origin": "null"})]
    for got in answers:
        policy = got.headers["content-security-policy"]
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "same-origin"
        assert got.headers["cross-origin-opener-policy"] == "same-origin"
        assert got.headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in got.headers and "access-control-allow-origin" not in got.headers


def test_files_are_only_read(browser):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert browser.ask("/icon.svg", method).status == 405


def test_where_no_app_is_built_a_page_says_how_it_comes(strict):
    got = Browser(strict.web).ask("/library")
    assert got.status == 200 and (b"make web" in got.body or b"<script" in got.body)


def test_a_folder_that_holds_no_app_stops_the_start(own_daemon, tmp_path):
    with pytest.raises(AssertionError, match=r"web_app: there is no index.html in"):
        own_daemon(settings={"SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_WEB_APP": str(tmp_path)})


def test_a_place_that_is_taken_or_open_to_all_stops_the_start(house, own_daemon):
    with pytest.raises(AssertionError, match="--web HOST:PORT names another place"):
        own_daemon(settings={"SAMPLEMIND_WEB": house.web.removeprefix("http://")})
    with pytest.raises(AssertionError, match=r"web: 0.0.0.0:0 can be reached from other machines"):
        own_daemon(settings={"SAMPLEMIND_WEB": "0.0.0.0:0"})
