"""A home is copied while it is lived in, and comes back to life elsewhere, for its own people only."""

import hashlib
import json
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import PASSWORD, Channel, Person
from senders import Senders, any_sound

from samplemind_daemon.access import Access
from samplemind_daemon.library.backup import CannotBackUp, back_up, restore
from samplemind_daemon.refusals import Unauthenticated
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store


@pytest.fixture
def copied(own_daemon, samplemindd, tmp_path):
    """A daemon's home, and a backup of it that was made under load."""
    daemon = own_daemon()
    (daemon.inbox / "dropped.wav").write_bytes(dropped := any_sound())
    channel = Channel(daemon.address)
    ada = Person(channel)
    wait_for(lambda: count(daemon, "completed") == 1)
    with Senders(daemon.address, daemon.owner_key, tmp_path / "acks", many=2, pause=0.1) as senders:
        wait_for(lambda: len(senders.acknowledged()) > 10)
        before = senders.acknowledged()
        done = samplemindd("backup", tmp_path / "copy", "--home", daemon.home)
        wait_for(lambda: len(senders.acknowledged()) > len(before))
    channel.close()
    assert done.returncode == 0, done.stderr
    return daemon, ada, [*before, hashlib.sha256(dropped).hexdigest()]


def count(daemon, state=""):
    where = f" WHERE state='{state}'" if state else ""
    with closing(sqlite3.connect(daemon.home / "samplemind.db")) as db:
        return db.execute(f"SELECT COUNT(*) FROM audios{where}").fetchone()[0]


def known(home):
    with closing(sqlite3.connect(home / "samplemind.db")) as db:
        return {sha256 for (sha256,) in db.execute("SELECT sha256 FROM audios")}


@pytest.mark.timeout(300)
def test_all_that_was_promised_before_is_in_the_backup_and_lives_on_elsewhere(
    copied, samplemindd, violations, tmp_path
):
    daemon, ada, before = copied
    daemon.kill()  # the other place must not need this one
    home = tmp_path / "elsewhere"
    done = samplemindd("restore", tmp_path / "copy", "--home", home)
    assert done.returncode == 0 and f"samplemindd serve --home {home}" in done.stderr
    assert known(home) >= set(before) and violations(home) == []
    assert (home / "samplemind.db").stat().st_mode & 0o077 == 0 and home.stat().st_mode & 0o077 == 0

    again = DaemonProcess(home).start()
    channel = Channel(again.address)
    try:
        assert channel.call("AuthService/GetMe", ada.headers).code == "UNAUTHENTICATED"
        token = ada.tokens.refresh_token
        assert channel.call("AuthService/Refresh", refresh_token=token).code == "UNAUTHENTICATED"
        login = {"email": ada.email, "password": PASSWORD}
        assert channel.call("AuthService/Login", password=login).code == "OK"
        assert again.owner_key != daemon.owner_key
        wait_for(lambda: count(again, "completed") == count(again))
        with closing(sqlite3.connect(home / "samplemind.db")) as db:
            query = "SELECT audios.state, missing_at FROM audios JOIN folders ON folders.id = audios.folder"
            assert db.execute(query).fetchall() == [("completed", None)]
            assert db.execute("SELECT path, state FROM folders").fetchall() == [
                (bytes(home / "inbox"), "active")
            ]
            done = db.execute("SELECT COUNT(*) FROM events WHERE kind='audio.completed' GROUP BY audio")
            assert set(done.fetchall()) == {(1,)}
        assert violations(home) == []
    finally:
        channel.close()
        again.stop()


@pytest.fixture
def home(tmp_path):
    """A home with nothing in it but a database."""
    Store(tmp_path / "home" / "samplemind.db").migrate()
    return tmp_path / "home"


def test_nothing_is_written_over_and_half_a_backup_is_none(home, tmp_path):
    settings, elsewhere = Settings(home=home), Settings(home=tmp_path / "new")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("somebody's")
    for wrong, why in ((tmp_path / "full", "not empty"), (home / "copy", "in the home itself")):
        with pytest.raises(CannotBackUp, match=why):
            back_up(settings, wrong)
    with pytest.raises(CannotBackUp, match="no database"):
        back_up(elsewhere, tmp_path / "copy")
    back_up(settings, tmp_path / "copy")
    with pytest.raises(CannotBackUp, match="not empty"):
        restore(tmp_path / "copy", settings)
    (tmp_path / "copy" / "backup.json").unlink()
    with pytest.raises(CannotBackUp, match="no complete backup"):
        restore(tmp_path / "copy", elsewhere)
    assert not elsewhere.home.exists() and (tmp_path / "full" / "file").read_text() == "somebody's"


async def test_sessions_end_with_a_restore_unless_the_signing_key_is_kept(home, tmp_path):
    async with opened(home) as access:
        await access.prepare()
        await access.register("ada@example.org", PASSWORD)
        tokens, _ = await access.login("ada@example.org", PASSWORD)
    back_up(Settings(home=home), tmp_path / "copy")
    for name, keep in (("kept", True), ("new", False)):
        restore(tmp_path / "copy", Settings(home=tmp_path / name), keep)
        async with opened(tmp_path / name) as access:
            if keep:
                assert (await access.authenticate(f"Bearer {tokens.access}", None)).session
                continue
            with pytest.raises(Unauthenticated):
                await access.authenticate(f"Bearer {tokens.access}", None)
            with pytest.raises(Unauthenticated):
                await access.refresh(tokens.refresh)


@asynccontextmanager
async def opened(home):
    store = Store(home / "samplemind.db")
    store.migrate()
    access = Access(store, Settings(home=home))
    yield access
    await access.close()
    store.close()


def test_a_backup_of_a_newer_version_is_refused_with_both_versions(home, samplemindd, tmp_path):
    with closing(sqlite3.connect(home / "samplemind.db")) as db, db:
        newest = db.execute("SELECT MAX(name) FROM schema_migration").fetchone()[0]
        db.execute("INSERT INTO schema_migration (name, applied) VALUES ('9000_later', '')")
    back_up(Settings(home=home), tmp_path / "copy")
    done = samplemindd("restore", tmp_path / "copy", "--home", tmp_path / "new")
    assert done.returncode == 78 and "9000_later" in done.stderr and newest in done.stderr
    assert not (tmp_path / "new").exists()


def test_damaged_bytes_are_named_and_left_out_and_the_rest_is_copied(home, samplemindd, tmp_path):
    made = {hashlib.sha256(data).hexdigest(): data for data in (b"one", b"two")}
    with closing(sqlite3.connect(home / "samplemind.db")) as db, db:
        for sha256, data in made.items():
            db.execute("INSERT INTO contents VALUES (?, 3, NULL, 0)", [sha256])
            place = home / "blobs" / "sha256" / sha256[:2] / sha256
            place.parent.mkdir(parents=True)
            place.write_bytes(data)
    (damaged, place), (fine, _) = ((one, home / "blobs/sha256" / one[:2] / one) for one in made)
    place.write_bytes(b"0ne")
    done = samplemindd("backup", tmp_path / "copy", "--home", home)
    assert done.returncode == 1 and damaged in done.stderr and fine not in done.stderr
    kept = {path.name for path in (tmp_path / "copy").glob("blobs/sha256/*/*")}
    assert kept == {fine} and json.loads((tmp_path / "copy" / "backup.json").read_text())["contents"] == 1
