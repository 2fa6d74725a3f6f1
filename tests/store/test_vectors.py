"""What sounds are compared by: kept with each result, read as it changes."""

import asyncio
import struct
from datetime import timedelta

import pytest

from samplemind_daemon.library.likeness import shelves as shelves_module
from samplemind_daemon.library.likeness.shelf import Shelf
from samplemind_daemon.library.likeness.shelves import Shelves
from samplemind_daemon.model import KEYS, Descriptor, Result
from samplemind_daemon.store import corrections, events, results, sounds, vectors
from samplemind_daemon.store.check import history
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Vectors


def said(name, value, status="ok", confidence=None, candidates=()):
    return Descriptor(name, value, "", confidence, status, candidates, "", name.partition(".")[0], 1)


def heard(*descriptors, fingerprint="f"):
    """The results that these descriptors are in."""
    names = sorted({one.made_by for one in descriptors})
    return [
        Result(name, 1, fingerprint, tuple(one for one in descriptors if one.made_by == name))
        for name in names
    ]


def likeness(*numbers, edges=(0, 1, 2, 3)):
    return said("similarity.vector", tuple(map(float, numbers))), said("similarity.edges", edges)


ALL = (
    *likeness(1, 2, 3),
    said("spectrum.mel", (0, 255, 255, 255)),
    said("spectrum.bands", 2),
    said("key.key", "A minor", confidence=0.75, candidates=(("C major", 0.25),)),
    said("key.tuning", -12.5),
    said("tempo.bpm", 124.0),
    said("loudness.integrated", -14.0),
    said("kind.label", "loop"),
)


async def profile(store, audio):
    return await store.read(vectors.find, audio)


async def test_a_result_is_kept_compact(store, sound):
    audio = await sound()
    assert await profile(store, audio) is None
    await store.write(results.keep, audio.sha256, heard(*ALL))
    kept = await profile(store, audio)
    assert struct.unpack("<3f", kept.numbers) == (1, 2, 3) and kept.edges == (0, 1, 2, 3)
    assert (kept.bpm, kept.tuning, kept.loudness, kept.kind) == (124, -12.5, -14, "loop")
    chances = {key: chance / 255 for key, chance in zip(KEYS, kept.keys, strict=True) if chance}
    assert chances == pytest.approx({"A minor": 0.75, "C major": 0.25}, abs=0.01)
    assert kept.bands == bytes((247, 255))  # the mean of powers: one of two columns silent is 3 dB less


async def test_what_was_not_made_again_stays_as_it_was(store, sound):
    audio = await sound()
    await store.write(results.keep, audio.sha256, heard(*ALL))
    await store.write(results.keep, audio.sha256, heard(said("tempo.bpm", 62.0)))
    kept = await profile(store, audio)
    assert kept.bpm == 62 and kept.loudness == -14 and kept.numbers is not None


async def test_what_is_not_needed_is_told_from_what_is_not_known(store, sound):
    audio = await sound()
    none = heard(
        said("key.key", None, "not_applicable"),
        said("tempo.bpm", None, "not_applicable"),
        said("loudness.integrated", None, "unmeasurable"),
    )
    await store.write(results.keep, audio.sha256, none)
    kept = await profile(store, audio)
    assert kept.keys == b"" and kept.bpm == 0 and kept.loudness is None
    await store.write(
        results.keep, audio.sha256, heard(said("key.key", None, "failed"), said("tempo.bpm", None, "failed"))
    )
    kept = await profile(store, audio)
    assert kept.keys is None and kept.bpm is None


@pytest.mark.parametrize(
    "wild",
    [
        likeness(1, 2, 3, edges=(0, 2, 1, 3)),
        likeness(1, 2, 3, edges=(0, 1, 2, 9)),
        likeness(1, 2, 1e300),
        (said("similarity.vector", ("a", "b", "c")), said("similarity.edges", (0, 1, 2, 3))),
        likeness(*range(5_000), edges=(0, 1, 2, 5_000)),
        (said("spectrum.mel", (1, "x")), said("spectrum.bands", 1)),
        (said("spectrum.mel", (1, 2)), said("spectrum.bands", 0)),
        (said("key.key", "H major", confidence=2.0), said("tempo.bpm", "fast")),
        (said("tempo.bpm", -3.0), said("loudness.integrated", ("loud",)), said("kind.label", 7)),
    ],
)
async def test_whatever_a_strange_plugin_says_is_kept_as_nothing(store, sound, wild):
    audio = await sound()
    await store.write(results.keep, audio.sha256, heard(*wild))
    kept = await profile(store, audio)
    assert (
        kept.numbers is None and kept.bands is None and not kept.keys and kept.bpm is None and kept.kind == ""
    )


async def test_what_a_user_says_counts_before_what_was_heard(store, sound):
    hers, his = await sound("ada", "c"), await sound("bob", "c")
    await store.write(results.keep, hers.sha256, heard(*ALL))
    await store.write(corrections.keep, "ada", hers.id, "tempo.bpm", 62.0, now())
    await store.write(corrections.keep, "ada", hers.id, "key.key", "F# major", now())
    kept = await profile(store, hers)
    assert kept.bpm == 62 and kept.keys[KEYS.index("F# major")] == 255
    assert (await profile(store, his)).bpm == 124


