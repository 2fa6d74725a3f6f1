"""Whatever is asked, SQL finds what a look at each sound, clause by clause, finds."""

import random

import pytest
from heard import listen

from samplemind_daemon.model import Harmony, Media, Order, Query, Range
from samplemind_daemon.store import catalogue, query
from samplemind_daemon.store.entries import fold, sought
from samplemind_daemon.store.tables import Catalogue

SOUNDS, QUERIES = 120, 150
WORDS = ("kick", "Kick", "deep", "DeepHouse", "90s", "loop", "Café", "lo")
TAGS, GENRES, INSTRUMENTS = ("dark", "open_hat", "A minor"), ("jazz", "Rock"), ("drums", "bass")
KINDS = ("loop", "song", "one-shot")


@pytest.fixture
async def entries(store, sound):
    """A library as chance has it, and what the catalogue says of each sound."""
    chance, ids = random.Random(7), []
    for number in range(SOUNDS):
        name = "_".join(chance.choices(WORDS, k=chance.randint(1, 3)))
        audio = await sound(name=f"{name}.wav", size=chance.randint(1, 5), content=f"{number}")
        heard = {
            "kind.label": chance.choice(KINDS), "tempo.bpm": chance.choice((60.0, 90.5, 120.0, 121.0, 180.0, 240.0)),
            "key.key": chance.choice(("A minor", "C major", "E minor")), "key.root_note": chance.choice(("A2", "C3")),
            "loudness.integrated": chance.choice((-20.0, -14.0, -9.0)), "energy.level": chance.random(),
            "tags.words": tuple(chance.sample(TAGS, chance.randint(0, 3))),
            "genre.labels": ((chance.choice(GENRES), 0.9),),
            "instruments.labels": tuple((one, 0.7) for one in chance.sample(INSTRUMENTS, chance.randint(0, 2))),
        }  # fmt: skip
        said = {name: value for name, value in heard.items() if chance.random() < 0.7}
        await store.write(
            listen, audio, said, Media("wav", "pcm_s16", 44_100, 1, seconds=chance.randint(1, 9))
        )
        ids.append(audio.id)
    return await store.read(catalogue.kept, ids)


def draw(chance):
    """A query as chance has it."""

    def few(values, most=2):
        return tuple(chance.sample(values, chance.randint(1, most))) if chance.random() < 0.25 else ()

    def bounds(*values):
        low, high = sorted(chance.choices(values, k=2))
        ends = (low, high), (low, None), (None, high)
        return Range(*chance.choice(ends)) if chance.random() < 0.3 else Range()

    keys = frozenset(chance.sample((14, 15, 16), 2))
    harmony = Harmony(keys, frozenset(chance.sample((9, 0), chance.randint(0, 1))))
    return Query(
        text=" ".join(few(("ki", "DEEP", "90", "cafe", "house", "hat", "x"))), tags=few(TAGS), genres=few(GENRES),
        instruments=few(INSTRUMENTS), kinds=few(KINDS), bpm=bounds(60, 90.5, 120, 122),
        half_double=chance.random() < 0.5, harmony=harmony if chance.random() < 0.3 else None,
        loudness=bounds(-20, -14, -9), duration=bounds(1, 4, 9),
    )  # fmt: skip


def holds(asked, entry):
    """Whether every clause holds of a sound."""
    said, labels = entry.columns, entry.labels
    has = {
        aspect: {word for one, word in labels if one == aspect}
        for aspect in ("text", "tag", "genre", "instrument")
    }

    def within(value, bounds, factor=1):
        if bounds == Range():
            return True
        low, high = (end if one is None else one for one, end in ((bounds.low, -1e9), (bounds.high, 1e9)))
        return value is not None and low * factor <= value <= high * factor

    factors = (1, 0.5, 2) if asked.half_double else (1,)
    fits = asked.harmony is None or (
        said["key"] in asked.harmony.keys if said["key"] is not None else said["root"] in asked.harmony.roots
    )
    return (
        all(any(one.startswith(word) for one in has["text"]) for word in sought(asked.text))
        and {fold(one) for one in asked.tags} <= has["tag"]
        and {fold(one) for one in asked.instruments} <= has["instrument"]
        and (not asked.genres or bool({fold(one) for one in asked.genres} & has["genre"]))
        and (not asked.kinds or said["kind"] in asked.kinds)
        and any(within(said["bpm"], asked.bpm, factor) for factor in factors)
        and within(said["loudness"], asked.loudness) and within(said["duration"], asked.duration) and fits
    )  # fmt: skip


async def test_sql_finds_what_a_look_at_each_sound_finds(store, entries):
    chance, found = random.Random(11), 0
    for _ in range(QUERIES):
        asked = draw(chance)
        expected = {id for id, entry in entries.items() if holds(asked, entry)}
        assert set(await store.read(query.ids, "ada", asked)) == expected, asked
        assert await store.read(query.count, "ada", asked) == len(expected), asked
        found += bool(expected)
    assert QUERIES / 4 < found < QUERIES


async def test_pages_of_any_query_in_any_order_are_the_whole_of_it_each_once(store, entries):
    chance = random.Random(13)
    for number in range(QUERIES // 3):
        asked = draw(chance) if number % 2 else Query(genres=GENRES)
        order, seen, after = Order(chance.choice(list(query.ORDERS)), chance.random() < 0.5), [], None
        while rows := await store.read(query.page, "ada", asked, order, chance.randint(1, 20), after):
            seen += rows
            after = rows[-1].value, rows[-1].sound
        assert [row.audio for row in seen] == await store.read(query.ids, "ada", asked, order), (asked, order)
        values = [row.value for row in seen if row.value is not None]
        assert values == sorted(values, reverse=order.descending)
        assert [row.value for row in seen[len(values) :]] == [None] * (len(seen) - len(values))


async def test_facets_of_any_query_are_the_counts_of_what_is_found(store, entries):
    chance = random.Random(17)
    for _ in range(QUERIES // 3):
        asked = draw(chance)
        matching = [entry for entry in entries.values() if holds(asked, entry)]
        for name in ("tag", "genre", "instrument"):
            counts = dict(await store.read(query.facet, "ada", asked, name))
            words = {word for entry in matching for aspect, word in entry.labels if aspect == name}
            assert counts == {word: sum((name, word) in one.labels for one in matching) for word in words}
        for name in ("kind", "key", "bpm"):
            counts = dict(await store.read(query.facet, "ada", asked, name))
            values = [entry.columns[name] for entry in matching if entry.columns[name] not in ("", None)]
            assert counts == {value: values.count(value) for value in values}


async def test_the_library_of_another_user_changes_nothing(store, entries, sound):
    await store.write(listen, await sound("bob", name="Kick.wav", content="1"), {"tags.words": ("dark",)})
    assert len(await store.read(query.ids, "bob", Query(text="kick"))) == 1
    assert len(await store.read(lambda db: list(Catalogue.select().execute(db)))) == SOUNDS + 1
    assert set(await store.read(query.ids, "ada", Query())) == set(entries)
