"""Whatever happens to kept bytes is found, and wrong ones are never given out."""

import hashlib
import random
import sqlite3
from contextlib import closing

import pytest
from peopled import peopled

from samplemind_daemon.library.check import violations
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.refusals import Damaged
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import DiskBlobs

SOUNDS, FLIPPED, CUT = 1_000, 100, 10


@pytest.fixture
async def store(tmp_path):
    async with peopled(tmp_path / "samplemind.db") as store:
        yield store


def fill(settings, many):
    """Keep so many contents, of one user; their digests."""
    blobs, digests = DiskBlobs(settings.blobs_folder), []
    for number in range(many):
        data = f"sound {number}".encode() * 10
        digests.append(hashlib.sha256(data).hexdigest())
        place = blobs.path(digests[-1])
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    rows = [(sha256, blobs.path(sha256).stat().st_size) for sha256 in digests]
    with closing(sqlite3.connect(settings.database_file)) as db, db:
        db.executemany("INSERT INTO contents VALUES (?, ?, NULL, 0)", rows)
        db.executemany(
            "INSERT INTO audios VALUES (?, 'ada', ?, 'completed', 0, '', '', ?, ?, NULL, NULL, 0, 0, 0, NULL, 0)",
            [(sha256[:36], sha256[:8], size, sha256) for sha256, size in rows],
        )
    return digests


async def test_every_flipped_bit_and_every_cut_is_found_and_none_is_served(store, tmp_path):
    settings, chance = Settings(home=tmp_path), random.Random(1)
    digests = fill(settings, SOUNDS)
    blobs, harmed = DiskBlobs(settings.blobs_folder), set(chance.sample(digests, FLIPPED + CUT))
    for number, sha256 in enumerate(sorted(harmed)):
        data = bytearray(blobs.path(sha256).read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        blobs.path(sha256).write_bytes(data if number < FLIPPED else data[: len(data) // 2])
    found = violations(settings)
    assert {one.subject for one in found} == {f"content {sha256}" for sha256 in harmed}
    assert {one.invariant for one in found} == {"I2"}
    sounds = Sounds(store, blobs, None)
    for sha256 in harmed:
        with pytest.raises(Damaged, match="no longer those that were kept"):
            await anext(sounds.read("ada", sha256[:36]))
    for sha256 in chance.sample(sorted(set(digests) - harmed), 20):
        assert b"".join([data async for _, data in sounds.read("ada", sha256[:36])])
