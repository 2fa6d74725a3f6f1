"""Collections as a reader of rekordbox's own files reads them: tempo, key, grid, playlist, and any name."""

import re
import warnings
from uuid import uuid4

import pytest
from heard import descriptor
from shelf import RHYTHM, STRANGE, Shelf

from samplemind_daemon.library.export import Rekordbox
from samplemind_daemon.store import folders


@pytest.fixture
def shelf(store):
    return Shelf(store)


@pytest.fixture
def collection(tmp_path):
    """Reads a collection with pyrekordbox."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports warn of
        from pyrekordbox.rbxml import RekordboxXml

    def read(data):
        path = tmp_path / "collection.xml"
        path.write_bytes(data)
        return RekordboxXml(path)

    return read


async def test_rekordbox_gets_tempo_key_grid_and_a_playlist(shelf, collection):
    home = await shelf.store.write(folders.add, "ada", str(uuid4()), b"/music", True, (), ())
    await shelf.put("b.wav", RHYTHM, home.id, b"sub/b \xe2\x99\xaf.wav")
    await shelf.put("a.wav", RHYTHM | {"key.key": "C major"})
    read = collection(await shelf.file(Rekordbox()))
    first, second = read.get_tracks()
    assert read.num_tracks == 2
    assert (first["Name"], first["Tonality"], second["Tonality"]) == ("a.wav", "C", "F#m")
    assert (second["AverageBpm"], second["TotalTime"], second["SampleRate"]) == (120.0, 4, 44_100)
    assert second["Location"].lstrip("/") == "music/sub/b ♯.wav" and first["Location"] == "a.wav"
    assert (second["Genre"], second["Comments"], second["Kind"]) == ("house", "dusty, A minor", "WAV File")
    [tempo] = second.tempos
    assert (tempo["Inizio"], tempo["Bpm"], tempo["Metro"], tempo["Battito"]) == (0.25, 120.0, "4/4", 4)
    playlist = read.get_playlist("SampleMind")
    assert playlist.get_tracks() == [1, 2] and playlist.name == "SampleMind"


async def test_what_is_doubtful_is_left_to_rekordbox(shelf, collection):
    doubt = {"status": "low_confidence", "reason": "little of it is tonal"}
    doubtful = {name: descriptor(name, RHYTHM[name], 0.4, **doubt) for name in ("tempo.bpm", "tempo.beats")}
    await shelf.put(
        "drums.wav", {**RHYTHM, **doubtful, "key.key": descriptor("key.key", "A minor", 0.4, **doubt)}
    )
    text = (await shelf.file(Rekordbox())).decode()
    assert "drums.wav" in text
    assert not any(word in text for word in ("AverageBpm", "Tonality", "<TEMPO"))


async def test_strange_names_come_back_from_a_collection(shelf, collection):
    await shelf.put_all([(name, {"tags.words": (name,)}) for name in STRANGE])
    read = collection(await shelf.file(Rekordbox()))
    said = {track["Name"] for track in read.get_tracks()}
    assert said == {re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", name) for name in STRANGE}
    assert {track["Location"] for track in read.get_tracks()} >= {"🥁.wav", "ünïcödé ♯♭ 日本.wav"}


async def test_a_grid_is_within_30_ms_of_every_beat_that_was_heard_whatever_the_tempo_does(shelf, collection):
    tempi = [120.0] * 64 + [120.0 + step / 4 for step in range(64)] + [90.0] * 32
    beats = [0.1]
    for number, tempo in enumerate(tempi):
        beats.append(beats[-1] + 60 / tempo + (0.008 if number % 3 else -0.016) * 0.5)
    beats = tuple(round(one, 4) for one in beats)
    await shelf.put("drift.wav", {"tempo.bpm": 118.0, "tempo.beats": beats})
    [track] = collection(await shelf.file(Rekordbox())).get_tracks()
    grid = track.tempos
    assert 3 <= len(grid) < len(beats) / 4
    for beat in beats:
        since = [one for one in grid if one["Inizio"] <= beat + 0.001][-1]
        steps = (beat - since["Inizio"]) * since["Bpm"] / 60
        assert abs(steps - round(steps)) * 60 / since["Bpm"] < 0.032


async def test_a_steady_loop_has_one_stretch_and_beats_at_another_tempo_than_its_users_none(
    shelf, collection
):
    steady = tuple(round(0.02 + number * 60 / 128, 4) for number in range(512))
    await shelf.put("a.wav", {"tempo.bpm": 128.0, "tempo.beats": steady})
    await shelf.put(
        "b.wav", {"tempo.bpm": descriptor("tempo.bpm", 97.0, None, made_by="user"), "tempo.beats": steady}
    )
    await shelf.put("c.wav", {"tempo.bpm": 128.0, "tempo.beats": None})
    first, second, third = collection(await shelf.file(Rekordbox())).get_tracks()
    assert [(one["Inizio"], one["Bpm"]) for one in first.tempos] == [(0.02, pytest.approx(128.0, abs=0.001))]
    assert second.tempos == third.tempos == [] and second["AverageBpm"] == 97.0


async def test_nothing_found_is_a_collection_too(shelf, collection):
    assert collection(await shelf.file(Rekordbox())).num_tracks == 0
