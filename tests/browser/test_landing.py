"""Whoever comes without an account hears a loop that is shown as it was heard; whoever has one goes in."""

import re

PLAYED = """([from, to]) => {
  const { value } = document.querySelector("input[type=range]");
  return value > from && value < to;
}"""


def test_the_recorded_loop_plays_and_can_be_gone_through_without_an_account(look, watch, expect):
    page = look("/")
    page.get_by_role("button", name="Play it").click()
    page.wait_for_function(PLAYED, arg=[0.3, 4])
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Recorded:")).to_contain_text(re.compile(r"SampleMind \d.* on \d+ \w+ 20\d\d"))
    waveform = page.get_by_role("img", name=re.compile("^Waveform"))
    waveform.click(position={"x": 0.75 * waveform.bounding_box()["width"], "y": 20})
    page.wait_for_function(PLAYED, arg=[5.5, 5.75])
    page.get_by_role("slider", name="Where it plays").press("Home")
    expect(page.get_by_text("bar.beat")).to_contain_text("0.00 of 7.50 s")
    page.get_by_text(re.compile(r"^All \d+ descriptors")).click()
    expect(page.get_by_role("heading", name="Loudness")).to_be_visible()
    called = [one for one in watch.requests if "/samplemind.v1." in one]
    assert called and all("AuthService" in one for one in called)  # it asks who comes, and nothing else


def test_who_is_signed_in_comes_to_the_dashboard(look, ben, expect):
    expect(look("/", ben)).to_have_url(re.compile("/dashboard$"))
