"""Sounds have an address, for players: whole or in part, for their owner only."""

import json
from uuid import uuid4

import pytest
from browsing import Browser
from raw_calls import Person


@pytest.fixture
def sound(ada, make_sound):
    """A sound of Ada's, and its bytes."""
    data = make_sound(7, 3.0)
    return ada.upload(data, "Kick “808”\r\n<b>.wav"), data


def test_a_sound_is_played_whole_by_who_has_signed_in(page, sound):
    audio, data = sound
    got = page.ask(f"/audio/{audio.id}")
    assert (got.status, got.body) == (200, data)
    assert got.headers["etag"] == f'"{audio.sha256}"' and got.headers["accept-ranges"] == "bytes"
    assert (
        got.headers["content-length"] == str(len(data))
        and got.headers["cache-control"] == "private, no-cache"
    )
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Kick%20")
    assert "sandbox" in got.headers["content-security-policy"]
    head = page.ask(f"/audio/{audio.id}", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(data)))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 1),
        ("bytes=100-70099", 100, 70_100),
        ("bytes=70000-", 70_000, None),
        ("bytes=-44", -44, None),
        ("bytes=5-99999999999999999", 5, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_stretch_of_it_is_what_was_asked_for(page, sound, asked, start, stop):
    audio, data = sound
    got = page.ask(f"/audio/{audio.id}", headers={"Range": asked})
    assert got.body == data[start:stop] and got.headers["content-length"] == str(len(got.body))
    assert got.status == (206 if len(got.body) < len(data) else 200)
    if got.status == 206:
        first = len(data) + start if start < 0 else start
        assert got.headers["content-range"] == f"bytes {first}-{first + len(got.body) - 1}/{len(data)}"


@pytest.mark.parametrize(
    "asked", ["bytes=1-2,4-5", "chunks=1-2", "bytes=a-b", "bytes=-", "bytes=1", "", "bytes=--1"]
)
def test_what_is_no_single_range_gets_it_all(page, sound, asked):
    audio, data = sound
    got = page.ask(f"/audio/{audio.id}", headers={"Range": asked})
    assert (got.status, got.body) == (200, data)


def test_a_stretch_that_lies_outside_is_refused_with_the_size(page, sound):
    audio, data = sound
    for asked in (f"bytes={len(data)}-", "bytes=9-5", "bytes=-0"):
        got = page.ask(f"/audio/{audio.id}", headers={"Range": asked})
        assert (got.status, got.headers["content-range"]) == (416, f"bytes */{len(data)}")


def test_what_the_browser_has_already_is_not_sent_again(page, sound):
    audio, data = sound
    tag = f'"{audio.sha256}"'
    assert page.ask(f"/audio/{audio.id}", headers={"If-None-Match": tag}).status == 304
    part = {"Range": "bytes=0-9", "If-Range": tag}
    assert page.ask(f"/audio/{audio.id}", headers=part).status == 206
    assert page.ask(f"/audio/{audio.id}", headers=part | {"If-Range": '"other"'}).body == data


def test_nobody_else_gets_it(house, page, browser, channel, sound):
    audio, _ = sound
    stranger, bob = Browser(house.web), Browser(house.web)
    bob.sign_in(Person(channel).email)
    assert stranger.ask(f"/audio/{audio.id}").status == 401
    theirs, none = bob.ask(f"/audio/{audio.id}"), bob.ask(f"/audio/{uuid4()}")
    assert theirs.status == none.status == 404
    assert theirs.body.startswith(b"There is no sound") and none.body.startswith(b"There is no sound")
    assert page.ask(f"/audio/{audio.id}", "POST", b"").status == 405
    page.call("AuthService/Logout")
    assert page.ask(f"/audio/{audio.id}").status == 401


def test_bytes_that_are_damaged_are_not_played(house, page, ada, make_sound):
    audio = ada.upload(make_sound(99))
    kept = house.home / "blobs" / "sha256" / audio.sha256[:2] / audio.sha256
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
    got = page.ask(f"/audio/{audio.id}")
    assert got.status == 500 and b"no longer those that were kept" in got.body
    assert json.loads((house.home / "ready.json").read_text())["web"] == house.web
