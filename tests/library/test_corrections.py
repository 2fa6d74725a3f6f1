"""A user's values: checked by what analyzers declare, kept all together or not at all, and told everywhere."""

from contextlib import closing
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from heard import listen

from samplemind_daemon.analysis.plugins import find
from samplemind_daemon.library import keys
from samplemind_daemon.library.analyses import of_sounds
from samplemind_daemon.library.backup import back_up
from samplemind_daemon.library.corrections import Change, Corrections
from samplemind_daemon.refusals import Invalid, NotFound
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, corrections, events, sounds
from samplemind_daemon.store.check.corrections import faults


class Desk:
    """Corrections by what the shipped analyzers declare, and sounds that were heard."""

    def __init__(self, store, catalogue):
        self.store, self._corrections = store, Corrections(store, lambda: catalogue)

    async def heard(self, user="ada", bpm=60.0):
        id, content = str(uuid4()), uuid4().hex * 2
        audio = await self.store.write(sounds.add, user, id, "loop.wav", 9, content)
        await self.store.write(listen, audio, {"tempo.bpm": bpm})
        return id

    async def correct(self, *changes, **how):
        return await self._corrections.correct("ada", changes, **how)

    async def analyses(self, ids, names=None):
        audios = await self.store.read(sounds.find_many, "ada", ids)
        return await self.store.read(of_sounds, [audios[id] for id in ids], names)

    async def value(self, id, name):
        [known] = await self.analyses([id])
        return next(found for result in known.results for found in result.descriptors if found.name == name)

    async def events(self):
        found, _ = await self.store.read(events.after, "ada", 0, (), 10_000)
        return [one.kind for one in found]


@pytest.fixture(scope="module")
def catalogue():
    return find().catalogue


@pytest.fixture
def desk(store, catalogue):
    return Desk(store, catalogue)


async def test_a_value_counts_until_it_is_taken_back(desk):
    id = await desk.heard(bpm=60.0)
    await desk.correct(Change(id, "tempo.bpm", 128))
    found = await desk.value(id, "tempo.bpm")
    assert (found.value, found.made_by, found.candidates) == (128.0, "user", ((60.0, 0.9),))
    [kept] = await desk.store.read(corrections.of, id)
    assert kept.user == "ada" and kept.name == "tempo.bpm"
    await desk.correct(Change(id, "tempo.bpm", undo=True))
    assert (await desk.value(id, "tempo.bpm")).made_by == "tempo"
    assert await desk.store.read(corrections.of, id) == ()
    assert (await desk.events()).count("audio.corrected") == 2


async def test_what_is_heard_anew_does_not_count_against_it(desk):
    id = await desk.heard(bpm=60.0)
    await desk.correct(Change(id, "tempo.bpm", 128))
    audio = await desk.store.read(sounds.find, "ada", id)
    await desk.store.write(listen, audio, {"tempo.bpm": 63.0}, print="another version")
    found = await desk.value(id, "tempo.bpm")
    assert (found.value, found.candidates[0][0]) == (128.0, 63.0)


