"""What a query finds, in which order, and by which index."""

import itertools

import pytest
from heard import listen
from peopled import ONLY_SQLITE

from samplemind_daemon.model import Harmony, Media, Order, Query, Range, State
from samplemind_daemon.store import query, sounds
from samplemind_daemon.store.entries import fold, place, sought, words
from samplemind_daemon.store.tables import Catalogue

BY_NAME = Order("name", False)
SOUNDS = {  # what was heard in each, by name
    "Kick.wav": {"kind.label": "one-shot", "key.root_note": "A1", "loudness.integrated": -9.0, "tags.words": ("kick",)},
    "Loop 120.wav": {
        "kind.label": "loop", "tempo.bpm": 120.0, "key.key": "A minor", "loudness.integrated": -12.0,
        "energy.level": 0.7, "instruments.labels": (("drums", 0.9), ("bass", 0.6)), "tags.words": ("dark", "drums"),
    },
    "Loop 60.wav": {
        "kind.label": "loop", "tempo.bpm": 60.0, "key.key": "C major", "energy.level": 0.2,
        "instruments.labels": (("bass", 0.9),), "tags.words": ("dark", "open hat"),
    },
    "Song.wav": {
        "kind.label": "song", "tempo.bpm": 129.9, "key.key": "E minor", "loudness.integrated": -14.0,
        "genre.labels": (("jazz", 0.8),), "mood.labels": (("calm", 0.7),), "energy.level": 0.4,
    },
    "Nothing.wav": {},
}  # fmt: skip


@pytest.fixture
async def library(store, sound):
    """Ada's sounds; bob has the same."""
    for number, (name, heard) in enumerate(SOUNDS.items()):
        for user in ("ada", "bob"):
            audio = await sound(user, name=name, content=f"{number}")
            await store.write(listen, audio, heard, Media("wav", "pcm_s16", 44_100, 1, seconds=number + 1.0))
    return store


@pytest.fixture
def names(library):
    """The names of the sounds that ada finds."""

    async def names(order=BY_NAME, **clauses):
        found = await library.read(query.ids, "ada", Query(**clauses), order)
        assert await library.read(query.count, "ada", Query(**clauses)) == len(found)
        named = await library.read(
            lambda db: {one.audio: one.name for one in Catalogue.select().execute(db) if one.user == "ada"}
        )
        return [named[id].removesuffix(".wav") for id in found]

    return names


async def test_each_clause_finds_what_it_says(names):
    for clauses, expected in (
        ({"text": "loop"}, ["loop 120", "loop 60"]),
        ({"text": "dar lo"}, ["loop 120", "loop 60"]),
        ({"text": "hat"}, ["loop 60"]),
        ({"text": "kick drums"}, []),
        ({"tags": ("Dark",)}, ["loop 120", "loop 60"]),
        ({"tags": ("dark", "open_hat")}, ["loop 60"]),
        ({"genres": ("JAZZ", "rock")}, ["song"]),
        ({"moods": ("calm",)}, ["song"]),
        ({"instruments": ("bass",)}, ["loop 120", "loop 60"]),
        ({"instruments": ("bass", "drums")}, ["loop 120"]),
        ({"kinds": ("one-shot", "song")}, ["kick", "song"]),
        ({"bpm": Range(120, 120)}, ["loop 120"]),
        ({"bpm": Range(120, 120), "half_double": True}, ["loop 120", "loop 60"]),
        ({"bpm": Range(60, 65), "half_double": True}, ["loop 120", "loop 60", "song"]),
        ({"bpm": Range(low=121)}, ["song"]),
        ({"bpm": Range(high=121)}, ["loop 120", "loop 60"]),
        ({"loudness": Range(-13, -9)}, ["kick", "loop 120"]),
        ({"duration": Range(2, 3)}, ["loop 120", "loop 60"]),
        ({"states": (State.COMPLETED,)}, ["kick", "loop 120", "loop 60", "nothing", "song"]),
        ({"states": (State.FAILED,)}, []),
        ({"folders": ("folder",)}, []),
        ({"harmony": Harmony(frozenset({place("A minor")}))}, ["loop 120"]),
        ({"harmony": Harmony(frozenset({place("A minor")}), frozenset({9}))}, ["kick", "loop 120"]),
        ({"owner": "bob"}, []),
        ({"tags": ("dark",), "bpm": Range(60, 60), "kinds": ("loop",), "text": "60"}, ["loop 60"]),
    ):
        assert await names(**clauses) == expected, clauses


async def test_sounds_are_sorted_and_those_without_the_value_come_last_either_way(names):
    assert await names(Order("bpm", False)) == ["loop 60", "loop 120", "song", "kick", "nothing"]
    assert await names(Order("bpm", True)) == ["song", "loop 120", "loop 60", "nothing", "kick"]
    assert await names(Order("energy", True)) == ["loop 120", "song", "loop 60", "nothing", "kick"]
    assert (await names(Order("key", False)))[:3] == ["loop 120", "loop 60", "song"]  # 8A, 8B, 9A
    assert (await names(Order("loudness", False)))[:3] == ["song", "loop 120", "kick"]
    assert await names(Order("duration", True)) == ["nothing", "song", "loop 60", "loop 120", "kick"]
    assert await names(Order("created_at", False)) == ["kick", "loop 120", "loop 60", "song", "nothing"]


