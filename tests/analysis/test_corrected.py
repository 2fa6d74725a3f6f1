"""What a user says counts, what was heard stays to be seen, and what follows from the one moves with it."""

from datetime import UTC, datetime

import pytest

from samplemind_daemon.analysis.corrected import affected, corrected
from samplemind_daemon.analysis.corrected.keys import names
from samplemind_daemon.model import Correction, Descriptor, Result
from samplemind_plugins.key.names import KEYS, camelot, open_key


def heard(name, value, sure=0.9, candidates=(), **more):
    about = {"unit": "", "status": "ok" if value is not None else "unmeasurable", "reason": "", "version": 3}
    return Descriptor(
        name=name, value=value, confidence=sure, candidates=candidates,
        **(about | {"made_by": name.partition(".")[0]} | more),
    )  # fmt: skip


def say(name, value):
    return Correction("sound", "ada", name, value, datetime(2026, 3, 1, tzinfo=UTC))


def known(found, said, seconds=4.0):
    """All descriptors by name, once corrections count; each is there once."""
    by_analyzer = {}
    for one in found:
        by_analyzer.setdefault(one.name.partition(".")[0], []).append(one)
    results = [Result(name, 3, "f", tuple(many)) for name, many in by_analyzer.items()]
    told = [one for result in corrected(results, said, seconds) for one in result.descriptors]
    assert len({one.name for one in told}) == len(told)
    return {one.name: one for one in told}


def rhythm(bpm=60.0, count=4, bars=(0, 2)):
    """A loop's tempo, its beats, its bars and how many beats it has."""
    beats = tuple(round(60 / bpm * number, 4) for number in range(count))
    return [
        heard("tempo.bpm", bpm, candidates=((2 * bpm, 0.05), (bpm / 2, 0.01)), unit="BPM"),
        heard("tempo.beats", beats),
        heard("tempo.downbeats", tuple(beats[bar] for bar in bars)),
        heard("tempo.loop_beats", count),
        heard("kind.label", "loop"),
    ]


def test_what_its_user_says_comes_first_and_what_was_heard_is_its_first_candidate():
    bpm = known(rhythm(), [say("tempo.bpm", 120.0)])["tempo.bpm"]
    assert (bpm.value, bpm.unit, bpm.status, bpm.confidence, bpm.made_by) == (
        120.0,
        "BPM",
        "ok",
        None,
        "user",
    )
    assert bpm.candidates == ((60.0, 0.9), (30.0, 0.01)) and bpm.reason == ""


def test_what_was_never_heard_can_be_said():
    told = known([], [say("tempo.bpm", 120.0), say("tags.words", ("dusty",))])
    assert told["tempo.bpm"].value == 120.0 and told["tempo.bpm"].candidates == ()
    assert told["tags.words"].value == ("dusty",)
    assert set(told) == {"tempo.bpm", "tags.words"}


def test_without_corrections_nothing_changes():
    results = (Result("tempo", 3, "f", tuple(rhythm())),)
    assert corrected(results, ()) == results


@pytest.mark.parametrize("number", range(24))
def test_the_other_names_of_a_key_are_those_that_its_analyzer_would_say(number):
    tonic, _, mode = KEYS[number].partition(" ")
    assert dict(names(KEYS[number])) == {
        "key.tonic": tonic, "key.mode": mode, "key.camelot": camelot(number), "key.open_key": open_key(number),
    }  # fmt: skip


def test_a_corrected_key_moves_all_its_names():
    found = [
        heard("key.key", "C major"),
        heard("key.camelot", "8B"),
        heard("key.tonic", "C"),
        heard("key.tuning", 3.0),
    ]
    told = known(found, [say("key.key", "F# minor")])
    assert [told[f"key.{name}"].value for name in ("key", "tonic", "mode", "camelot", "open_key")] == [
        "F# minor", "F#", "minor", "11A", "4m",
    ]  # fmt: skip
    assert told["key.camelot"].candidates == (("8B", 0.9),) and told["key.camelot"].made_by == "user"
    assert told["key.tuning"] == found[-1]


def test_a_corrected_note_is_the_tonic_where_there_is_no_key():
    note = [say("key.root_note", "F#3")]
    assert known([heard("key.key", None)], note)["key.tonic"].value == "F#"
    assert known([heard("key.key", "C major"), heard("key.tonic", "C")], note)["key.tonic"].value == "C"


def test_twice_the_tempo_puts_beats_between_and_says_so():
    told = known(rhythm(), [say("tempo.bpm", 120.0)])
    assert told["tempo.beats"].value == (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5)
    assert told["tempo.beats"].status == "low_confidence" and "not heard" in told["tempo.beats"].reason
    assert told["tempo.beats"].made_by == "tempo, user" and told["tempo.beats"].confidence is None
    assert told["tempo.downbeats"].value == (0, 1, 2, 3)
    assert (told["tempo.loop_beats"].value, told["tempo.loop_beats"].candidates) == (8, ((4, 0.9),))


def test_half_the_tempo_keeps_every_second_beat_and_those_that_begin_a_bar():
    told = known(rhythm(120.0, 8, (1, 5)), [say("tempo.bpm", 60.0)])
    assert told["tempo.beats"].value == (0.5, 1.5, 2.5, 3.5)
    assert (told["tempo.beats"].status, told["tempo.beats"].reason) == ("ok", "")
    assert told["tempo.downbeats"].value == (0.5,)
    assert told["tempo.downbeats"].status == "low_confidence"
    assert told["tempo.loop_beats"].value == 4


