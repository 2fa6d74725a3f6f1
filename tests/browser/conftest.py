"""The web app as `make web` builds it, served by a daemon, in a real Chromium without a window."""

import fcntl
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browsing import Browser
from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from watching import Watch

from samplemind.v1 import audio_pb2

CHECKOUT = Path(__file__).parents[2]
BUILD_SECONDS = 600
COMPLETED = audio_pb2.AUDIO_STATE_COMPLETED
NEEDS = ("chromium", "npm", "make")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
WEB = {"SAMPLEMIND_WEB": "127.0.0.1:0"}
HOSTILE = "<img src=x onerror=alert(1)>.wav"
HOSTILE_TAGS = ["</script><script>alert(2)</script>", "javascript:alert(3)", "<svg onload=alert(4)>"]


def pytest_collection_modifyitems(items):
    """A machine where all of this is slow, or is built first, gets the time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(BUILD_SECONDS + 120))


@pytest.fixture(scope="session")
def app() -> Path:
    """The built app where the daemon looks for it; whoever comes first builds it, if anything changed."""
    if missing := [one for one in NEEDS if shutil.which(one) is None]:
        pytest.skip(f"the web app is not tried in a browser: not here: {', '.join(missing)}")
    with (Path(sys.prefix) / "web.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", "web"], cwd=CHECKOUT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return CHECKOUT / "clients" / "samplemind_web" / "app"


@pytest.fixture(scope="session")
def house(app, tmp_path_factory) -> Iterator[DaemonProcess]:
    """A daemon that serves the app."""
    process = DaemonProcess(tmp_path_factory.mktemp("house") / "home", WEB, workers=2).start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def channel(house) -> Iterator[Channel]:
    channel = Channel(house.address)
    yield channel
    channel.close()


@pytest.fixture(scope="session")
def loop(tmp_path_factory) -> Path:
    """Four bars of house at 124 BPM."""
    path = tmp_path_factory.mktemp("sounds") / "loop.wav"
    made = [sys.executable, CHECKOUT / "docs" / "examples" / "loop.py", path]
    subprocess.run(made, check=True, timeout=60)
    return path


@pytest.fixture(scope="session")
def noise(tmp_path_factory) -> Callable[..., bytes]:
    """The bytes of half a second of noise, or of more; another seed makes other bytes."""

    def make(seed: int, seconds: float = 0.5) -> bytes:
        path = tmp_path_factory.mktemp("noise") / "noise.wav"
        many = int(44_100 * seconds)
        soundfile.write(path, np.random.default_rng(seed).standard_normal(many) / 10, 44_100)
        return path.read_bytes()

    return make


@pytest.fixture(scope="session")
def ada(channel, loop, noise, analysed) -> Person:
    """Somebody with three sounds, one of which is named and tagged to do harm; tests leave them as they are."""
    ada = Person(channel)
    ada.loop = analysed(ada, loop.read_bytes(), "loop.wav")
    ada.hit = analysed(ada, noise(1), "hit.wav")
    ada.hostile = analysed(ada, noise(2), HOSTILE)
    tags = {"audio_id": ada.hostile, "name": "tags.words", "value": {"texts": {"values": HOSTILE_TAGS}}}
    assert ada("LibraryService/Correct", corrections=[tags]).code == "OK"
    return ada


@pytest.fixture(scope="session")
def analysed() -> Callable[[Person, bytes, str], str]:
    """The id of a sound that somebody sent, once it is analysed: analysed(ada, data, "loop.wav")."""

    def analysed(who: Person, data: bytes, name: str) -> str:
        sound, deadline = who.upload(data, name).id, time.monotonic() + 60
        while (audio := who("AudioService/Get", audio_id=sound).answer.audio).state != COMPLETED:
            assert time.monotonic() < deadline, audio
            time.sleep(0.05)
        return sound

    return analysed


@pytest.fixture
def hostile() -> str:
    """A name that would do harm as markup."""
    return HOSTILE


@pytest.fixture
def ben(channel) -> Person:
    """Somebody new, for one test."""
    return Person(channel)


@pytest.fixture(scope="module")
def browser(app):
    """A Chromium. It runs in an event loop of its own, which other files' tests must not find: so one for each file."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def watch(house) -> Watch:
    """Sees what all pages of a test do: they stay in the house, break no rule and throw nothing."""
    return Watch(house.web)


@pytest.fixture
def look(browser, house, watch):
    """A maker of pages: look("/library", ada) is a page that Ada is signed in with; `how` is as for a new context."""
    contexts = []

    def look(path: str, who: Person | None = None, width: int = 1440, web: str = house.web, **how):
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=web, **how)
        contexts.append(context)
        watch.over(context)
        if who:
            context.add_cookies(cookies(web, who))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(path)
        return page

    yield look
    for context in contexts:
        context.close()
    assert watch.complaints == []


def cookies(web: str, who: Person) -> list[dict]:
    """Those that the door gives who signs in."""
    door = Browser(web)
    assert door.sign_in(who.email).code == "OK"
    kept = {"url": web, "httpOnly": True, "sameSite": "Strict"}
    return [{"name": name, "value": value, **kept} for name, value in door.cookies.items()]


@pytest.fixture
def expect():
    """Playwright's assertions that wait: half a minute, for machines differ."""
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=30_000)
    return playwright.expect
