"""The gallery is heard by pointing at it or by keyboard, and shows what is asked for."""

import re

import pytest

PLAYING = "button[aria-pressed=true]"


@pytest.fixture
def gallery(look, ada, expect):
    """Ada's gallery, and its list of tiles."""
    page = look("/gallery", ada)
    tiles = page.get_by_role("list", name="Sounds")
    expect(tiles.get_by_role("button")).to_have_count(3)
    return page, tiles


def test_what_is_pointed_at_is_heard_until_the_pointer_leaves_and_what_is_pressed_goes_on(gallery, expect):
    page, tiles = gallery
    loop = tiles.get_by_role("button", name=re.compile("loop.wav"))
    loop.hover()
    expect(tiles.locator(PLAYING)).to_contain_text("loop.wav")
    page.mouse.move(5, 5)
    expect(tiles.locator(PLAYING)).to_have_count(0)
    loop.click()
    page.mouse.move(5, 5)
    page.wait_for_timeout(600)  # longer than a pointer has to rest
    expect(tiles.locator(PLAYING)).to_contain_text("loop.wav")


def test_where_it_shall_be_silent_pointing_is_not_heard_also_after_a_reload(gallery, expect):
    page, tiles = gallery
    page.get_by_role("switch", name="Hear what is pointed at").click()
    page.reload()
    expect(page.get_by_role("switch", name="Hear what is pointed at")).to_have_attribute(
        "aria-checked", "false"
    )
    tiles.get_by_role("button").first.hover()
    page.wait_for_timeout(800)
    expect(tiles.locator(PLAYING)).to_have_count(0)


def test_by_keyboard_there_is_one_stop_arrows_move_space_plays_and_enter_opens(gallery, ada, expect):
    page, tiles = gallery
    assert [one.get_attribute("tabindex") for one in tiles.get_by_role("button").all()] == ["0", "-1", "-1"]
    tiles.get_by_role("button").first.focus()
    page.keyboard.press("End")
    expect(tiles.get_by_role("button").last).to_be_focused()
    expect(tiles.get_by_role("button").last).to_contain_text("loop.wav")  # the oldest
    page.keyboard.press("Space")
    expect(tiles.locator(PLAYING)).to_contain_text("loop.wav")
    page.keyboard.press("Space")
    expect(tiles.locator(PLAYING)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/sounds/{ada.loop}$"))


def test_words_that_are_typed_filter_and_can_be_gone_back_to(gallery, expect):
    page, tiles = gallery
    page.get_by_label("Filter by name or tag").fill("hit")
    expect(tiles.get_by_role("button")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=hit$"))
    page.reload()
    expect(page.get_by_label("Filter by name or tag")).to_have_value("hit")
    page.get_by_label("Filter by name or tag").fill("nothing like it")
    expect(page.get_by_text("No sound fits these filters.")).to_be_visible()


def test_a_cover_is_drawn_from_the_sound(gallery, expect):
    page, tiles = gallery
    drawn = """(tile) => {
      const canvas = tile.querySelector("canvas");
      const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    tile = tiles.get_by_role("button", name=re.compile("loop.wav")).element_handle()
    page.wait_for_function(f"(tile) => ({drawn})(tile) > 20", arg=tile)
