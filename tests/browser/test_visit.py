"""A whole visit: somebody comes, works with sounds and goes, and leaves nothing for whoever comes next."""

import re
from uuid import uuid4

import pytest
from raw_calls import PASSWORD

KEEP_PLAYER = """window.Audio = new Proxy(window.Audio, {
  construct: (kind, given) => (window.heard = Reflect.construct(kind, given)),
});"""
EMPTY = {
    "Uploads": "Nothing was sent in this session.",
    "Library": "There is no sound yet.",
    "Gallery": "Nothing is analysed yet.",
}


def register(page):
    """Make an account by hand on the page that does it, and be signed in."""
    page.get_by_label("E-mail address").fill(f"{uuid4().hex[:12]}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/dashboard")


def send(page, *files):
    """Choose files on the page of uploads, and see them analysed."""
    page.get_by_role("link", name="Uploads").click()
    page.get_by_label("Files", exact=True).set_input_files(files)
    for file in files:
        row(page, file.name).get_by_text("completed").wait_for()


def row(page, name):
    return page.get_by_role("listitem").filter(has_text=name)


def found(page):
    """The rows of the library that hold a sound."""
    return page.get_by_role("row").filter(has=page.get_by_role("gridcell"))


def search(page, words):
    page.get_by_role("searchbox", name="Search").fill(words)
    page.keyboard.press("Enter")


def result(page, label):
    """One of the five numbers that matter most."""
    return page.locator("main").get_by_text(label, exact=True).first.locator("xpath=..")


@pytest.fixture
def files(tmp_path, noise):
    """Three files with other sounds than anybody else's."""
    made = [tmp_path / f"{name}.wav" for name in ("first", "second", "third")]
    for seed, file in enumerate(made):
        file.write_bytes(noise(31 + seed))
    return made


@pytest.fixture
def page(look):
    """Where somebody comes."""
    page = look("/mark.svg")
    page.add_init_script(KEEP_PLAYER)
    page.goto("/register")
    return page


def test_somebody_new_sends_a_sound_hears_it_corrects_it_and_finds_it_by_what_they_said(page, loop, expect):
    register(page)
    send(page, loop)
    row(page, "loop.wav").get_by_role("link", name="Open").click()
    page.get_by_role("contentinfo", name="Player").get_by_role("button", name="Play").click()
    for seconds in (0.3, 1):
        page.wait_for_function("(seconds) => !heard.paused && heard.currentTime > seconds", arg=seconds)
    page.get_by_role("button", name="Double").click()
    expect(result(page, "Tempo")).to_contain_text(re.compile(r"248\.0\s*BPM"))
    page.get_by_label("Another key").fill("F# major")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(result(page, "Key")).to_contain_text("2B")
    expect(result(page, "Key")).to_contain_text("yours")
    search(page, "bpm:248 key:2B")
    expect(found(page)).to_have_count(1)
    expect(found(page)).to_contain_text("248.0")
    search(page, "bpm:124")
    expect(page.get_by_text("No sound fits these filters.")).to_be_visible()


def test_two_of_three_sounds_are_tagged_in_one_go_found_by_it_and_deleted(page, files, expect):
    register(page)
    send(page, *files)
    page.get_by_role("link", name="Library").click()
    expect(found(page)).to_have_count(3)
    bar = page.get_by_role("toolbar", name="Selected sounds")
    for name in ("first.wav", "third.wav"):
        page.get_by_role("checkbox", name=f"Select {name}").click()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Words, with commas between them").fill("from the attic")
    page.get_by_role("button", name="Tag 2").click()
    expect(page.get_by_role("status").filter(has_text="Tagged 2 sounds")).to_be_visible()
    search(page, 'tag:"from the attic"')
    expect(found(page)).to_have_count(2)
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 2").click()
    expect(page.get_by_text("No sound fits these filters.")).to_be_visible()
    search(page, "")
    expect(found(page)).to_have_count(1)
    expect(found(page)).to_contain_text("second.wav")


def test_who_signs_out_leaves_nothing_to_see_neither_by_going_back_nor_for_who_signs_in_next(
    page, files, expect
):
    register(page)
    send(page, files[0])
    page.get_by_role("link", name="Library").click()
    expect(found(page)).to_contain_text("first.wav")
    other = page.context.new_page()
    other.goto("/library")
    expect(found(other)).to_contain_text("first.wav")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    for _ in range(3):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert "first.wav" not in page.content()
        page.go_back()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "first.wav" not in other.content()
    page.get_by_role("link", name="Register").click()  # in the same tab, without a reload
    register(page)
    for place, words in EMPTY.items():
        page.get_by_role("link", name=place, exact=True).click()
        expect(page.get_by_text(words)).to_be_visible()
        assert "first.wav" not in page.content()


def test_another_user_sees_nothing_of_a_sound_and_gets_no_byte_of_it(look, ada, ben, expect):
    page = look("/library", ben)
    expect(page.get_by_text("There is no sound yet.")).to_be_visible()
    page.goto(f"/sounds/{ada.loop}")
    expect(page.get_by_role("alert").filter(has_text="AUDIO_NOT_FOUND")).to_be_visible()
    assert "loop.wav" not in page.content()
    assert page.request.get(f"/audio/{ada.loop}").status == 404
    assert look("/library", ada).request.get(f"/audio/{ada.loop}").status == 200
