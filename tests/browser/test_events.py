"""What happens is seen at once, and after a break nothing is missed."""

import re
import time

import pytest
from daemon_process import DaemonProcess
from raw_calls import Channel, Person

from samplemind.v1 import event_pb2

ASK, CHUNKS = "**/*AudioService/GetUpload", "**/*AudioService/UploadChunks"
SUBSCRIBE = "**/*EventService/Subscribe"
LONGEST_DELAY_MS = 10_000  # between two attempts


@pytest.fixture(scope="module")
def inn(app, tmp_path_factory):
    """A daemon that goes, and comes back at the same place."""
    process = DaemonProcess(
        tmp_path_factory.mktemp("inn") / "home", {"SAMPLEMIND_WEB": "127.0.0.1:0"}
    ).start()
    yield process
    process.stop()


@pytest.fixture
def eve(inn):
    """Somebody who lives there."""
    channel = Channel(inn.address)
    yield Person(channel)
    channel.close()


@pytest.fixture
def page(look, inn, watch, eve, expect):
    """Her library, with time of its own, and its events on the way."""
    watch.webs.append(inn.web)
    page = look("about:blank", eve, web=inn.web)
    page.clock.install()
    with page.expect_response(SUBSCRIBE):
        page.goto("/library")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    return page


def until(page, seen, seconds=60.0):
    """Let the page's time fly until something is seen."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, page.inner_text("body")
        page.clock.fast_forward(LONGEST_DELAY_MS)
        page.wait_for_timeout(50)


def test_a_sound_that_comes_in_elsewhere_is_seen_without_a_reload(page, eve, noise, expect):
    eve.upload(noise(11), "came.wav")
    expect(page.get_by_role("row", name=re.compile("came.wav"))).to_be_visible()


def test_after_a_restart_it_goes_on_behind_the_last_event_and_misses_nothing(page, inn, eve, noise, expect):
    eve.upload(noise(12), "before.wav")
    expect(page.get_by_role("row", name=re.compile("before.wav"))).to_contain_text("ok")
    inn.kill()
    expect(page.get_by_role("status").filter(has_text="Reconnecting, attempt")).to_be_visible()
    held = []
    page.route(SUBSCRIBE, lambda route: held.append(route))
    inn.start()
    eve.upload(noise(13), "meanwhile.wav")  # while nobody listens
    until(page, lambda: held)
    assert event_pb2.SubscribeRequest.FromString(held[0].request.post_data_buffer[5:]).cursor
    assert not page.get_by_role("row", name=re.compile("meanwhile.wav")).is_visible()
    page.unroute(SUBSCRIBE)  # and what is held goes on
    expect(page.get_by_role("row", name=re.compile("meanwhile.wav"))).to_have_count(1)
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("before.wav"))).to_have_count(1)


def test_after_five_attempts_it_says_so_and_a_button_tries_again(page, inn, eve, noise, expect):
    inn.kill()
    expect(page.get_by_text("attempt 1 of 5")).to_be_visible()
    button = page.get_by_role("button", name="Reconnect")
    until(page, button.is_visible)
    expect(page.get_by_role("alert").filter(has_text="No live updates")).to_be_visible()
    inn.start()
    eve.upload(noise(14), "later.wav")
    button.click()
    expect(page.get_by_role("row", name=re.compile("later.wav"))).to_be_visible()
    expect(button).to_have_count(0)


def test_an_upload_whose_daemon_is_killed_goes_on_from_what_is_kept_and_becomes_one_sound(
    page, inn, eve, noise, tmp_path, expect
):
    (tmp_path / "hiss.wav").write_bytes(noise(15, 12.5))  # two parts
    held = []
    page.get_by_role("link", name="Uploads").click()
    page.route(CHUNKS, lambda route: held.append(route))
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / "hiss.wav")
    until(page, lambda: held)
    held.pop().continue_()
    until(page, lambda: held)  # the first part is kept, the second is on its way
    inn.kill()
    page.route(ASK, lambda route: held.append(route))
    held.pop().abort()
    row = page.get_by_role("listitem").filter(has_text="hiss.wav")
    expect(row).to_contain_text("what was sent is kept, and it goes on by itself")
    page.unroute(CHUNKS)
    inn.start()
    page.unroute(ASK)  # how far it is
    until(page, row.get_by_text("completed").is_visible)
    [sound] = [one for one in eve("AudioService/List").answer.audios if one.name == "hiss.wav"]
    assert sound.size_bytes == (tmp_path / "hiss.wav").stat().st_size
