"""One daemon with a web door that these tests share, and browsers that come to it."""

import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soundfile
from browsing import Browser
from daemon_process import DaemonProcess
from raw_calls import Channel, Person

WEB = {"SAMPLEMIND_WEB": "127.0.0.1:0"}
SCRIPT = "console.log('the app runs');" * 40


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder as a build of the app leaves it, beside something that is nobody's business."""
    folder = tmp_path_factory.mktemp("web") / "app"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><script src=/assets/index-a1.js></script>")
    (folder / "assets" / "index-a1.js").write_text(SCRIPT)
    (folder / "assets" / "index-a1.js.gz").write_bytes(b"as gzip has it")
    (folder / "assets" / "index-a1.js.br").write_bytes(b"as brotli has it")
    (folder / "icon.svg").write_text("<svg/>")
    (folder.parent / "secret.txt").write_text("a secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    return folder


@pytest.fixture(scope="session")
def house(tmp_path_factory, built):
    """A daemon that answers browsers."""
    settings = WEB | {
        "SAMPLEMIND_WEB_APP": str(built),
        "SAMPLEMIND_WEB_ORIGINS": '["https://studio.example"]',
    }
    process = DaemonProcess(tmp_path_factory.mktemp("house") / "home", settings).start()
    yield process
    process.stop()
    assert '"exception"' not in process.log.read_text()  # whatever these tests did, it was no bug


@pytest.fixture(scope="session")
def strict(tmp_path_factory):
    """A daemon without an app that takes five calls a minute, and believes what a proxy at 127.0.0.2 says."""
    settings = WEB | {
        "SAMPLEMIND_CALLS_A_MINUTE": "5",
        "SAMPLEMIND_WEB_PROXIES": '["127.0.0.2"]',
        "SAMPLEMIND_WEB_ORIGINS": '["https://music.example"]',
    }
    process = DaemonProcess(tmp_path_factory.mktemp("strict") / "home", settings).start()
    yield process
    process.stop()


@pytest.fixture
def channel(house) -> Iterator[Channel]:
    channel = Channel(house.address)
    yield channel
    channel.close()


@pytest.fixture
def ada(channel) -> Person:
    """Somebody with an account, who calls by gRPC."""
    return Person(channel)


@pytest.fixture
def browser(house) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser(house.web)


@pytest.fixture
def page(browser, ada) -> Browser:
    """A browser that Ada has signed in with."""
    assert browser.sign_in(ada.email).code == "OK"
    return browser


@pytest.fixture
def make_sound() -> Callable[..., bytes]:
    """The bytes of a WAV file; another seed makes other bytes."""

    def make(seed: int, seconds: float = 0.5) -> bytes:
        made, file = np.random.default_rng(seed), io.BytesIO()
        soundfile.write(file, made.standard_normal(int(seconds * 44_100)) / 10, 44_100, format="WAV")
        return file.getvalue()

    return make
