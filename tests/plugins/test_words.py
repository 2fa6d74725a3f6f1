"""Tags and descriptions say what was found, as surely as it was found, and nothing else."""

import pytest

from samplemind_plugins.words import Description, Tags
from samplemind_plugins.words.facts import article, lasting, listed, number, pace
from samplemind_sdk import Estimate, Status
from samplemind_sdk.testing import check, estimates, silence

LOOP = {
    "kind": Estimate("loop", 0.97), "bpm": Estimate(123.998, 0.92, ((62.0, 0.05),)), "loop_beats": Estimate(16, 0.9),
    "signature": Estimate("4/4", 0.9), "key": Estimate("A minor", 0.83), "tonic": Estimate("A", 0.9),
    "mode": Estimate("minor", 0.85), "lufs": Estimate(-8.04), "centroid": Estimate(4_500.0),
    "energy": Estimate(0.8), "danceability": Estimate(0.9),
    "instruments": Estimate((("drums", 0.95), ("bass", 0.85), ("piano", 0.6), ("flute", 0.2))),
    "genre": Estimate((("house", 0.7), ("disco", 0.2))), "mood": Estimate((("happy", 0.55),)),
}  # fmt: skip


def said(analyzer, /, **inputs):
    found = {name: one for name, one in inputs.items() if name in analyzer.inputs and one}
    [(_, one)] = estimates(analyzer(), silence(0), **found).items()
    return one


def tags(**inputs):
    return said(Tags, **inputs).value


def text(**inputs):
    return said(Description, **inputs).value


@pytest.mark.parametrize("analyzer", [Tags, Description])
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)
    assert not analyzer.listens() and all(one.optional for one in analyzer.inputs.values())


def test_a_loop_is_found_by_words_the_most_certain_first():
    assert tags(**LOOP) == (
        "loud", "bright", "loop", "drums", "124 bpm", "uptempo", "16 beats", "minor", "bass", "A minor", "house",
        "piano", "happy", "energetic", "danceable",
    )  # fmt: skip


def test_a_loop_is_described_in_three_sentences():
    assert text(**LOOP) == (
        "A 16-beat loop in 4/4, at 124 BPM, in A minor. "
        "It sounds loud, bright, energetic and danceable, and its loudness is -8.0 LUFS. "
        "Drums and bass can be heard, and probably piano; "
        "the genre is probably house and the mood is probably happy."
    )


def test_tempo_key_and_loudness_are_enough():
    some = {name: LOOP[name] for name in ("bpm", "key", "tonic", "mode", "lufs")}
    assert tags(**some) == ("loud", "124 bpm", "uptempo", "minor", "A minor")
    assert text(**some) == "A sound at 124 BPM, in A minor. It sounds loud, and its loudness is -8.0 LUFS."


@pytest.mark.parametrize("missing", LOOP)
def test_whatever_is_missing_the_rest_is_said(missing):
    rest = {name: one for name, one in LOOP.items() if name != missing}
    assert len(tags(**rest)) >= 11 and text(**rest).count(".") >= 3


def test_where_nothing_is_known_nothing_is_said_and_why():
    for analyzer in (Tags, Description):
        one = said(analyzer)
        assert one.value is None and one.status == Status.UNMEASURABLE and "sure enough" in one.reason


def test_what_is_not_sure_is_said_so_or_not_at_all():
    doubted = Estimate("A minor", 0.6)
    assert text(key=doubted) == "A sound probably in A minor."
    assert (
        text(bpm=Estimate(92.0, 0.55, ((184.0, 0.35), (46.0, 0.02)))) == "A sound probably at 92 or 184 BPM."
    )
    assert text(kind=Estimate("song", 0.7), key=doubted) == "Probably a song probably in A minor."
    unlikely = Estimate("A minor", 0.4)
    assert text(kind=Estimate("song", 0.9), key=unlikely) == "A song."
    assert tags(kind=Estimate("song", 0.9), key=unlikely) == ("song",)


def test_what_its_own_analyzer_doubts_gives_no_tag_and_is_only_probable():
    doubted = Estimate("A minor", 0.95, status=Status.LOW_CONFIDENCE, reason="hardly tonal")
    assert said(Tags, key=doubted).value is None
    assert text(key=doubted) == "A sound probably in A minor."
    loudness = Estimate(-8.0, status=Status.LOW_CONFIDENCE, reason="the layout is not known")
    assert text(lufs=loudness) == "Its loudness is probably -8.0 LUFS."


def test_only_the_tonic_is_said_where_only_the_tonic_is_sure():
    some = {"key": Estimate("A minor", 0.45), "tonic": Estimate("A", 0.9), "mode": Estimate("minor", 0.5)}
    assert tags(**some) == ("A",)
    assert text(**some) == "A sound on the tonic A."


@pytest.mark.parametrize(
    ("oneshot", "sentence"),
    [
        (Estimate("kick", 0.9), "A kick one-shot."),
        (Estimate("open_hat", 0.9), "An open hat one-shot."),
        (Estimate("kick", 0.6), "A one-shot, probably a kick."),
        (Estimate("open_hat", 0.6), "A one-shot, probably an open hat."),
        (Estimate("kick", 0.3), "A one-shot."),
        (None, "A one-shot."),
    ],
)
def test_a_one_shot_is_said_as_surely_as_its_sort(oneshot, sentence):
    assert text(kind=Estimate("one-shot", 0.95), oneshot=oneshot) == sentence


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ((("piano", 0.9),), "Piano can be heard."),
        ((("piano", 0.6), ("bass", 0.55)), "Piano and bass can probably be heard."),
        ((("piano", 0.9), ("bass", 0.55), ("flute", 0.1)), "Piano can be heard, and probably bass."),
    ],
)
def test_instruments_are_heard_or_probably_heard(labels, sentence):
    assert text(instruments=Estimate(labels)) == sentence


