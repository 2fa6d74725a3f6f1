"""The catalogue follows whatever happens to a sound, in the same transaction."""

import pytest
from heard import MEDIA, descriptor, listen

from samplemind_daemon.model import Lane, Place, Query, Range, Result, State
from samplemind_daemon.store import arrivals, catalogue, corrections, folders, jobs, leaving, query, sounds
from samplemind_daemon.store.arrivals import Arrival
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Audios, Catalogue, Labels, Words

LOOP = {"tempo.bpm": 120.0, "kind.label": "loop", "tags.words": ("dark", "A minor"), "key.key": "A minor"}


@pytest.fixture
def right(store):
    """Holds if the catalogue says of all sounds what it shall, and of nothing else."""

    def look(db):
        ids = [id for (id,) in Audios.select(Audios.id).tuples().execute(db)]
        assert catalogue.kept(db, ids) == catalogue.wanted(db, ids)
        assert {one.audio for one in Catalogue.select().execute(db)} == set(ids)
        numbers = {one.sound for one in Catalogue.select().execute(db)}
        assert {one.sound for one in Labels.select().execute(db)} <= numbers
        used = {one.word for one in Labels.select().execute(db)}
        assert {one.id for one in Words.select().execute(db)} == used  # words that no sound has are gone
        return True

    async def right():
        return await store.read(look)

    return right


@pytest.fixture
def found(store):
    async def found(user="ada", **clauses):
        return await store.read(query.ids, user, Query(**clauses))

    return found


async def test_a_sound_is_found_from_its_coming_to_its_going(store, sound, found, right):
    audio = await sound(name="Deep Kick.wav")
    assert await found(text="kick") == await found(states=(State.UPLOADED,)) == [audio.id] and await right()
    job = await store.write(jobs.add, audio)
    assert await found(states=(State.QUEUED,)) == [audio.id] and await right()
    lease = await store.write(jobs.claim, [Lane.BATCH])
    assert lease.job.id == job.id and await found(states=(State.PROCESSING,)) == [audio.id]
    heard = [Result("tempo", 1, "f", (descriptor("tempo.bpm", 120.0),))]
    assert await store.write(jobs.complete, lease, MEDIA, heard)
    assert await found(states=(State.COMPLETED,), bpm=Range(119, 121), duration=Range(4, 4)) == [audio.id]
    await store.write(sounds.rename, "ada", audio.id, "Snare.wav")
    assert await found(text="snare") == [audio.id] and await found(text="kick") == [] and await right()
    await store.write(sounds.remove, "ada", audio.id)
    assert await found() == [] and await right()


async def test_under_another_name_a_sound_keeps_the_words_of_its_tags(store, sound, found, right):
    audio, other = await sound(name="Dark Kick.wav"), await sound("bob", name="kick.wav")
    await store.write(listen, audio, LOOP)
    await store.write(sounds.rename, "ada", audio.id, "Snare 2.wav")
    assert await found(text="dark") == await found(text="snare") == [audio.id] and await right()
    assert await found(text="kick") == [] and await found("bob", text="kick") == [other.id]


async def test_what_is_heard_in_a_content_is_heard_in_all_sounds_that_have_it(store, sound, found, right):
    ours = [await sound(content="c"), await sound(content="c")]
    theirs = await sound("bob", content="c")
    await store.write(listen, ours[0], LOOP)
    assert set(await found(kinds=("loop",))) == {one.id for one in ours}
    assert await found("bob", tags=("dark",)) == [theirs.id] and await right()
    await store.write(listen, ours[0], {"tempo.bpm": 60.0, "tags.words": ("bright",)})
    assert await found(tags=("dark",)) == [] and len(await found(bpm=Range(60, 60), kinds=("loop",))) == 2
    assert await right()


async def test_a_later_sound_of_a_content_that_was_heard_is_found_by_it(store, sound, found, right):
    await store.write(listen, await sound(content="c"), LOOP)
    later = await sound("bob", content="c")
    assert await found("bob", bpm=Range(120, 120)) == [later.id] and await right()


