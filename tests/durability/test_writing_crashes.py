"""A crash while a file is written leaves the old file or the new one, and the next daemon ends what was begun."""

import os

import pytest
from daemon_process import DaemonProcess
from writing_room import Room, eventually, make_sound, tree

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

SOUND, MOVED = "one.flac", "loop/128 one.flac"
PLAN = {"tags": ["bpm", "key"], "sidecar": True, "template": "{kind}/{bpm} {name}"}
EVERY = (
    os.environ.get("EVERY_POINT") == "1"
)  # otherwise a few that stand for the others: each takes two starts
BEFORE = ("write.copied", "write.tagged", "write.proved", "write.claimed", "write.kept")[0 if EVERY else 4 :]
AFTER = ("write.replaced", "write.ready", "write.moved", "write.laid", "write.settled")[
    : None if EVERY else 1
]
UNDO = ("write.replaced", "write.undo_ready", "write.moved")[: None if EVERY else 1]


class Crashes:
    """A daemon that is ended at one point after the other, and the files in its inbox."""

    def __init__(self, folder):
        self.daemon = DaemonProcess(folder / "home")
        self.start()
        make_sound(self.room.inbox / SOUND)
        self.old = tree(self.room.inbox)
        self.audio = self.room.heard(SOUND)[SOUND]
        self.room.correct([self.audio])

    def start(self, point=""):
        orders = {"SAMPLEMIND_TEST": "1", "SAMPLEMIND_FAILPOINT": f"{point}:crash"} if point else {}
        self.daemon._settings = {**self.daemon._settings, "SAMPLEMIND_FAILPOINT": "", **orders}
        if not point:
            del self.daemon._settings["SAMPLEMIND_FAILPOINT"]
        self.room = Room(self.daemon.start())

    def crash(self, rpc, point, preview=None):
        """Make a call in which the daemon crashes; the files as that leaves them, and the plan."""
        self.daemon.stop()
        self.start(point)
        preview = preview or self.room.preview([self.audio], **PLAN)
        assert self.room(rpc, write_id=preview.write_id).code in ("UNAVAILABLE", "CANCELLED")
        self.daemon.process.wait(30)
        self.daemon.kill()
        return tree(self.room.inbox), preview

    def look(self):
        """All files, once a daemon has started again; what it knows is what is there."""
        self.start()
        files = tree(self.room.inbox)
        [name] = [name for name in files if not name.endswith(".json")]
        self.room.answer("WatchService/Scan", folder_id=self.audio.folder_id)
        known = self.room.answer("AudioService/Get", audio_id=self.audio.id).audio
        assert (known.path, known.sha256, known.state) == (name, files[name], self.audio.state)
        assert violations(Settings(home=self.daemon.home)) == []
        return files


@pytest.fixture
def crashes(tmp_path):
    made = Crashes(tmp_path)
    yield made
    made.daemon.stop()


def whole(files, *known):
    """The sounds that are there, each of which is one that is known."""
    there = {
        name: sha256
        for name, sha256 in files.items()
        if not name.endswith((".json", ".part")) and sha256 != EMPTY
    }
    assert all(sha256 in known for sha256 in there.values()) and len(there) == 1, files
    return there


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of a name that is kept free


@pytest.mark.timeout(900)
def test_a_crash_at_any_step_of_writing_leaves_one_file_or_the_other_and_is_put_right(crashes):
    [old] = crashes.old.values()
    for point in BEFORE:  # it is taken back
        files, _ = crashes.crash("LibraryService/ApplyWrite", point)
        assert whole(files, old) == crashes.old, point
        assert crashes.look() == crashes.old, point
    preview = crashes.room.preview([crashes.audio], **PLAN)
    assert crashes.room.apply(preview).done == 1
    written = tree(crashes.room.inbox)
    for point in AFTER:  # it is finished
        assert crashes.room.undo(preview).done == 1 and tree(crashes.room.inbox) == crashes.old
        files, preview = crashes.crash("LibraryService/ApplyWrite", point)
        whole(files, old, written[MOVED])
        assert crashes.look().keys() == written.keys(), point
        assert tree(crashes.room.inbox)[MOVED] == written[MOVED], point
    for point in UNDO:
        files, _ = crashes.crash("LibraryService/UndoWrite", point, preview)
        whole(files, old, written[MOVED])
        assert crashes.look() == crashes.old, point
        preview = crashes.room.preview([crashes.audio], **PLAN)
        assert crashes.room.apply(preview).done == 1
    kinds = {kind for kind, _ in crashes.room.events()}
    assert not kinds & {"audio.changed", "audio.moved", "audio.missing", "audio.found"}
    eventually(lambda: crashes.room.undo(preview).done == 1)
