"""Sounds that are there more than once are found, listed with what differs, and others are not taken for them."""

import mutagen
import numpy as np
import pytest
import soundfile
from daemon_process import DaemonProcess
from raw_calls import Person
from sound_files import encode
from writing_room import RATE, Room

from samplemind.v1.library_pb2 import SAMENESS_AUDIO, SAMENESS_BYTES, SAMENESS_RECORDING


def beat(seed, pattern=(0, 0.5, 0.75, 1.0, 1.5), seconds=4.0):
    """A loop of drums: each seed has its own drums, whatever their pattern."""
    made, sound = np.random.default_rng(seed), np.zeros(int(seconds * RATE))
    hits = [
        made.standard_normal(8_000) * np.exp(-np.arange(8_000) / made.uniform(300, 2_000)) for _ in range(3)
    ]
    tones = [np.sin(2 * np.pi * made.uniform(60, 1_500) * np.arange(8_000) / RATE) for _ in range(3)]
    for bar in np.arange(0, seconds, 2.0):
        for number, at in enumerate(pattern):
            place = sound[int((bar + at) * RATE) :][:8_000]
            which = number % 3
            place += 0.2 * (hits[which] * tones[which] + 0.3 * hits[which])[: len(place)]
    return np.repeat(sound[:, None], 2, axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room with one loop in many forms, and other loops with its very pattern."""
    daemon = DaemonProcess(tmp_path_factory.mktemp("duplicates") / "home").start()
    room = Room(daemon)
    one, inbox = beat(1), room.inbox
    soundfile.write(inbox / "one.wav", one, RATE)
    (inbox / "same bytes.wav").write_bytes((inbox / "one.wav").read_bytes())
    (inbox / "tagged.wav").write_bytes((inbox / "one.wav").read_bytes())
    tagged = mutagen.File(inbox / "tagged.wav")
    tagged.add_tags()
    tagged.tags.add(mutagen.id3.TIT2(text="One"))
    tagged.save()
    soundfile.write(inbox / "one.flac", soundfile.read(inbox / "one.wav")[0], RATE, subtype="PCM_16")
    soundfile.write(inbox / "one.mp3", one, RATE)
    soundfile.write(inbox / "one.ogg", one * 0.5, RATE)
    encode(inbox / "one.m4a", one, RATE, "ipod", "aac")
    soundfile.write(inbox / "cut.wav", one[1_500:-3_000], RATE)
    for seed in range(2, 7):
        soundfile.write(inbox / f"other {seed}.wav", beat(seed), RATE)
    room.heard(*(path.name for path in inbox.iterdir()))
    yield room
    daemon.stop()


def test_the_same_bytes_are_found(room):
    [(names, group)] = room.duplicates(sameness=SAMENESS_BYTES).items()
    assert names == {"one.wav", "same bytes.wav"}
    assert (group.sameness, group.total, list(group.differences)) == (SAMENESS_BYTES, 2, ["name"])


def test_the_same_samples_are_found_whatever_the_container_and_the_tags(room):
    [(names, group)] = room.duplicates(sameness=SAMENESS_AUDIO).items()
    assert names == {"one.wav", "same bytes.wav", "tagged.wav", "one.flac"}
    assert group.sameness == SAMENESS_AUDIO
    assert set(group.differences) >= {"name", "container", "codec", "tags"}


def test_the_same_recording_is_found_in_other_encodings_and_no_other_loop_of_its_pattern(room):
    [(names, group)] = room.duplicates().items()
    forms = {
        "one.wav",
        "same bytes.wav",
        "tagged.wav",
        "one.flac",
        "one.mp3",
        "one.ogg",
        "one.m4a",
        "cut.wav",
    }
    assert names == forms and group.total == len(forms)
    assert group.sameness == SAMENESS_RECORDING and "duration" in group.differences
    lossless = {"one.wav", "same bytes.wav", "tagged.wav", "one.flac", "cut.wav"}
    assert {one.name for one in group.audios[: len(lossless)]} == lossless


def test_what_is_anothers_or_deleted_is_no_duplicate(room):
    assert list(Person(room.channel)("LibraryService/Duplicates").answer.groups) == []
    [sound] = [one for one in room.answer("AudioService/List").audios if one.name == "same bytes.wav"]
    room.answer("AudioService/Delete", audio_id=sound.id)
    assert room.duplicates(sameness=SAMENESS_BYTES) == {}


def test_what_cannot_be_asked_is_refused(room):
    assert room("LibraryService/Duplicates", sameness=9).reason == "INVALID_SAMENESS"
    assert room("LibraryService/Duplicates", page_size=-1).reason == "INVALID_PAGE_SIZE"
    assert room("LibraryService/Duplicates", page_token="x").reason == "INVALID_PAGE_TOKEN"
