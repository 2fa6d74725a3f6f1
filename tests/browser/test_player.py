"""The player shows where it is, also while nothing plays."""

import re


def test_a_place_that_is_gone_to_while_nothing_plays_is_shown_everywhere(look, ada, expect):
    page = look(f"/sounds/{ada.loop}", ada)
    player = page.get_by_role("contentinfo", name="Player")
    expect(player.get_by_role("link")).to_have_text("loop.wav")
    player.get_by_role("slider", name="Where it plays").fill("3")
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(player).to_contain_text("0:03.00")
    expect(page.locator("main")).to_contain_text(re.compile(r"2\.3\s*bar\.beat\s*3\.00 of 7\.74 s"))
