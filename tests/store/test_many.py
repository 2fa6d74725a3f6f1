"""With 100,000 sounds, jobs and events, every question enters by an index and sorts nothing."""

import shutil
import sqlite3
from datetime import UTC, datetime

import pytest

from samplemind_daemon.model import Lane
from samplemind_daemon.store import (
    Store,
    answers,
    events,
    folders,
    jobs,
    keys,
    prints,
    sounds,
    turns,
    uploads,
    users,
    vectors,
)
from samplemind_daemon.store.sounds import ORDERS, Clause, Listing

MANY = 100_000
LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)
SOUNDS = "INSERT INTO audios VALUES (?, 'ada', ?, ?, ?, '', '', ?, ?, ?, ?, 0, 0, 0, NULL, ?)"
JOBS = """
    INSERT INTO jobs
    VALUES (?, 'ada', ?, ?, ?, 'queued', 'batch', 0, 0, 0, '', '', ?, ?, NULL, NULL, NULL, NULL, ?)
"""
EVENTS = "INSERT INTO events VALUES ('ada', ?, 'audio.added', ?, '', '', '', '', '', '')"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A database with very much in it, to be copied."""
    path = tmp_path_factory.mktemp("many") / "samplemind.db"
    Store(path).migrate()
    numbers = [(number, f"{number:06}") for number in range(MANY)]
    states = ("queued", "completed", "failed")
    db = sqlite3.connect(path)
    db.executemany("INSERT INTO contents VALUES (?, 1, NULL, 0)", [(text,) for _, text in numbers])
    db.executemany(
        SOUNDS,
        [
            (
                text,
                f"{number % 977}.wav",
                states[number % 3],
                number,
                number % 99,
                text,
                "f",
                text.encode(),
                number,
            )
            for number, text in numbers
        ],
    )
    db.executemany(JOBS, [(text, text, text, text, number, number, number) for number, text in numbers])
    db.executemany(EVENTS, [(number + 1, number) for number, _ in numbers])
    db.execute("INSERT INTO users VALUES ('ada', 'a', NULL, 'member', '[]', 0, 0, 0, ?)", [MANY])
    db.execute("INSERT INTO uploads VALUES ('u', 'ada', 'a.wav', 1, '', NULL, 0, 0)")
    db.commit()
    db.close()
    return path


@pytest.fixture
def many(filled, tmp_path):
    shutil.copy(filled, tmp_path)
    store = Store(tmp_path / filled.name)
    store.migrate()
    yield store
    store.close()


def plan(db, question, *args):
    """How SQLite goes about each statement of a question."""
    said = []
    db.connection().set_trace_callback(said.append)
    question(db, *args)
    db.connection().set_trace_callback(None)
    asked = [one for one in said if one.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert asked
    return {step[3] for one in asked for step in db.execute_sql(f"EXPLAIN QUERY PLAN {one}").fetchall()}


def listing(order, descending, after=True, **clauses):
    middle = {"created_at": 50_000, "name": "5.wav", "size_bytes": 50, "state_at": 50_000}[order]
    wanted = tuple(Clause(field, value) for field, value in clauses.items())
    return Listing(wanted, order, descending, (middle, "050000") if after else None)


QUESTIONS = {
    "states": (sounds.count_states, "ada"),
    "the next job": (jobs.claim, tuple(Lane)),
    "the next job of those who wait for it": (jobs.claim, (Lane.INTERACTIVE,)),
    "when the next is due": (jobs.next_due,),
    "the open job on a sound": (jobs.open_on, "050000"),
    "whose turn it is": (turns.following, "ada", Lane.BATCH),
    "open jobs": (jobs.count_open, "ada"),
    "jobs by state": (jobs.count_states, "ada"),
    "lost jobs": (jobs.recover,),
    "all lost jobs": (jobs.recover, False),
    "jobs that wait too long": (jobs.follow_clock,),
    "renewing": (jobs.extend, ["no such lease"]),
    "events": (events.after, "ada", 50_000, (), 200),
    "events of a kind": (events.after, "ada", 50_000, ("audio.", "folder.added"), 200),
    "the bounds of events": (events.bounds, "ada"),
    "files of a folder": (folders.places, "f"),
    "files at paths": (folders.places_at, "f", [b"000001", b"000002"]),
    "open uploads": (uploads.count_open, "ada"),
    "an answer": (answers.find, "ada", "r"),
    "old events": (events.forget, LONG_AGO),
    "old answers": (answers.forget,),
    "old uploads": (uploads.forget,),
    "how many files of a folder are there": (folders.count, "f"),
    "an account": (users.find, "ada"),
    "an account by its address": (users.find_login, "ada@example.org"),
    "a key by its secret": (keys.find_secret, "h", LONG_AGO),
    "what some sounds were heard by": (prints.of_many, "ada", ["000001", "050000"]),
    "renaming": (sounds.rename, "ada", "050000", "b.wav"),
    "deleting": (sounds.remove, "ada", "050000"),
}
FEW = {  # what they find is sorted, but that is what one sound, content or person has
    "keys": (keys.page, "ada", None, 50),
    "a content": (sounds.find_content, "ada", "050000"),
    "the latest job on a sound": (jobs.latest_on, "050000"),
    "the latest jobs on some sounds": (jobs.latest_on_many, ["050000", "050001"]),
    "what some sounds are compared by": (vectors.rows, "ada", ["000001", "050000"]),
    "twins": (folders.twins, "ada", ["000001", "000002"]),
}


async def test_no_question_reads_a_whole_table_or_sorts(many):
    for name, question in QUESTIONS.items():
        steps = await many.write(plan, *question)
        assert not wasteful(steps), f"{name}: {steps}"


async def test_how_many_stand_before_a_job_is_counted_in_the_index_alone(many):
    job = await many.read(jobs.find, "ada", "050000")
    assert await many.read(jobs.ahead, job) == 50_000
    [counting] = [one for one in await many.read(plan, jobs.ahead, job) if "state=?" in one]
    assert "COVERING INDEX jobs_state_lane_turn_not_before" in counting


async def test_what_is_sorted_has_been_found_by_index(many):
    for name, question in FEW.items():
        steps = await many.read(plan, *question)
        assert [one for one in wasteful(steps) if "TEMP B-TREE" not in one] == [], f"{name}: {steps}"


def wasteful(steps):
    """Steps that read rows without a place to enter at, or that sort them."""
    given = ("SCAN CONSTANT ROW", "SCAN json_each ")  # what came with the question
    whole = [one for one in steps if one.startswith("SCAN ") and not one.startswith(given)]
    return whole + [one for one in steps if "TEMP B-TREE" in one]


async def test_every_page_of_every_order_is_entered_at_its_place(many):
    for order in ORDERS:
        for descending in (True, False):
            for after in (False, True):
                steps = await many.read(plan, sounds.page, "ada", listing(order, descending, after), 50)
                assert not wasteful(steps), f"{order}: {steps}"
                [entry] = [one for one in steps if "user=?" in one]
                column = ORDERS[order].column_name
                assert f"INDEX audios_user_{column}_id (user=?" in entry, entry
                assert not after or f"user=? AND {column}{'<' if descending else '>'}?" in entry, entry


async def test_a_page_of_one_state_needs_no_sorting_either(many):
    steps = await many.read(plan, sounds.page, "ada", listing("created_at", True, state="failed"), 50)
    assert not wasteful(steps), steps


async def test_pages_hold_every_sound_once_whatever_the_order(many):
    for order in ORDERS:
        for descending in (True, False):
            seen, after = [], None
            while len(seen) < 3_000:
                page = await many.read(sounds.page, "ada", Listing((), order, descending, after), 1_000)
                seen += [one.id for one in page]
                after = sounds.position(page[-1], order)
            assert len(set(seen)) == 3_000
            values = [sounds.position(one, order) for one in page]
            assert values == sorted(values, reverse=descending)


async def test_jobs_are_taken_in_order_however_many_wait(many):
    taken = [(await many.write(jobs.claim, tuple(Lane))).job.id for _ in range(5)]
    assert taken == [f"{number:06}" for number in range(5)]
