"""A check names whatever is not whole, and repairs lose nothing."""

import asyncio
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from peopled import peopled

from samplemind_daemon.library.check import repair, violations
from samplemind_daemon.model import Lane, Media, Result
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import jobs, sounds, uploads
from samplemind_daemon.store.blobs import DiskBlobs
from samplemind_daemon.store.moments import now

LONG_AGO = (now() - timedelta(days=3)).timestamp()
MEDIA = Media("wav", "pcm_s16", 44_100, 1)


class Home:
    """A home with sounds in it, of which each was sent, accepted and analysed."""

    def __init__(self, path: Path) -> None:
        self.settings = Settings(home=path)
        self.blobs = DiskBlobs(self.settings.blobs_folder)
        self.made = 0

    async def fill(self, many: int) -> None:
        async with peopled(self.settings.database_file) as store:
            for _ in range(many):
                self.made += 1
                data, id = b"sound %d" % self.made, f"sound-{self.made:03}"
                sha256 = hashlib.sha256(data).hexdigest()
                await store.write(uploads.add, "ada", id, f"{id}.wav", len(data), sha256)
                self.blobs.staging.put(id, 0, data)
                self.blobs.keep(id, sha256)
                audio = await store.write(sounds.add, "ada", id, f"{id}.wav", len(data), sha256)
                await store.write(jobs.add, audio)
                await store.write(uploads.finish, id, audio.id)
                lease = await store.write(jobs.claim, [Lane.BATCH])
                await store.write(jobs.complete, lease, MEDIA, [Result("level", 1, "f", ())])

    def sql(self, statement: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(self.settings.database_file)) as db, db:
            return db.execute(statement, values).fetchall()

    def kept(self) -> list[Path]:
        return sorted(path for path in self.settings.blobs_folder.glob("sha256/*/*") if path.name[0] != ".")

    def bytes(self) -> set[bytes]:
        """What all files hold that are anybody's."""
        aside = self.settings.home / "set-aside"
        return {path.read_bytes() for path in [*self.kept(), *(aside.iterdir() if aside.exists() else ())]}

    def found(self) -> list[str]:
        return [f"{one.invariant} {one.problem}" for one in violations(self.settings)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A home with thirty sounds, to be copied."""
    made = Home(tmp_path_factory.mktemp("filled") / "home")
    asyncio.run(made.fill(30))
    return made.settings.home


@pytest.fixture
def home(filled, tmp_path):
    return Home(Path(shutil.copytree(filled, tmp_path / "home")))


async def test_a_home_in_order_gives_no_complaint_and_is_not_changed(home):
    before = home.sql("SELECT * FROM jobs"), home.bytes()
    assert violations(home.settings) == []
    assert (home.sql("SELECT * FROM jobs"), home.bytes()) == before


async def test_five_of_each_kind_are_named_and_made_good_and_no_byte_is_lost(home):
    kept, before = home.kept(), home.bytes()
    for number, path in enumerate(kept[:5]):
        path.write_bytes(b"a bit fell over %d" % number)  # five whose bytes have changed
    damaged = home.bytes()
    for path in kept[5:10]:
        before.discard(path.read_bytes())
        path.unlink()  # five that are gone
    for number in range(5):  # five that belong to nobody
        stray = hashlib.sha256(b"stray %d" % number).hexdigest()
        home.blobs.staging.put("stray", 0, b"stray %d" % number)
        home.blobs.keep("stray", stray)
        home.blobs.staging.drop(["stray"])
        os.utime(home.blobs.path(stray), (LONG_AGO, LONG_AGO))
    ids = [id for (id,) in home.sql("SELECT id FROM jobs ORDER BY id LIMIT 5")]
    for id in ids:  # five that a dead holder left
        home.sql(
            "UPDATE jobs SET state='processing', open_audio=audio, lease='x', lease_expires_at=1 WHERE id=?",
            id,
        )
        home.sql("UPDATE audios SET state='processing' WHERE id=(SELECT audio FROM jobs WHERE id=?)", id)
    for sequence in (2, 20, 40, 41, 77):  # five holes in what was told, two of them side by side
        home.sql("DELETE FROM events WHERE user='ada' AND sequence=?", sequence)
    found = home.found()
    assert sum("bytes have changed" in one for one in found) == 5
    assert sum(one == "I2 its bytes are not there" for one in found) == 5
    assert sum(one == "I7 it belongs to nobody" for one in found) == 5
    assert sum(one == "I3 it is at work, and nobody holds it" for one in found) == 5
    assert sum(one.endswith("missing") and one.startswith("I5") for one in found) == 4
    assert "I5 numbers 40 to 41 are missing" in found

    assert all(one.remedy for one in await repair(home.settings))
    assert violations(home.settings) == [] and await repair(home.settings) == []
    assert home.bytes() >= (damaged & before) | {b"a bit fell over %d" % number for number in range(5)}
    assert home.bytes() >= {b"stray %d" % number for number in range(5)}
    assert home.sql("SELECT COUNT(*) FROM audios") == [(30,)]
    assert home.sql("SELECT COUNT(*) FROM audios WHERE missing_at IS NOT NULL") == [(10,)]
    assert home.sql("SELECT state, COUNT(*) FROM jobs GROUP BY state") == [("completed", 25), ("queued", 5)]
    assert home.sql("SELECT COUNT(*) FROM events WHERE kind='events.lost'") == [(5,)]


async def test_a_sound_whose_bytes_were_lost_is_whole_again_once_it_is_sent_again(home):
    [lost, *_] = home.kept()
    data = lost.read_bytes()
    lost.unlink()
    await repair(home.settings)
    home.blobs.staging.put("again", 0, data)
    home.blobs.keep("again", lost.name)
    home.blobs.staging.drop(["again"])
    assert lost.read_bytes() == data and violations(home.settings) == []


WRONGS = {  # what one statement does to a home, and what is said of it
    "a sound is gone": (
        "DELETE FROM audios WHERE id='sound-001'",
        {"I1 its sound sound-001", "I1 its sound is gone"},
    ),
    "a sound waits for nothing": (
        "UPDATE audios SET state='queued' WHERE id='sound-002'",
        {"I1 it is queued, and has no job"},
    ),
    "a content is not known": ("DELETE FROM contents WHERE created_at > 0", {"I1 its content"}),
    "a job is filed wrongly": (
        "UPDATE jobs SET open_audio=audio WHERE audio='sound-003'",
        {"I3 it is completed"},
    ),
    "a result is of nothing": ("UPDATE results SET sha256='0' WHERE rowid=1", {"I4 it is of 0"}),
    "a job was done twice": (
        "UPDATE events SET job=(SELECT job FROM events WHERE sequence=4) WHERE sequence=8",
        {"I4 it was completed 2 times"},
    ),
    "the last event is lost": ("DELETE FROM events WHERE sequence=120", {"I5 number 120 is missing"}),
    "a number will come again": (
        "UPDATE users SET event_sequence=100 WHERE id='ada'",
        {"I5 they reach 120, and 100"},
    ),
    "a change was not told": (
        "UPDATE audios SET state='failed' WHERE id='sound-004'",
        {"I5 it is failed, and"},
    ),
    "a job is another's": ("UPDATE jobs SET user='bob' WHERE audio='sound-005'", {"I6 it is of user bob"}),
    "an event is another's": (
        "INSERT INTO events VALUES ('bob', 1, 'audio.added', 0, 'sound-005', '', '', '', '', '')",
        {"I5 they reach 1", "I6 it tells of a sound"},
    ),
    "a sound is nobody's": (
        "UPDATE audios SET user='eve' WHERE id='sound-006'",
        {"I6 it is of user eve, and there"},
    ),
}


@pytest.mark.parametrize("wrong", WRONGS)
async def test_what_is_wrong_with_the_rows_is_named(home, wrong):
    statement, expected = WRONGS[wrong]
    home.sql(statement)
    found = home.found()
    for beginning in expected:
        assert any(one.startswith(beginning) for one in found), found
    await repair(home.settings)
    left, again = violations(home.settings), await repair(home.settings)
    assert left == again  # what cannot be made good stays as it is, and is told again
    assert home.sql("SELECT COUNT(*) FROM jobs WHERE state='completed'") >= [(29,)]


async def test_half_written_files_are_named_once_nobody_can_be_writing_them(home):
    staged, second = home.blobs.staging.path("nobody"), home.kept()[0].with_name(".nobody")
    for path in (staged, second):
        path.write_bytes(b"half")
    assert home.found() == []
    for path in (staged, second):
        os.utime(path, (LONG_AGO, LONG_AGO))
    assert home.found() == ["I7 it was begun and never finished"] * 2
    await repair(home.settings)
    assert home.found() == [] and b"half" in home.bytes()


async def test_a_database_that_is_damaged_is_said_to_be_and_is_not_written_to(home):
    roots = home.sql(
        "SELECT rootpage FROM sqlite_master WHERE tbl_name IN ('audios', 'jobs', 'events', 'results')"
    )
    pages = bytearray(home.settings.database_file.read_bytes())
    for (number,) in roots:
        pages[(number - 1) * 4_096 : (number - 1) * 4_096 + 64] = b"\x13" * 64
    home.settings.database_file.write_bytes(pages)
    found = home.found()
    assert found and all(one.startswith(("I1 it is damaged: ", "I1 it cannot be read: ")) for one in found)
    assert {one.remedy for one in await repair(home.settings)} == {""}
    assert home.settings.database_file.read_bytes() == pages


async def test_what_is_found_by_something_else_than_was_heard_is_named_and_entered_anew(home):
    home.sql("UPDATE catalogue SET bpm = 99 WHERE audio = 'sound-001'")
    home.sql("UPDATE words SET word = 'other' WHERE word = '002'")
    [(entry,)] = home.sql("SELECT sound FROM catalogue WHERE audio = 'sound-003'")
    home.sql(
        "DELETE FROM labels WHERE sound = ? AND word = (SELECT MIN(word) FROM labels WHERE sound = ?)",
        entry,
        entry,
    )
    home.sql("INSERT INTO labels (word, sound) VALUES (1, 9999), (9999, 1)")
    home.sql(
        "INSERT INTO catalogue SELECT 5000, 'gone', user, name, created_at, kind, bpm, key, root, loudness, "
        "duration, energy, folder, state, size FROM catalogue WHERE audio = 'sound-004'"
    )
    found = sorted((one.invariant, one.subject) for one in violations(home.settings))
    assert found == [
        ("I9", "label 1 of entry 9999"), ("I9", "label 9999 of entry 1"), ("I9", "sound gone"),
        *(("I9", f"sound sound-00{number}") for number in (1, 2, 3)),
    ]  # fmt: skip
    assert all(one.remedy for one in await repair(home.settings))
    assert violations(home.settings) == []