async def test_double_and_half_multiply_what_counts(desk):
    id = await desk.heard(bpm=60.0)
    await desk.correct(Change(id, "tempo.bpm", factor=2))
    assert (await desk.value(id, "tempo.bpm")).value == 120.0
    await desk.correct(Change(id, "tempo.bpm", factor=2), Change(id, "tempo.bpm", factor=0.5))
    assert (await desk.value(id, "tempo.bpm")).value == 120.0
    await desk.correct(Change(id, "tempo.bpm", 90), Change(id, "tempo.bpm", factor=0.5))
    assert (await desk.value(id, "tempo.bpm")).value == 45.0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Change("", "tempo.bpm", 301), "301"),
        (Change("", "tempo.bpm", float("nan")), "nan"),
        (Change("", "tempo.bpm", "fast"), "'fast' is no number"),
        (Change("", "tempo.bpm", factor=8), "800"),
        (Change("", "tempo.bpm", factor=0), "more than 0"),
        (Change("", "tempo.bpm", factor=float("inf")), "more than 0"),
        (Change("", "tempo.bpm"), "no value"),
        (Change("", "key.key", "H sharp"), "'H sharp' is no key"),
        (Change("", "key.key", "a"), "may be A major or its minor: write Am"),
        (Change("", "key.key", "Am / C"), "more than one"),
        (Change("", "key.root_note", "A"), "octave"),
        (Change("", "key.root_note", "A9"), "A9"),
        (Change("", "key.key", factor=2), "can be multiplied"),
        (Change("", "meter.signature", "5/3"), "5/3"),
        (Change("", "kind.label", "symphony"), "symphony"),
        (Change("", "genre.labels", ("a;b",)), "semicolon"),
        (Change("", "tags.words", ("x",) * 51), "at most 50"),
        (Change("", "tags.words", ("bell\a",)), "is no word"),
        (Change("", "loudness.integrated", -14.0), "cannot be corrected"),
        (Change("", "colour", undo=True), "cannot be corrected"),
    ],
)
async def test_what_cannot_be_is_refused_and_then_nothing_is_changed(desk, wrong, why):
    id = await desk.heard(bpm=60.0)
    with pytest.raises(Invalid) as refused:
        await desk.correct(
            Change(id, "tempo.bpm", 100), Change(id, wrong.name, wrong.value, wrong.factor, wrong.undo)
        )
    assert refused.value.reason == "INVALID_CORRECTION"
    assert why in refused.value.fields["corrections[1]"] and why in refused.value.message
    assert await desk.store.read(corrections.of, id) == ()
    assert "audio.corrected" not in await desk.events()


async def test_nobody_corrects_what_is_anothers_and_both_are_told_the_same(desk):
    id = await desk.heard("bob")
    mine = await desk.heard()
    said = []
    for one in (id, str(uuid4())):
        with pytest.raises(NotFound) as refused:
            await desk.correct(Change(mine, "tempo.bpm", 100), Change(one, "tempo.bpm", 100))
        said.append(refused.value.message.replace(one, "…"))
    assert said[0] == said[1]
    assert await desk.store.read(corrections.of_many, [id, mine]) == {}


async def test_a_thousand_at_a_time_and_no_more(desk):
    ids = [await desk.heard() for _ in range(20)]
    many = [Change(id, "tags.words", (f"take {number}",)) for number in range(50) for id in ids]
    done = await desk.correct(*many)
    assert done.audios == tuple(ids)
    assert (await desk.value(ids[-1], "tags.words")).value == ("take 49",)
    assert (await desk.events()).count("audio.corrected") == 20
    for wrong in ([], [*many, many[0]]):
        with pytest.raises(Invalid, match="1 to 1,000"):
            await desk.correct(*wrong)


async def test_of_many_that_are_wrong_a_few_are_told(desk):
    id = await desk.heard()
    with pytest.raises(Invalid) as refused:
        await desk.correct(*[Change(id, "kind.label", "x" * 1_000)] * 500)
    assert len(refused.value.fields) == 10 and len(refused.value.message) < 1_100


