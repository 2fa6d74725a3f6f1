"""Live sound on the web: what is played is told while it plays, outlives a break, and becomes a sound."""

import re

import pytest

LIVE = re.compile("AnalyzeLive")


@pytest.fixture
def lines():
    """The WebSockets that a page has made, to be cut: they reach the daemon all the same."""
    return []


@pytest.fixture
def page(look, ben, lines):
    """Where Ben listens."""

    def let_through(line):
        line.connect_to_server()
        lines.append(line)

    page = look("/mark.svg", ben)
    page.route_web_socket(LIVE, let_through)
    page.goto("/live")
    return page


def play(page, path):
    page.get_by_role("tab", name="A file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)


def test_a_file_is_heard_while_it_plays_over_a_break_and_is_kept(page, lines, loop, expect):
    page.get_by_role("switch", name="Keep what is heard").click()
    page.get_by_label("Name").fill("played.wav")
    play(page, loop)
    expect(page.get_by_text("LUFS").nth(2)).to_be_visible()  # the first says from where to where
    lines[0].close(code=4000)
    expect(page.get_by_text("connection broke off")).to_be_visible()
    expect(page.get_by_text("hearing", exact=True)).to_be_visible()
    expect(page.get_by_text("so far, the next at")).to_be_visible()
    expect(page.get_by_role("heading", name="What was heard, as of a file")).to_be_visible()
    expect(page.locator("main")).to_contain_text("124.0")
    assert len(lines) == 2 and page.get_by_text("heard as silence").count() == 0
    page.get_by_role("link", name="Open played.wav").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("played.wav")


def test_what_is_finished_is_told_as_of_a_file_and_not_kept_unasked(page, loop, expect):
    play(page, loop)
    expect(page.get_by_text("so far, the next at")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="What was heard, as of a file")).to_be_visible()
    expect(page.get_by_role("button", name="Choose a file")).to_be_enabled()
    assert page.get_by_text("It is kept").count() == 0


def test_what_cannot_be_played_is_said_and_nothing_is_sent(page, lines, tmp_path, expect):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    play(page, broken)
    expect(page.get_by_role("alert")).to_have_text("The browser cannot play broken.wav.")
    expect(page.get_by_role("button", name="Choose a file")).to_be_enabled()
    assert lines == []


def test_a_microphone_that_may_not_be_heard_is_said(page, lines, expect):
    page.get_by_role("button", name="Listen to the microphone").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("not allowed to listen|no microphone"))
    assert lines == []
