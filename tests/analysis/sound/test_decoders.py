"""Two decoders: the second hears what the first refuses, and neither opens anything but its file."""

import socket

import pytest
from sound_files import encode, hear, sine

from samplemind_daemon.analysis.sound import CannotDecode, decoding, open_sound
from samplemind_daemon.analysis.sound.libav import Libav
from samplemind_daemon.analysis.sound.libsndfile import Libsndfile
from samplemind_sdk import RATE

NEIGHBOUR = "neighbour.wav"


@pytest.fixture
def tried(monkeypatch):
    """Which decoders were tried, in turn: the real ones, watched."""
    names = []

    def watched(decoder):
        def make(*arguments):
            names.append(decoder.__name__)
            return decoder(*arguments)

        return make

    monkeypatch.setattr(decoding, "Libsndfile", watched(Libsndfile))
    monkeypatch.setattr(decoding, "Libav", watched(Libav))
    return names


def test_the_first_decoder_hears_what_it_knows(put, tried):
    hear(put("true.flac", sine(1), format="FLAC"))
    assert tried == ["Libsndfile"]


def test_the_second_hears_what_the_first_refuses(tmp_path, tried):
    encode(tmp_path / "sound", sine(2), RATE, "ogg", "flac")
    media, sound = hear(tmp_path / "sound")
    assert tried == ["Libsndfile", "Libav"]
    assert (media.codec, sound.shape) == ("flac", (2, 2 * RATE))


def test_what_both_refuse_has_the_reason_of_the_first(tmp_path, put, tried):
    encode(tmp_path / "whole", sine(2), RATE, "ogg", "flac")
    content = (tmp_path / "whole").read_bytes()
    headers = content[: content.index(b"OggS", content.index(b"OggS", 4) + 4)]
    with pytest.raises(CannotDecode) as found:
        hear(put("headers", headers))
    assert tried == ["Libsndfile", "Libav"]
    assert found.value.reason == "UNDECODABLE"


def test_a_damaged_packet_is_silence_of_the_same_length_and_a_warning(tmp_path, put):
    encode(tmp_path / "whole", sine(20), RATE, "adts", "aac")
    content = bytearray((tmp_path / "whole").read_bytes())
    middle = content.index(content[:2], len(content) // 2)
    content[middle + 9 : middle + 60] = b"\xff" * 51
    media, _ = hear(put("scratched", bytes(content)))
    whole, _ = hear(tmp_path / "whole")
    assert "damaged" in media.warnings[-1]
    assert media.seconds == pytest.approx(whole.seconds, abs=0.05)


def test_something_behind_the_sound_is_a_warning(tmp_path, put):
    encode(tmp_path / "whole", sine(2), RATE, "wv", "wavpack")
    media, sound = hear(
        put("more", (tmp_path / "whole").read_bytes() + b"something else, without a mark" * 9)
    )
    assert sound.shape == (2, 2 * RATE)
    assert media.warnings == ("something that is not sound follows the end of the sound",)


@pytest.fixture
def door():
    """A listening port of this machine, to see whether anybody knocks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{there}\n#EXT-X-ENDLIST\n",
        "[playlist]\nFile1={there}\n",
        "ffconcat version 1.0\nfile '{there}'\n",
        "file '{there}'\n",
        'FILE "{there}" WAVE\n  TRACK 01 AUDIO\n',
        "<asx version='3.0'><entry><ref href='{there}'/></entry></asx>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n",
        "<?xml version='1.0'?><MPD><BaseURL>{there}</BaseURL></MPD>",
    ],
)
def test_a_playlist_that_calls_itself_a_sound_opens_nothing(put, door, text):
    put(NEIGHBOUR, sine(1))
    port = door.getsockname()[1]
    for there in (
        NEIGHBOUR,
        f"http://127.0.0.1:{port}/x.wav",
        f"tcp://127.0.0.1:{port}",
        f"file:{NEIGHBOUR}",
    ):
        for name in ("song.mp3", "song.wav", "song.m3u8"):
            path = put(name, text.format(there=there, port=port).encode())
            with pytest.raises(CannotDecode) as found:
                open_sound(path)
            assert found.value.reason in ("UNDECODABLE", "UNSUPPORTED_FORMAT")
    with pytest.raises(BlockingIOError):
        door.accept()
