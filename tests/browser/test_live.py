"""Live sound on the web: what is played is told while it plays, outlives a break, and becomes a sound."""

import re

import numpy as np
import pytest
import soundfile

LIVE = re.compile("AnalyzeLive")


class Way:
    """From a page to the daemon, for live sound: it can be cut, and be closed for a while."""

    def __init__(self):
        self.lines = []
        self.closed = False

    def take(self, line):
        if self.closed:
            line.close(code=4000)
        else:
            line.connect_to_server()
            self.lines.append(line)

    def cut(self):
        self.closed = True
        self.lines[-1].close(code=4000)


@pytest.fixture
def way():
    return Way()


@pytest.fixture
def page(look, ben, way):
    """Where Ben listens."""
    page = look("/mark.svg", ben)
    page.route_web_socket(LIVE, way.take)
    page.goto("/live")
    return page


@pytest.fixture
def long_loop(loop, tmp_path):
    """The loop eight times: longer than anything here waits for."""
    sound, rate = soundfile.read(loop)
    soundfile.write(tmp_path / "long.wav", np.tile(sound, 8), rate)
    return tmp_path / "long.wav"


def play(page, path):
    page.get_by_role("tab", name="A file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)


def test_a_file_is_heard_while_it_plays_over_a_break_and_is_kept(page, way, long_loop, expect):
    page.get_by_role("switch", name="Keep what is heard").click()
    page.get_by_label("Name").fill("played.wav")
    play(page, long_loop)
    expect(page.get_by_text("so far, the next at")).to_be_visible()
    way.cut()
    expect(page.get_by_text("connection broke off")).to_be_visible()
    page.get_by_role("button", name="Finish").click()  # what waits is sent when it can be
    way.closed = False
    expect(page.get_by_role("link", name="Open played.wav")).to_be_visible()
    expect(page.get_by_role("heading", name="What was heard, as of a file")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile(r"12[345]\.\d"))  # it has 124 beats a minute
    assert len(way.lines) == 2 and page.get_by_text("heard as silence").count() == 0
    page.get_by_role("link", name="Open played.wav").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("played.wav")


def test_what_is_finished_is_told_as_of_a_file_and_not_kept_unasked(page, long_loop, expect):
    play(page, long_loop)
    expect(page.get_by_text("so far, the next at")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="What was heard, as of a file")).to_be_visible()
    expect(page.get_by_role("button", name="Choose a file")).to_be_enabled()
    assert page.get_by_text("It is kept").count() == 0


def test_what_cannot_be_played_is_said_and_nothing_is_sent(page, way, tmp_path, expect):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    play(page, broken)
    expect(page.get_by_role("alert")).to_have_text("The browser cannot play broken.wav.")
    expect(page.get_by_role("button", name="Choose a file")).to_be_enabled()
    assert way.lines == []


def test_a_microphone_that_may_not_be_heard_is_said(page, way, expect):
    page.get_by_role("button", name="Listen to the microphone").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("not allowed to listen|no microphone"))
    assert way.lines == []