@pytest.mark.parametrize(("field", "descending"), [*itertools.product(query.ORDERS, (False, True))])
async def test_pages_put_together_are_the_whole_list(library, field, descending):
    order, seen, after = Order(field, descending), [], None
    while rows := await library.read(query.page, "ada", Query(), order, 2, after):
        seen += [row.audio for row in rows]
        after = rows[-1].value, rows[-1].sound
    assert seen == await library.read(query.ids, "ada", Query(), order)
    assert len(seen) == len(SOUNDS)


async def test_facets_count_over_all_that_match(library):
    async def facet(name, **clauses):
        return await library.read(query.facet, "ada", Query(**clauses), name)

    assert await facet("kind") == [("loop", 2), ("one-shot", 1), ("song", 1)]
    assert await facet("instrument") == [("bass", 2), ("drums", 1)]
    assert await facet("instrument", text="120") == [("bass", 1), ("drums", 1)]
    assert await facet("tag", kinds=("loop",)) == [("dark", 2), ("drums", 1), ("open hat", 1)]
    assert await facet("bpm", kinds=("loop",)) == [(60.0, 1), (120.0, 1)]
    assert await facet("key") == [(place(key), 1) for key in ("A minor", "C major", "E minor")]
    assert await facet("state") == [("completed", 5)]
    assert await facet("folder") == await facet("genre", owner="bob") == []


def plan(db, ask):
    """How SQLite would answer, step by step."""
    seen = []
    db.connection().set_trace_callback(seen.append)
    try:
        ask(db)
    finally:
        db.connection().set_trace_callback(None)
    asked = [one for one in seen if one.startswith("SELECT")]
    assert asked
    return {step for one in asked for *_, step in db.execute_sql(f"EXPLAIN QUERY PLAN {one}").fetchall()}


CLAUSES = (
    {}, {"text": "lo"}, {"tags": ("dark",)}, {"genres": ("jazz",)}, {"bpm": Range(100, 130)},
    {"bpm": Range(100, 130), "half_double": True}, {"kinds": ("loop",)}, {"loudness": Range(-20)},
    {"harmony": Harmony(frozenset({1}), frozenset({2}))}, {"states": (State.FAILED,)},
)  # fmt: skip


@ONLY_SQLITE
async def test_no_query_reads_a_whole_table_and_each_finds_its_rows_by_an_index(library):
    for clauses in CLAUSES:
        asked = Query(**clauses)
        for ask in (
            lambda db, asked=asked: query.count(db, "ada", asked),
            lambda db, asked=asked: query.page(db, "ada", asked, Order(), 10),
            lambda db, asked=asked: query.page(db, "ada", asked, Order("energy"), 10),
            lambda db, asked=asked: query.page(db, "ada", asked, Order("name", False), 10),
            lambda db, asked=asked: [query.facet(db, "ada", asked, name) for name in query.COUNTED],
            lambda db, asked=asked: [query.facet(db, "ada", asked, name) for name in query.LABELLED],
        ):
            steps = await library.read(plan, ask)
            assert not [one for one in steps if one.startswith("SCAN") and "SUBQUERY" not in one], (
                clauses,
                steps,
            )


@ONLY_SQLITE
async def test_to_count_or_to_name_all_that_match_reads_one_index_and_no_table(library):
    for clauses, ask in itertools.product(CLAUSES, (query.count, query.ids)):
        steps = await library.read(plan, lambda db, c=clauses, ask=ask: ask(db, "ada", Query(**c)))
        on_sounds = [one for one in steps if " t1 " in one and "catalogue" in one]
        assert on_sounds and all("COVERING INDEX catalogue_" in one for one in on_sounds), (clauses, steps)


@ONLY_SQLITE
async def test_the_newest_come_in_the_order_of_an_index(library):
    steps = await library.read(plan, lambda db: query.page(db, "ada", Query(kinds=("loop",)), Order(), 10))
    assert any("COVERING INDEX catalogue_whole" in one for one in steps), steps
    assert not any("ORDER BY" in one for one in steps), steps


@ONLY_SQLITE
async def test_the_sounds_of_a_page_are_looked_up_by_their_ids(library):
    ids = await library.read(query.ids, "ada", Query())
    steps = await library.read(plan, lambda db: sounds.find_many(db, "ada", ids))
    assert "SEARCH t1 USING INDEX sqlite_autoindex_audios_1 (id=?)" in steps, steps
    assert await library.read(sounds.find_many, "bob", ids) == {}


def test_a_name_is_split_at_case_digits_and_punctuation():
    assert words("DrumLoop_01") == {"drumloop", "drum", "loop", "01"}
    assert words("808-Kick (90s).WAV") == {"808", "kick", "90s", "90", "s", "wav"}
    assert words("Café Straße") >= {"cafe", "strasse"}
    assert words("") == words("_-!") == set()
    assert sought("Kick 90s  kick") == ("kick", "90s")
    assert fold(" Open_Hat ") == "open hat"


def test_what_is_written_begins_a_word_of_what_it_is_written_from():
    for text in ("DrumLoop_01", "Café Straße", "808-Kick (90s)", "x" * 300, "МосквА 5"):
        for word in sought(text):
            assert any(one.startswith(word) for one in words(text)), (text, word)