def test_silence_is_nothing_but_silence():
    kind = Estimate("silence", 1.0)
    assert text(**LOOP | {"kind": kind}) == "Silence." and tags(**LOOP | {"kind": kind}) == ("silence",)


def test_silence_that_is_measured_is_not_only_probable():
    assert text(kind=Estimate("silence")) == "Silence."
    assert text(kind=Estimate("silence", 0.6)) == "Probably silence."


def test_speech_has_no_article():
    assert text(kind=Estimate("speech", 0.9), lufs=Estimate(-16.0)) == "Speech. Its loudness is -16.0 LUFS."


def test_a_meter_is_a_tag_unless_it_is_the_one_that_nearly_all_have():
    assert tags(kind=LOOP["kind"], signature=Estimate("3/4", 0.8)) == ("loop", "3/4")
    assert tags(kind=LOOP["kind"], signature=Estimate("4/4", 0.8)) == ("loop",)


@pytest.mark.parametrize(
    ("kind", "seconds", "word"),
    [
        ("one-shot", 0.2, "short"), ("one-shot", 1.0, None), ("one-shot", 2.0, "long"), ("loop", 1.9, "short"),
        ("loop", 7.7, None), ("loop", 16.0, "long"), ("song", 30.0, "short"), ("song", 200.0, None),
        ("song", 400.0, "long"), ("speech", 5.0, "short"),
    ],
)  # fmt: skip
def test_how_long_is_short_depends_on_the_kind(kind, seconds, word):
    found = tags(kind=Estimate(kind, 0.9), seconds=Estimate(seconds))
    assert found == ((kind, word) if word else (kind,))
    assert said(Tags, seconds=Estimate(seconds)).value is None


@pytest.mark.parametrize(
    ("channels", "width", "word"),
    [(1, None, "mono"), (2, 0.0, "mono"), (2, 0.1, "stereo"), (2, 0.3, "wide"), (6, None, "surround")],
)
def test_how_it_lies_between_its_channels_is_a_tag(channels, width, word):
    assert tags(channels=Estimate(channels), width=None if width is None else Estimate(width)) == (word,)
    assert said(Tags, width=width and Estimate(width)).value is None


def test_a_description_says_how_long_it_is_and_whether_it_is_wide():
    some = {
        "seconds": Estimate(7.742),
        "channels": Estimate(2),
        "width": Estimate(0.4),
        "lufs": Estimate(-14.0),
    }
    assert text(kind=Estimate("loop", 0.9), bpm=Estimate(124.0, 0.9), **some) == (
        "A loop of 7.7 s at 124 BPM. It sounds wide, and its loudness is -14.0 LUFS."
    )
    hit = {"kind": Estimate("one-shot", 0.9), "oneshot": Estimate("kick", 0.6), "seconds": Estimate(0.3)}
    assert text(**hit) == "A one-shot of 0.30 s, probably a kick."
    assert text(seconds=Estimate(0.3), lufs=Estimate(-14.0)) == "Its loudness is -14.0 LUFS."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.354, "0.35 s"), (7.74, "7.7 s"), (9.96, "10 s"), (59.7, "1:00 minutes"), (200.2, "3:20 minutes")],
)
def test_a_length_is_said_as_people_read_it(seconds, words):
    assert lasting(seconds) == words


def test_there_are_never_more_than_twenty_tags_and_none_twice():
    many = Estimate(tuple((f"thing {number}", 0.9) for number in range(40)))
    assert len(tags(**LOOP | {"instruments": many})) == 20
    twice = Estimate((("house", 0.9),))
    assert tags(genre=twice, mood=twice) == ("house",)


def test_the_threshold_can_be_raised():
    found = estimates(Tags(surest=0.9), silence(0), key=Estimate("A minor", 0.8), kind=Estimate("song", 0.95))
    assert found["words"].value == ("song",)


@pytest.mark.parametrize(
    ("bpm", "word"), [(60, "slow"), (89.4, "slow"), (89.6, "mid-tempo"), (119.9, "uptempo"), (160, "fast")]
)
def test_a_tempo_has_the_word_of_its_range(bpm, word):
    assert pace(bpm) == word


def test_articles_numbers_and_lists_are_good_english():
    assert [article(one) for one in ("loop", "8-beat loop", "11-beat loop", "16-beat loop", "open hat")] == [
        "a", "an", "an", "a", "an",
    ]  # fmt: skip
    assert article("one-shot") == "a" and article("18-beat loop") == "an" and article("80-beat loop") == "an"
    assert [number(one) for one in (124.0, 123.998, 124.5, 87.26)] == ["124", "124", "124.5", "87.3"]
    assert (
        listed(["a"]) == "a"
        and listed([]) == ""
        and listed(["a", "b"]) == "a and b"
        and listed(["a", "b", "c"]) == "a, b and c"
    )


@pytest.mark.parametrize(
    ("hertz", "word"),
    [(175, "dark"), (949, "dark"), (951, "warm"), (1_750, None), (4_200, None), (4_300, "bright")],
)
def test_the_darker_half_is_dark_or_warm_and_the_brightest_fifth_is_bright(hertz, word):
    found = tags(kind=LOOP["kind"], centroid=Estimate(float(hertz)))
    assert set(found) == {"loop", *([word] if word else [])}
