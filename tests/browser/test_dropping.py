"""Files and folders are dropped, seen on their way, and refused with a reason."""

import re

import pytest
from daemon_process import DaemonProcess
from raw_calls import Channel

MOST_MB = 2
CHUNKS = "**/*AudioService/UploadChunks"
DROP = """(zone, [name, bytes]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
  for (const type of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}));
}"""
KEEP_WORDS = """(list) => {
  window.words = [];
  const read = () => window.words.push(list.innerText);
  new MutationObserver(read).observe(list, {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def house(app, tmp_path_factory):
    """A daemon that takes two megabytes a file at most."""
    limit = {"SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_MAX_UPLOAD_MB": str(MOST_MB)}
    process = DaemonProcess(tmp_path_factory.mktemp("dropping") / "home", limit).start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def channel(house):
    channel = Channel(house.address)
    yield channel
    channel.close()


@pytest.fixture
def page(look, ben, expect):
    """Where Ben drops what he has."""
    page = look("/upload", ben)
    expect(zone(page)).to_contain_text(f"{MOST_MB} MB each at most")
    return page


def zone(page):
    return page.get_by_role("region", name="Drop zone")


def row(page, name):
    return page.get_by_role("listitem").filter(has_text=name)


def drop(page, *paths):
    """Drop files and folders of the disk, as a file manager does."""
    box, driver = zone(page).bounding_box(), page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        driver.send(
            "Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 9, "y": box["y"] + 9, "data": data}
        )


def test_what_is_dropped_is_seen_to_be_sent_part_by_part_and_analysed_and_opens(page, ben, noise, expect):
    data, held = noise(21, 12.5), []
    page.route(CHUNKS, lambda route: held.append(route))
    page.locator("main ul").evaluate(KEEP_WORDS)
    zone(page).evaluate(DROP, ["hiss.wav", list(data)])
    bar = page.get_by_role("progressbar", name="Upload of hiss.wav")
    expect(bar).to_have_attribute("aria-valuenow", "0")
    held.pop(0).continue_()
    expect(bar).to_have_attribute("aria-valuenow", str(round(100 * 1024**2 / len(data))))
    expect(row(page, "hiss.wav")).to_contain_text(f"1.0 MB of {len(data) / 1e6:.1f} MB")
    page.unroute(CHUNKS)  # and what is held goes on
    expect(row(page, "hiss.wav")).to_contain_text("completed")
    words = " ".join(page.evaluate("window.words"))
    assert re.search(r"uploading.*(uploaded|queued|processing).*completed", words, re.DOTALL)
    row(page, "hiss.wav").get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("hiss.wav")
    [sound] = ben("AudioService/List").answer.audios
    assert sound.size_bytes == len(data)


def test_a_folder_is_dropped_with_all_that_lies_below_it_and_what_is_no_sound_says_so(
    page, ben, noise, tmp_path, expect
):
    folder = tmp_path / "kit"
    (folder / "drums").mkdir(parents=True)
    (folder / "drums" / "hit.wav").write_bytes(noise(22))
    (folder / ".hidden.wav").write_bytes(noise(23))
    for name in ("one.txt", "two.txt"):
        (folder / name).write_text(f"no sound at all, but {name} " * 9)
    (tmp_path / "lone.wav").write_bytes(noise(24))
    drop(page, folder, tmp_path / "lone.wav")
    for name in ("hit.wav", "lone.wav"):
        expect(row(page, name)).to_contain_text("completed")
    for name in ("one.txt", "two.txt"):
        expect(row(page, name)).to_contain_text("the file is no sound known here")
    assert "4 files: 4 sent" in page.inner_text("main")
    assert {one.name for one in ben("AudioService/List").answer.audios} == {
        "hit.wav", "lone.wav", "one.txt", "two.txt",
    }  # fmt: skip


def test_what_is_too_large_or_empty_is_refused_with_a_reason_before_anything_is_sent(
    page, ben, watch, tmp_path, expect
):
    large, empty = tmp_path / "large.wav", tmp_path / "empty.wav"
    large.write_bytes(bytes(MOST_MB * 1_000_000 + 1))
    empty.write_bytes(b"")
    drop(page, large, empty)
    expect(row(page, "large.wav")).to_contain_text(re.compile("refused.*TOO_LARGE.*at most 2 MB", re.DOTALL))
    expect(row(page, "empty.wav")).to_contain_text(
        re.compile("refused.*INVALID_UPLOAD.*an empty file holds no sound", re.DOTALL)
    )
    assert "2 files: 2 refused" in page.inner_text("main")
    assert not any("UploadChunks" in one for one in watch.requests)
    assert not ben("AudioService/List").answer.audios
    row(page, "large.wav").get_by_role("button", name="Dismiss large.wav").click()
    expect(row(page, "large.wav")).to_have_count(0)