def test_half_the_tempo_without_bars_may_be_either_half():
    found = [one for one in rhythm(120.0, 8) if one.name != "tempo.downbeats"]
    beats = known(found, [say("tempo.bpm", 60.0)])["tempo.beats"]
    assert beats.value == (0, 1, 2, 3) and "between" in beats.reason


def test_a_tempo_that_is_nearly_the_same_leaves_the_beats_alone():
    found = rhythm()
    told = known(found, [say("tempo.bpm", 60.5)])
    assert told["tempo.beats"] == found[1] and told["tempo.downbeats"] == found[2]


def test_at_another_tempo_the_beats_are_said_to_have_been_heard_at_theirs():
    told = known(rhythm(), [say("tempo.bpm", 97.0)])
    for name in ("tempo.beats", "tempo.downbeats"):
        assert told[name].status == "low_confidence"
        assert "60.00 BPM" in told[name].reason and "97.00" in told[name].reason
    assert told["tempo.beats"].value == (0, 1, 2, 3)
    loop = told["tempo.loop_beats"]
    assert loop.value is None and "6.47 beats" in loop.reason and loop.candidates == ((4, 0.9),)


def test_three_times_the_tempo_divides_beats_in_three():
    beats = known(rhythm(60.0, 2, ()), [say("tempo.bpm", 180.0)], seconds=2.0)["tempo.beats"]
    assert beats.value == pytest.approx((0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3), abs=1e-4)


def test_a_song_that_its_user_calls_a_loop_has_a_number_of_beats_and_the_other_way_round():
    song = [
        *rhythm()[:3],
        heard("tempo.loop_beats", None, reason="it is a song, not a loop"),
        heard("kind.label", "song"),
    ]
    assert known(song, [say("kind.label", "loop")])["tempo.loop_beats"].value == 4
    told = known(rhythm(), [say("kind.label", "song")])["tempo.loop_beats"]
    assert (told.value, told.status) == (None, "not_applicable") and "user" in told.reason


def test_what_is_no_loop_has_no_number_of_beats_at_another_tempo_either():
    withheld = heard("tempo.loop_beats", None, reason="it is a song, not a loop", status="not_applicable")
    told = known([*rhythm()[:3], withheld, heard("kind.label", "song")], [say("tempo.bpm", 120.0)])
    assert told["tempo.loop_beats"] == withheld


def test_another_metre_makes_the_bars_doubtful():
    told = known([*rhythm(), heard("meter.signature", "2/4")], [say("meter.signature", "3/4")])
    assert "2/4" in told["tempo.downbeats"].reason and told["tempo.beats"].status == "ok"
    same = known([*rhythm(), heard("meter.signature", "2/4")], [say("meter.signature", "2/4")])
    assert same["tempo.downbeats"].status == "ok"


def test_tags_say_what_its_user_says_and_no_more_what_was_heard():
    tags = ("loop", "60 bpm", "slow", "4 beats", "C major", "major", "kick", "bright")
    found = [
        *rhythm(),
        heard("tags.words", tags),
        heard("key.key", "C major"),
        heard("instruments.labels", (("kick", 0.9), ("snare", 0.1))),
    ]
    said = [
        say("tempo.bpm", 120.0),
        say("key.key", "A minor"),
        say("instruments.labels", (("open_hat", 1.0),)),
    ]
    told = known(found, said)["tags.words"]
    assert sorted(told.value) == ["120 bpm", "8 beats", "A minor", "bright", "loop", "minor", "open hat"]
    assert (told.status, told.made_by, told.reason) == ("ok", "tags, user", "")


def test_tags_that_its_user_gave_stay_as_they_were_given():
    told = known(
        [*rhythm(), heard("tags.words", ("60 bpm",))],
        [say("tempo.bpm", 120.0), say("tags.words", ("dusty",))],
    )
    assert told["tags.words"].value == ("dusty",) and told["tags.words"].candidates[0][0] == ("60 bpm",)


def test_a_sentence_that_was_made_before_says_so():
    told = known([*rhythm(), heard("description.text", "A slow loop.")], [say("tempo.bpm", 120.0)])
    assert told["description.text"].value == "A slow loop."
    assert (
        told["description.text"].status == "low_confidence" and "tempo.bpm" in told["description.text"].reason
    )


@pytest.mark.parametrize(
    "said",
    [
        say("tempo.bpm", 120.0),
        say("key.key", "A minor"),
        say("kind.label", "song"),
        say("meter.signature", "3/4"),
        say("key.root_note", "A4"),
        say("tags.words", ("x",)),
    ],
)
def test_nothing_changes_but_what_is_said_to_be_affected(said):
    found = [*rhythm(), heard("meter.signature", "2/4"), heard("tags.words", ("60 bpm",)),
             heard("description.text", "."), heard("key.key", "C major"), heard("key.tonic", "C")]  # fmt: skip
    told = known(found, [said])
    before = {one.name: one for one in found}
    assert {name for name, one in told.items() if before.get(name) != one} <= affected([said])
