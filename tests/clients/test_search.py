"""`samplemind search` and the client: what is asked is what is found, and a mistake names its option."""

import pytest
from commanding import objects

from samplemind_client import Client, SampleMindError


@pytest.fixture
def library(run, loop, tmp_path):
    """Two sounds that are heard by the time; their names have a word of their own."""
    word = tmp_path.name.replace("_", "").replace("-", "")[-12:].lower()
    for name, seconds in ((f"Deep {word} Kick.wav", 4.0), (f"Deep {word} Pad.wav", 2.0)):
        assert run("analyze", loop(name, seconds)).returncode == 0
    return word


@pytest.fixture
def client(daemon):
    with Client(daemon.address, key=daemon.owner_key) as client:
        yield client


def names(done):
    return [one["file"] for one in objects(done)]


def test_a_search_finds_what_fits_all_that_is_said(run, library):
    kick, pad = f"Deep {library} Kick.wav", f"Deep {library} Pad.wav"

    def search(*words):
        done = run("search", library, "--json", *words)
        assert (done.returncode, done.stderr) == (0, b""), done
        return names(done)

    assert search() == [pad, kick] and search("--sort", "name") == [kick, pad]
    assert search("--longer", "3") == [kick] and search("--shorter", "3") == [pad]
    assert search("--louder", "-60", "--quieter", "0", "--limit", "1") == [pad]
    assert search("--state", "completed", "--state", "failed") == [pad, kick]
    assert search("--state", "failed") == search("--genre", "polka") == search("--tag", "no such tag") == []
    assert search("--bpm", "1-20") == search("--folder", "none") == []


def test_people_read_a_table_and_counts(run, library):
    head, first, second = run("search", f"{library} deep", "--sort", "name").stdout.decode().splitlines()
    assert head.split() == ["NAME", "SECONDS", "KIND", "BPM", "KEY", "LUFS", "STATE"]
    assert f"Deep {library} Kick.wav" in first and "4.00" in first and second.endswith("completed")
    counts = run("search", library, "--facets", "state,kind").stdout.decode().splitlines()
    assert counts[0] == "2 sounds" and counts[1].split() == ["state", "2", "completed"]
    told = objects(run("search", library, "--facets", "all", "--json"))
    assert told[0] == {"facet": None, "value": None, "count": 2}
    assert {"facet": "state", "value": "completed", "count": 2} in told


def test_a_mistake_names_its_option(run, daemon):
    for words, option in (
        (("--bpm", "fast"), "--bpm"), (("--bpm", "130-120"), "--bpm"), (("--key", "H minor"), "--key"),
        (("--sort", "colour"), "--sort"), (("--longer", "9", "--shorter", "1"), "--longer"), (("!?",), "TEXT"),
    ):  # fmt: skip
        done = run("search", *words)
        assert done.returncode == 2 and option in done.stderr.decode(), done


def test_a_client_asks_with_keywords(client, library):
    found = list(client.library.query(library, duration=(3, None), states=["completed"]))
    assert [one.sound.name for one in found] == [f"Deep {library} Kick.wav"]
    assert found[0].descriptors["loudness.integrated"].unit == "LUFS"
    counted = client.library.count(library, facets=["state"], key="Am", key_rule="energy-boost")
    assert counted.total == sum(counted.facets["state"].values()) <= 2
    assert client.library.count(library).total == 2
    [one] = client.library.query(f"{library} pad", descriptors=["dynamics.duration"])
    assert list(one.descriptors) == ["dynamics.duration"]
    with pytest.raises(SampleMindError) as refused:
        client.library.count(bpm=(130, 120))
    assert "query.bpm" in refused.value.fields
    with pytest.raises(ValueError):
        client.library.query(key="A", key_rule="jazz")
