"""Takes pictures of every page of the web app into docs/screenshots. `make screenshots` runs it."""

import datetime
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon_process import DaemonProcess
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from raw_calls import PASSWORD, Channel, Person
from shelf import groove, shelf, wav

from samplemind.v1 import audio_pb2

TARGET = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES = ((390, 844), (1440, 900))  # the wide one last, for pages are used in it
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]  # fmt: skip
ENDED = (audio_pb2.AUDIO_STATE_COMPLETED, audio_pb2.AUDIO_STATE_FAILED)
SECONDS = 300.0  # that all analyses together may take
SHOWN = "house_124_Am.wav"
PLAYHEAD = "2.85"  # seconds into it
CORRECTED = (  # by whoever owns the sounds
    (SHOWN, "tags.words", {"texts": {"values": ["set opener", "warm", "rooftop"]}}),
    ("dnb_170_Bm.wav", "tempo.bpm", {"number": 85.0}),
)
LATER = datetime.timedelta(minutes=10)  # so that it is as long ago in each run
HELD = 8  # the part of an upload that never arrives
SEEN = """localStorage.setItem("samplemind.seen-loop", "1")"""  # the landing page's playhead rests


def main() -> None:
    """Fill a daemon with the shelf, sign in and take all pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as (web, ada),
        sync_playwright() as driver,
    ):
        sounds = fill(ada)
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        expect.set_options(timeout=60_000)
        take_outside(chromium, web)
        take_inside(chromium, web, ada, sounds, Path(folder))
        chromium.close()


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Person]]:
    """Where a daemon shows the app, and somebody with an account there."""
    daemon = DaemonProcess(folder / "home", {"SAMPLEMIND_WEB": "127.0.0.1:0"}, workers=2).start()
    channel = Channel(daemon.address)
    try:
        yield daemon.web, Person(channel, "ada@example.org")
    finally:
        channel.close()
        daemon.stop()


def fill(ada: Person) -> dict[str, str]:
    """Send the shelf and wait until all of it is analysed; ids by name."""
    sounds, deadline = {name: ada.upload(data, name).id for name, data in shelf()}, time.monotonic() + SECONDS
    for sound in sounds.values():
        while ada("AudioService/Get", audio_id=sound).answer.audio.state not in ENDED:
            assert time.monotonic() < deadline, f"not analysed after {SECONDS} s"
            time.sleep(0.1)
    corrections = [
        {"audio_id": sounds[name], "name": what, "value": value} for name, what, value in CORRECTED
    ]
    assert ada("LibraryService/Correct", corrections=corrections).code == "OK"
    ada.make_key(name="mixing desk")
    return sounds


def take_outside(chromium: Browser, web: str) -> None:
    """The pages of whoever is not signed in."""
    page = open_page(chromium, web)
    for path, name in (
        ("/", "landing"),
        ("/sign-in", "sign-in"),
        ("/register", "register"),
        ("/blocks", "blocks"),
    ):
        page.goto(path)
        take(page, name)
    page.context.close()


def take_inside(chromium: Browser, web: str, ada: Person, sounds: dict[str, str], folder: Path) -> None:
    """The pages of somebody who is: first those that are still, by a clock that stands, then those where time runs."""
    page = open_page(chromium, web)
    page.clock.set_fixed_time(datetime.datetime.now() + LATER)
    sign_in(page, ada)
    for name in ("dashboard", "gallery", "settings"):
        page.goto(f"/{name}")
        take(page, name)
    page.goto("/library")
    cue_first(page)
    take(page, "library")
    page.goto(f"/sounds/{sounds[SHOWN]}")
    seek(page)
    take(page, "detail")
    page.context.close()
    page = open_page(chromium, web)
    sign_in(page, ada)
    take_upload(page, folder)
    take_live(page, folder)
    page.context.close()


def cue_first(page: Page) -> None:
    """Get the first sound of the library to stand in the middle of its playing."""
    expect(page.get_by_role("row").filter(has_text=SHOWN)).to_be_visible()
    page.get_by_role("grid").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").click()
    seek(page)


def seek(page: Page) -> None:
    """Move the playhead, once the player knows how long the sound is."""
    place = page.get_by_role("contentinfo", name="Player").get_by_role("slider", name="Where it plays")
    expect(place).not_to_have_attribute("max", "1")
    place.fill(PLAYHEAD)


def open_page(chromium: Browser, web: str) -> Page:
    """A page in which nothing moves by itself, in one language and one time zone."""
    context = chromium.new_context(base_url=web, reduced_motion="reduce", locale="en-GB", timezone_id="UTC")
    context.add_init_script(SEEN)
    page = context.new_page()
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[-1], strict=True)))
    page.set_default_timeout(60_000)
    return page


def sign_in(page: Page, who: Person) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


def take_upload(page: Page, folder: Path) -> None:
    """One file is there, one is none, and one is under way, with a part held back."""
    page.goto("/upload")
    small, broken, large = (
        folder / name for name in ("drum_fill.wav", "bounce_final.wav", "rooftop_loop_124_Am.wav")
    )
    small.write_bytes(wav(groove("house", 124, "Am", 1, ("drums",))))
    broken.write_bytes(b"no sound at all, " * 100)
    large.write_bytes(wav(groove("house", 124, "Am", 40, ("drums", "bass", "chords"))))
    files = page.get_by_label("Files", exact=True)
    files.set_input_files([small, broken])
    expect(page.get_by_role("listitem").filter(has_text=small.name)).to_contain_text("completed")
    expect(page.get_by_role("listitem").filter(has_text=broken.name)).to_contain_text("failed")
    parts: list[Route] = []

    def hold(route: Route) -> None:
        parts.append(route)
        if len(parts) < HELD:
            route.continue_()

    page.route("**/*AudioService/UploadChunks", hold)
    files.set_input_files(large)
    while len(parts) < HELD:
        page.wait_for_timeout(50)
    take(page, "upload")
    page.unroute_all(behavior="ignoreErrors")


def take_live(page: Page, folder: Path) -> None:
    """A file is heard for twelve seconds."""
    played = folder / "set_at_home.wav"
    played.write_bytes(wav(groove("house", 124, "Am", 32, ("drums", "bass", "chords", "tune"))))
    page.goto("/live")
    page.get_by_role("tab", name="A file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(played)
    expect(page.get_by_text("so far, the next at")).to_be_visible()
    page.wait_for_timeout(12_000)
    take(page, "live")


def take(page: Page, name: str) -> None:
    """Take a picture in each size, once everything asked for is there and drawn."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(width / 2, 1)  # over nothing that shows it
        page.wait_for_timeout(1_500)  # one stream of events stays open, so that a quiet network is never seen
        page.screenshot(path=TARGET / f"{name}-{width}.png", scale="css")


if __name__ == "__main__":
    main()