async def test_a_users_value_counts_and_what_was_heard_counts_again_without_it(store, sound, found, right):
    audio, other = await sound(content="c"), await sound("bob", content="c")
    await store.write(listen, audio, LOOP)

    def correct(db, value):
        if value is None:
            corrections.drop(db, audio.id, "tempo.bpm")
        else:
            corrections.keep(db, "ada", audio.id, "tempo.bpm", value, now())
        catalogue.refresh(db, [audio.id])

    await store.write(correct, 60.0)
    assert await found(bpm=Range(60, 60)) == [audio.id] and await found(bpm=Range(120, 120)) == []
    assert await found("bob", bpm=Range(120, 120)) == [other.id] and await right()
    await store.write(listen, audio, LOOP)  # heard anew
    assert await found(bpm=Range(60, 60)) == [audio.id] and await right()
    await store.write(correct, None)
    assert await found(bpm=Range(120, 120)) == [audio.id] and await right()


async def test_what_is_doubted_or_withheld_or_unlikely_is_not_found_by(store, sound, found, right):
    audio = await sound()
    doubted = {
        "tempo.bpm": descriptor("tempo.bpm", 120.0, status="low_confidence"),
        "key.key": descriptor("key.key", None),
        "loudness.integrated": descriptor("loudness.integrated", None, status="not_applicable"),
        "kind.label": descriptor("kind.label", "loop", status="low_confidence"),
        "genre.labels": (("jazz", 0.5), ("rock", 0.49)),
        "mood.labels": descriptor("mood.labels", (("calm", 0.9),), status="low_confidence"),
    }
    await store.write(listen, audio, doubted)
    for clauses in (
        {"bpm": Range(1, 1_000)}, {"loudness": Range(-200, 200)}, {"kinds": ("loop",)}, {"genres": ("rock",)},
        {"moods": ("calm",)},
    ):  # fmt: skip
        assert await found(**clauses) == [], clauses
    assert await found(genres=("Jazz", "rock")) == [audio.id] and await right()


async def test_whatever_a_plugin_says_can_be_entered(store, sound, found, right):
    audio = await sound()
    strange = {
        "tempo.bpm": "fast", "loudness.integrated": True, "energy.level": 1e300, "key.key": "H quasi",
        "key.root_note": "?", "kind.label": 7, "tags.words": tuple(f"{'x' * 99}{n}" for n in range(999)),
        "genre.labels": (("\ud800 jazz\0rock", 0.9), ("", 1.0), 5, (1, 2)),
        "instruments.labels": "drums",
    }  # fmt: skip
    await store.write(listen, audio, strange)
    assert await found(genres=("? jazz rock",)) == [audio.id]
    assert await found(tags=("x" * 99,)) == [audio.id] and await right()


async def test_files_that_arrive_by_the_hundred_are_entered_and_moves_and_changes_too(store, found, right):
    many = [
        Arrival(Place("", b"%d.wav" % n, 9, 1, 1, n, None), f"Loop_{n}.wav", f"{n:064}") for n in range(300)
    ]
    await store.write(arrivals.add, "ada", "folder", many)
    assert len(await found(text="loop", folders=("folder",))) == 300 and await right()
    [id] = await found(text="299")
    audio = await store.read(sounds.find, "ada", id)
    place = Place(id, b"Pad.wav", 10, 2, 1, 1, None)
    await store.write(folders.settle, audio, "other", place, "Pad.wav", "f" * 64)
    assert await found(text="pad", folders=("other",)) == [id] and await found(text="299") == []
    assert await right()


async def test_an_account_that_leaves_leaves_no_word_behind(store, sound, found, right):
    await store.write(listen, await sound(), LOOP)
    theirs = await sound("bob", name="secret.wav")
    while await store.write(leaving.forget_sounds, "bob"):
        pass
    await store.write(leaving.forget_account, "bob")
    assert await found("bob") == [] and len(await found()) == 1 and await right()
    assert theirs.id not in await store.read(lambda db: [one.audio for one in Catalogue.select().execute(db)])


async def test_sounds_of_an_earlier_version_enter_by_and_by(store, sound, found, right):
    audios = [await sound() for _ in range(7)]
    await store.write(listen, audios[3], LOOP)

    def empty(db):
        for table in (Catalogue, Labels, Words):
            table.delete().execute(db)

    await store.write(empty)
    assert await found() == []
    missing = await store.read(catalogue.missing)
    assert missing == sorted(one.id for one in audios)
    assert await store.read(catalogue.missing, missing[4]) == missing[5:]
    await store.write(catalogue.refresh, missing)
    assert await store.read(catalogue.missing) == []
    assert len(await found()) == 7 and await found(kinds=("loop",)) == [audios[3].id] and await right()
