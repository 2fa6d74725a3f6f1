"""A sound comes in, is found, played and corrected, all by hand and in a browser."""

import re

import pytest

MARKUP = """document.querySelectorAll("main img, main script, [onerror], [onload], a[href^='javascript:']").length"""


def known(who, sound, name):
    """A descriptor of a sound, as the daemon has it."""
    found = who("AnalysisService/GetAnalysis", audio_id=sound).answer.analysis.descriptors
    return next(one for one in found if one.name == name)


def result(page, label):
    """One of the five numbers that matter most."""
    return page.locator("main").get_by_text(label, exact=True).first.locator("xpath=..")


def test_a_file_that_is_chosen_is_sent_with_progress_and_becomes_a_sound_with_tempo_and_confidence(
    look, ben, loop, expect
):
    page, held = look("/upload", ben), []
    page.route("**/*AudioService/UploadChunks", lambda route: held.append(route))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(loop)
    expect(page.get_by_role("progressbar", name="Upload of loop.wav")).to_be_visible()
    expect(page.get_by_text(f"0 B of {loop.stat().st_size / 1000:.1f} kB")).to_be_visible()
    page.unroute("**/*AudioService/UploadChunks")  # and what is held goes on
    row = page.get_by_role("listitem").filter(has_text="loop.wav")
    expect(row).to_contain_text("completed")
    row.get_by_role("link", name="Open").click()
    [sound] = ben("AudioService/List").answer.audios
    tempo = known(ben, sound.id, "tempo.bpm")
    assert tempo.value.number == pytest.approx(124, abs=0.1)
    expect(result(page, "Tempo")).to_contain_text(re.compile(r"124\.0\s*BPM"))
    expect(result(page, "Tempo")).to_contain_text(f"{tempo.confidence:.2f}")
    page.get_by_role("link", name="Library", exact=True).first.click()
    expect(page.get_by_role("row", name=re.compile("loop.wav"))).to_contain_text("124.0")


def test_a_file_that_is_no_sound_is_said_to_be_none_and_why_and_its_name_is_text(
    look, ben, tmp_path, hostile, expect
):
    (tmp_path / hostile).write_text("no sound at all, " * 100)
    page = look("/upload", ben)
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / hostile)
    row = page.get_by_role("listitem").filter(has_text=hostile)
    expect(row).to_contain_text("failed")
    expect(row).to_contain_text("the file is no sound known here")
    assert page.evaluate(MARKUP) == 0


def test_a_tempo_that_is_doubled_is_yours_survives_a_reload_and_can_be_taken_back(
    look, ben, loop, expect, analysed
):
    sound = analysed(ben, loop.read_bytes(), "loop.wav")
    page = look(f"/sounds/{sound}", ben)
    expect(result(page, "Tempo")).to_contain_text(re.compile(r"124\.0\s*BPM"))
    page.get_by_role("button", name="Double").click()
    for _ in range(2):
        expect(result(page, "Tempo")).to_contain_text(re.compile(r"248\.0\s*BPM"))
        expect(result(page, "Tempo")).to_contain_text("yours")
        page.reload()
    assert known(ben, sound, "tempo.bpm").value.number == pytest.approx(248, abs=0.2)
    page.get_by_role("button", name="Undo").click()
    expect(result(page, "Tempo")).to_contain_text(re.compile(r"124\.0\s*BPM"))


def test_the_library_is_walked_and_played_by_keys_alone(look, ada, expect):
    page = look("/library?order=name", ada)
    rows = page.get_by_role("row").filter(has=page.get_by_role("gridcell"))
    expect(rows).to_have_count(3)
    grid, player = page.get_by_role("grid"), page.get_by_role("contentinfo", name="Player")
    grid.focus()
    page.keyboard.press("End")
    page.keyboard.press("Space")  # loop.wav, the last by name
    expect(player.get_by_role("link")).to_have_text("loop.wav")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(player.get_by_role("slider", name="Where it plays")).not_to_have_value("0")
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(player.get_by_role("link")).to_have_text("hit.wav")
    page.keyboard.press("x")
    expect(rows.filter(has_text="hit.wav")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/sounds/{ada.hit}$"))


def test_keys_reach_the_search_and_the_first_thing_that_tab_reaches_leads_to_the_content(look, ada, expect):
    page = look("/library", ada)
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("loop")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=re.compile("loop.wav"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 sound")).to_be_visible()


@pytest.mark.parametrize("place", ["/library", "/sounds/:id", "/gallery", "/dashboard"])
def test_a_name_that_is_markup_is_shown_as_the_text_it_is(look, ada, place, expect, hostile):
    page = look(place.replace(":id", ada.hostile), ada)
    expect(page.get_by_text(hostile, exact=True).first).to_be_visible()
    assert page.evaluate(MARKUP) == 0


def test_tags_that_are_markup_are_shown_as_the_text_they_are(look, ada, expect):
    page = look(f"/sounds/{ada.hostile}", ada)
    for tag in ("<svg onload=alert(4)>", "javascript:alert(3)"):
        expect(page.get_by_text(tag).first).to_be_visible()
    assert page.evaluate(MARKUP) == 0
