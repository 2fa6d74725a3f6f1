"""A12: clocks that jump an hour back, an hour on, and forty days on."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from commanding import wait_for
from crashing import Crashing
from raw_calls import PASSWORD, Channel, Person
from rig import library
from senders import Senders

JUMPS = ("-1h", "+1h", "+40d", "+0")
MANY = 500


def run(folder: Path, short: bool) -> str:
    preload = library("libfaketimeMT.so*")
    home, many = Crashing(folder), 60 if short else MANY
    daemon = home.start()
    channel = Channel(daemon.address)
    ada = Person(channel)
    channel.close()
    for jump in JUMPS:
        goal = len(home.promised()) + many
        with Senders(daemon.address, daemon.owner_key, home.acks, many=4, size=10_000):
            wait_for(lambda goal=goal: len(home.promised()) >= goal, 300)
        daemon.kill()
        daemon = home.start(LD_PRELOAD=preload, FAKETIME=jump, FAKETIME_DONT_FAKE_MONOTONIC="1")
        _sign_in(daemon, ada, expired=jump == "+40d")
        wait_for(lambda: home.count("queued", "processing") == 0, 300)
    daemon.stop()
    assert (wrongs := home.wrongs()) == [], wrongs[:5]
    with closing(sqlite3.connect(home.settings.database_file)) as db:
        attempts = db.execute("SELECT MAX(attempts) FROM jobs").fetchone()[0]
    assert attempts <= 2, f"{attempts} attempts"
    return f"{len(JUMPS)} jumps with {len(home.promised())} jobs, at most {attempts} attempts, 0 violations"


def _sign_in(daemon, ada: Person, expired: bool) -> None:
    """Tokens that have ended are refused, and new ones are good, whatever the time is now."""
    channel = Channel(daemon.address)
    code = channel.call("AuthService/GetMe", ada.headers).code
    assert code == "UNAUTHENTICATED" or not expired, code
    login = {"email": ada.email, "password": PASSWORD}
    tokens = channel.call("AuthService/Login", password=login).answer.tokens
    ada.headers = [("authorization", f"Bearer {tokens.access_token}")]
    assert channel.call("AuthService/GetMe", ada.headers).code == "OK"
    channel.close()
    time.sleep(0.1)