async def test_words_are_kept_in_one_form(desk):
    id = await desk.heard()
    await desk.correct(
        Change(id, "kind.label", "One Shot"),
        Change(id, "oneshot.label", "Open Hi hat"),
        Change(id, "meter.signature", "3 / 4"),
        Change(id, "genre.labels", ("Deep  House", "techno", "deep house")),
        Change(id, "mood.labels", (("calm", 0.4), ("dark", 0.9))),
        Change(id, "tags.words", ("Dusty", "A minor", "dusty")),
        Change(id, "instruments.labels", ()),
    )
    values = {one.name: one.value for one in await desk.store.read(corrections.of, id)}
    assert values == {
        "kind.label": "one-shot", "oneshot.label": "open hi-hat", "meter.signature": "3/4",
        "genre.labels": (("deep house", 1.0), ("techno", 1.0)), "mood.labels": (("dark", 0.9), ("calm", 0.4)),
        "tags.words": ("dusty", "A minor"), "instruments.labels": (),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A minor", "A minor"), ("Am", "A minor"), ("a-minor", "A minor"), ("Amin", "A minor"), ("8A", "A minor"),
        ("08a", "A minor"), ("1m", "A minor"), ("a-Moll", "A minor"), ("8A / Am", "A minor"), ("A", "A major"),
        ("C#", "C# major"), ("Db", "C# major"), ("D♭ maj", "C# major"), ("cis-Moll", "C# minor"),
        ("Es-Dur", "D# major"), ("As-Dur", "G# major"), ("H-Moll", "B minor"), ("B-Dur", "A# major"),
        ("Bb", "A# major"), ("B", "B major"), ("F sharp minor", "F# minor"), ("12B", "E major"), ("AM", "A major"),
    ],
)  # fmt: skip
def test_a_key_is_read_in_the_ways_people_write_one(written, meant):
    assert keys.key(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("A4", "A4"), ("bb3", "A#3"), ("C-1", "C-1"), ("Cb4", "B3"), ("B#3", "C4"), ("f♯ 2", "F#2")],
)
def test_a_note_is_read_with_its_octave(written, meant):
    assert keys.note(written) == meant


async def test_lists_of_analyses_have_corrected_values_too(desk):
    id, other = await desk.heard(bpm=60.0), await desk.heard(bpm=70.0)
    await desk.correct(Change(id, "tempo.bpm", 128), Change(id, "genre.labels", ("house",)))
    for names, known in ((frozenset({"tempo.bpm"}), 128.0), (frozenset(), 128.0), (None, 128.0)):
        found = {}
        for one in await desk.analyses([id, other], names):
            found[one.audio.id] = {d.name: d.value for result in one.results for d in result.descriptors}
        assert found[id]["tempo.bpm"] == known and found[other]["tempo.bpm"] == 70.0


async def test_a_deleted_sound_takes_its_corrections_along(desk):
    id = await desk.heard()
    await desk.correct(Change(id, "tempo.bpm", 128))
    await desk.store.write(sounds.remove, "ada", id)
    assert await desk.store.read(corrections.of, id) == ()


async def test_to_look_whether_it_could_be_done_changes_nothing(desk):
    id = await desk.heard()
    done = await desk.correct(Change(id, "tempo.bpm", 128), only_look=True)
    assert done.audios == (id,) and await desk.store.read(corrections.of, id) == ()
    assert "audio.corrected" not in await desk.events()
    with pytest.raises(Invalid):
        await desk.correct(Change(id, "tempo.bpm", 1_000), only_look=True)


async def test_check_finds_corrections_of_nothing_and_of_others_and_forgets_what_is_of_nothing(desk):
    id, his = await desk.heard(), await desk.heard("bob")
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    for audio in (str(uuid4()), his):
        await desk.store.write(corrections.keep, "ada", audio, "tempo.bpm", 128.0, moment)
    await desk.correct(Change(id, "tempo.bpm", 128))
    found = await desk.store.read(lambda db: list(faults(db)))
    assert [(one.invariant, one.repair is not None) for one in found] == [("I4", True), ("I6", False)]
    await desk.store.write(lambda db: found[0].repair(db))
    assert [one.invariant for one in await desk.store.read(lambda db: list(faults(db)))] == ["I6"]
    assert len(await desk.store.read(corrections.of, id)) == 1


async def test_a_backup_has_corrections(desk, tmp_path):
    id = await desk.heard()
    await desk.correct(Change(id, "tempo.bpm", 128))
    copy = tmp_path.with_name(f"{tmp_path.name}-copy")
    database = desk.store.place if isinstance(desk.store.place, str) else ""
    back_up(Settings(home=tmp_path, database=database), copy)
    with closing(Store(copy / "samplemind.db")) as store:
        [kept] = await store.read(corrections.of, id)
    assert (kept.value, kept.user) == (128.0, "ada")
