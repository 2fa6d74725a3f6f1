"""`samplemind similar` and client.library: what is like a sound, what fits it, and a file that leaves nothing."""

from pathlib import Path

import pytest
from commanding import FIELDS, objects, write

from samplemind_client import Client, SampleMindError
from samplemind_client.values.likeness import Weights

ASPECTS = ["tempo", "key", "tuning", "loudness", "spectrum"]


@pytest.fixture(scope="module")
def known(daemon, tmp_path_factory):
    """The names of two sounds that the daemon keeps and has heard."""
    folder = tmp_path_factory.mktemp("known")
    with Client(daemon.address, key=daemon.owner_key) as client:
        sounds = [client.upload(write(folder / f"{folder.name}-{number}.wav")) for number in range(2)]
        for sound in sounds:
            assert list(client.analyze(sound.id))[-1].analysis.sound.state == "completed"
    return [sound.name for sound in sounds]


def names(done):
    return {one["file"] for one in objects(done)}


def test_a_sound_by_its_name_is_compared_with_the_others(run, known):
    done = run("similar", "--json", "--limit", "200", known[0])
    assert done.returncode == 0, done.stderr
    found = objects(done)
    assert known[1] in names(done) and known[0] not in names(done)
    assert all(list(one)[: len(FIELDS)] == FIELDS for one in found)
    assert [one["distance"] for one in found] == sorted(one["distance"] for one in found)
    assert set(found[0]["distances"]) == {"rhythm", "timbre", "harmony"}


def test_what_fits_comes_with_its_reasons(run, known):
    found = objects(run("similar", "--fits", "--json", "--limit", "200", known[0]))
    [match] = [one for one in found if one["file"] == known[1]]
    assert [why["aspect"] for why in match["reasons"]] == ASPECTS
    assert match["score"] > 0.9 and match["speed"] is None and match["semitones"] is None
    assert all(why["sentence"] for why in match["reasons"])


def test_people_read_a_table(run, known):
    near, fits = run("similar", known[0]).stdout.decode(), run("similar", "--fits", known[0]).stdout.decode()
    assert near.startswith("NAME") and "DISTANCE" in near
    assert fits.startswith("NAME") and "SCORE" in fits and "In tune." in fits


def test_a_file_is_heard_and_leaves_nothing(run, known, tmp_path):
    file = write(tmp_path / f"lent-{tmp_path.name}.wav")
    before = names(run("ls", "--json"))
    assert set(known) <= names(run("similar", "--json", "--limit", "200", file))
    assert set(known) <= names(run("similar", "--fits", "--json", "--limit", "200", file))
    assert names(run("ls", "--json")) == before


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (["--fits", "--rhythm", "1", "x"], 2),
        (["--stretch", "0.1", "x"], 2),
        (["--timbre", "11", "x"], 2),
        (["--bpm", "fast", "x"], 2),
        (["no such sound"], 1),
    ],
)
def test_wrong_use_is_told_from_a_sound_that_is_not_there(run, wrong, status):
    assert run("similar", *wrong).returncode == status


def test_a_program_asks_with_the_client(daemon, known, tmp_path):
    file = write(tmp_path / "asked.wav")
    with Client(daemon.address, key=daemon.owner_key) as client:
        by_file = client.library.similar(file, Weights(rhythm=1.0), limit=200)
        assert {one.found.sound.name for one in by_file.neighbours} >= set(known)
        for one in by_file.neighbours:
            assert one.distance == pytest.approx(one.distances.rhythm, rel=1e-4)
        [sound] = list(client.sounds.list(filter=f'name = "{known[0]}"'))
        fits = client.library.compatible(sound.id, stretch_limit=0.2, limit=200)
        only = client.library.similar(sound.id, text=known[1], kinds=["loop", "one-shot", "song"])
        assert [one.found.sound.name for one in only.neighbours] == [known[1]] and only.compared == 1
        assert fits.compared >= len(fits.matches) > 0
        assert [why.aspect for why in fits.matches[0].reasons] == ASPECTS
        with pytest.raises(SampleMindError) as refused:
            client.library.similar("no id")
        assert refused.value.reason == "AUDIO_NOT_FOUND"
        with pytest.raises(FileNotFoundError):
            client.library.similar(Path("no file"))