async def follow(store, shelf, user="ada"):
    """Read what changed, as Shelves does; which sounds were read."""
    changes = await store.read(vectors.since, user, shelf.mark)
    if changes.whole:
        shelf.clear()
    shelf.put(changes.audios, await store.read(vectors.rows, user, changes.audios))
    shelf.mark = changes.mark
    return set(changes.audios)


async def test_only_what_changed_is_read_again(store, sound):
    one, other, shelf = await sound(), await sound(), Shelf()
    assert await follow(store, shelf) == {one.id, other.id}
    assert await follow(store, shelf) == set()
    await store.write(results.keep, one.sha256, heard(*ALL))
    assert await follow(store, shelf) == {one.id}
    third = await sound()
    assert await follow(store, shelf) == {third.id}
    await store.write(sounds.remove, "ada", one.id)
    assert await follow(store, shelf) == {one.id} and set(shelf.ids) == {other.id, third.id}


async def test_a_content_that_is_heard_again_for_somebody_else_is_read_again(store, sound):
    mine, shelf = await sound("ada", "c"), Shelf()
    await sound("bob", "c")
    await follow(store, shelf)
    await store.write(results.keep, mine.sha256, heard(*ALL))  # for bob: ada is told of nothing
    assert await follow(store, shelf) == {mine.id}


async def test_a_number_is_never_given_twice_so_that_no_change_is_missed(store, sound):
    first, second, shelf = await sound(), await sound(), Shelf()
    await store.write(results.keep, first.sha256, heard(*ALL))
    await follow(store, shelf)
    await store.write(vectors.drop, first.sha256)
    await store.write(results.keep, second.sha256, heard(*ALL))
    assert second.id in await follow(store, shelf)


async def test_all_is_read_again_where_the_events_are_not_kept_any_more(store, sound):
    await sound()
    shelf = Shelf()
    await follow(store, shelf)
    gone = await sound()
    await store.write(sounds.remove, "ada", gone.id)
    new = await sound()
    await store.write(events.forget, now() + timedelta(seconds=1))
    await follow(store, shelf)
    assert gone.id not in shelf.ids and new.id in shelf.ids and len(shelf.ids) == 2


async def test_the_shelf_of_a_user_holds_nothing_of_another(store, sound):
    await sound("bob")
    mine, shelf = await sound("ada"), Shelf()
    await follow(store, shelf)
    assert shelf.ids == [mine.id]
    assert await store.read(vectors.rows, "bob", [mine.id]) == []


async def test_what_an_earlier_version_heard_is_made_compact_by_and_by(store, sound):
    audios = [await sound() for _ in range(results.STEP + 1)]
    for audio in audios:
        await store.write(results.keep, audio.sha256, heard(*ALL))
    await store.write(lambda db: Vectors.delete().execute(db))
    assert [await store.write(results.profile) for _ in range(3)] == [results.STEP, 1, 0]
    assert {(await profile(store, audio)).bpm for audio in audios} == {124}


async def test_the_shelf_that_was_used_least_goes_where_memory_is_short(store, sound):
    for user in ("ada", "bob"):
        for _ in range(3):
            await sound(user)
    shelves = Shelves(store, most_rows=4)
    for user, left in (("ada", ["ada"]), ("bob", ["bob"]), ("ada", ["ada"])):
        async with shelves.of(user) as shelf:
            assert len(shelf.ids) == 3
        assert shelves.users == left


async def test_a_caller_who_goes_away_while_all_is_read_leaves_nothing_half_read(store, sound, monkeypatch):
    monkeypatch.setattr(shelves_module, "STEP", 1)
    audios = {(await sound()).id for _ in range(12)}
    shelves = Shelves(store)

    async def ask() -> set[str]:
        async with shelves.of("ada") as shelf:
            assert len(shelf.ids) == len(set(shelf.ids))
            return set(shelf.ids)

    for turn in range(30):
        asking = asyncio.create_task(ask())
        for _ in range(turn):
            await asyncio.sleep(0.0005)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert await ask() == audios


async def test_vectors_of_different_makings_and_lengths_are_never_compared(store, sound):
    old, new, newer, shelf = await sound(), await sound(), await sound(), Shelf()
    await store.write(results.keep, old.sha256, heard(*likeness(1, 2, 3)))
    await follow(store, shelf)
    wide = likeness(1, 2, 3, 4, edges=(0, 1, 2, 4))
    await store.write(results.keep, new.sha256, heard(*wide, fingerprint="g"))
    await store.write(results.keep, newer.sha256, heard(*wide, fingerprint="g"))
    await follow(store, shelf)
    everything = shelf.rows(None, ())
    assert {shelf.ids[row] for row in shelf.comparable(everything, "f")} == {old.id}
    assert {shelf.ids[row] for row in shelf.comparable(everything, "g")} == {new.id, newer.id}
    assert len(shelf.comparable(everything, "h")) == 0


async def test_what_belongs_to_no_content_goes_with_it_and_is_found_if_it_did_not(store, sound):
    audio = await sound()
    await store.write(results.keep, audio.sha256, heard(*ALL))
    await store.write(sounds.remove, "ada", audio.id)
    assert not await store.read(vectors.knows, audio.sha256)
    await store.write(vectors.keep, "f" * 64, heard(*ALL))
    [fault] = [
        one for one in await store.read(lambda db: list(history.faults(db))) if "vector" in one.subject
    ]
    await store.write(lambda db: fault.repair(db))
    assert not await store.read(vectors.knows, "f" * 64)
