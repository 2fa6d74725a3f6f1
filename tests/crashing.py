"""A home whose daemon is killed again and again, and what must hold of it whenever that happens."""

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress

from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel
from senders import Senders, any_sound

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

POINTS = (  # in the order in which they are tried; tests/store/test_schemas.py kills migrations
    "blob.staged", "blob.synced", "blob.named@2", "blob.kept", "upload.recorded@3", "upload.committed",
    "answer.kept@4", "events.committed@5", "job.claimed@2", "job.begun", "job.heard@2", "job.recorded",
    "job.completed", "job.released", "arrivals.recorded", "sound.removed", "blob.dropping", "blob.dropped",
)  # fmt: skip
CRASH_SECONDS = 60.0
STRAY = "0" * 64


class Crashing:
    """A home whose daemon is started again and again, to crash at one point after the other."""

    def __init__(self, folder):
        self.home, self.acks = folder / "home", folder / "acks"
        self.settings = Settings(home=self.home)
        self.deleted = set()

    def move(self, home):
        """Be another home, with the same promises."""
        self.home, self.settings = home, Settings(home=home)

    def start(self, order="", **environment):
        """A daemon with orders to crash; it may have obeyed them before it served."""
        orders = {"SAMPLEMIND_TEST": "1", "SAMPLEMIND_FAILPOINT": order} if order else {}
        daemon = DaemonProcess(self.home, {"SAMPLEMIND_DRAIN_SECONDS": "0", **orders, **environment})
        daemon.log = self.acks.with_name("daemon.log")
        with suppress(AssertionError):
            daemon.start()
        return daemon

    def crash(self, point):
        """Send sounds, or do whatever else it takes, until the daemon has crashed at a point."""
        name, _, times = point.partition("@")
        if name.startswith("blob.drop"):
            self.leave_stray_bytes()
        daemon = self.start(f"{name}:crash" + (f"@{times}" if times else ""))
        if daemon.process.poll() is None:
            with Senders(daemon.address, daemon.owner_key, self.acks, many=3):
                self.provoke(name, daemon)
                with suppress(subprocess.TimeoutExpired):
                    daemon.process.wait(CRASH_SECONDS)
        daemon.kill()
        assert f"has the daemon crash at {name}\n" in daemon.log.read_text("utf-8", "replace"), point

    def kill_under_load(self, seconds, many=8, size=200_000):
        """Kill the daemon so many seconds after senders have begun to send."""
        daemon = self.start()
        with Senders(daemon.address, daemon.owner_key, self.acks, many, size):
            time.sleep(seconds)
            daemon.kill()

    def provoke(self, name, daemon):
        """Do what leads to a point, where sending sounds does not."""
        if name == "arrivals.recorded":
            (self.home / "inbox" / "dropped.wav").write_bytes(any_sound())
        if name == "sound.removed":
            channel, headers = Channel(daemon.address), [("x-api-key", daemon.owner_key)]
            [sound] = channel.call("AudioService/List", headers, page_size=1).answer.audios
            self.deleted.add(sound.sha256)
            channel.call("AudioService/Delete", headers, audio_id=sound.id)
            channel.close()
        if name == "job.released":
            wait_for(lambda: self.count("processing") or daemon.process.poll() is not None)
            daemon.process.send_signal(signal.SIGTERM)

    def leave_stray_bytes(self):
        """Have bytes there that nobody has had for long."""
        place = self.home / "blobs" / "sha256" / STRAY[:2] / STRAY
        place.parent.mkdir(exist_ok=True)
        place.touch()
        os.utime(place, (1, 1))

    def wrongs(self):
        """What does not hold while no daemon runs: broken promises, and sounds that were promised and are gone."""
        return self.broken() + sorted(self.promised() - self.known() - self.deleted)

    def broken(self):
        """The promises that a check finds broken."""
        return [one for one in violations(self.settings) if one.subject != f"content {STRAY}"]

    def finish(self, seconds=100):
        """Let a last daemon do what is left, and see that all is there, whole, and was done once."""
        last = self.start()
        wait_for(lambda: self.count("queued", "processing") == 0, seconds)
        assert last.stop() == 0
        assert self.wrongs() == []
        done = self.count("completed") + self.count("cancelled")
        assert done == len(self.ask("SELECT id FROM jobs")) >= len(self.promised() - self.deleted) > 0

    def promised(self):
        return set(self.acks.read_text().split()) if self.acks.exists() else set()

    def known(self):
        return {sha256 for (sha256,) in self.ask("SELECT sha256 FROM audios")}

    def count(self, *states):
        marks = ", ".join("?" * len(states))
        return self.ask(f"SELECT COUNT(*) FROM jobs WHERE state IN ({marks})", *states)[0][0]

    def ask(self, question, *values):
        with closing(sqlite3.connect(self.settings.database_file, timeout=15)) as db:
            return db.execute(question, values).fetchall()
