"""People who call one daemon that all tests share; each test makes its own."""

import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soundfile
from raw_calls import Channel, Person


@pytest.fixture
def channel(daemon) -> Iterator[Channel]:
    channel = Channel(daemon.address)
    yield channel
    channel.close()


@pytest.fixture
def ada(channel) -> Person:
    return Person(channel)


@pytest.fixture
def bob(channel) -> Person:
    return Person(channel)


@pytest.fixture
def owner_headers(daemon) -> list[tuple[str, str]]:
    return [("x-api-key", daemon.owner_key)]


@pytest.fixture
def make_sound() -> Callable[[int, float], bytes]:
    """The bytes of a WAV file; another seed makes other bytes."""

    def make(seed: int, seconds: float = 0.5) -> bytes:
        made, file = np.random.default_rng(seed), io.BytesIO()
        soundfile.write(file, made.standard_normal(int(seconds * 44_100)) / 10, 44_100, format="WAV")
        return file.getvalue()

    return make
