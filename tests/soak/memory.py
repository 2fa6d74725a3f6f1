"""G4: where memory is short, it is workers that the system ends, and their jobs fail with that reason.

The daemon and all its processes get a gibibyte together, which is less than one worker may take.
"""

import os
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
from commanding import wait_for
from daemon_process import DaemonProcess
from engine_room import wave
from raw_calls import Channel, Person
from rig import NotHere, need_root

GROUPS = Path("/sys/fs/cgroup/memory")  # version 1
LIMIT_BYTES = 2**30
GREEDY, MODEST = 0.5, 0.1  # levels of sound
PLUGIN = """
    import time
    from samplemind_sdk import Analyzer, Output, hookimpl

    class Hunger(Analyzer):
        "Takes all memory that there is where a sound is loud."
        name = "hunger"
        heard = Output()
        value = 0.0
        def update(self, block):
            self.value, held = float(abs(block.samples[0, 0])), []
            while self.value > 0.3:
                held.append(b"x" * 2**24)
        def describe(self): yield self.heard(self.value)

    @hookimpl
    def analyzers(): return [Hunger]
"""


def run(folder: Path, short: bool) -> str:
    many = 3 if short else 10
    (folder / "home" / "plugins").mkdir(parents=True)
    (folder / "home" / "plugins" / "hunger.py").write_text(textwrap.dedent(PLUGIN))
    daemon = DaemonProcess(folder / "home", workers=2).start()
    try:
        with _group(daemon.process.pid) as group:
            return _starve(daemon, group, folder, many)
    finally:
        daemon.stop()


def _starve(daemon: DaemonProcess, group: Path, folder: Path, many: int) -> str:
    process, channel = psutil.Process(daemon.process.pid), Channel(daemon.address)
    lasting = {process, *process.children()}  # the daemon itself, and what its workers come from
    ada = Person(channel)
    greedy = [_send(ada, folder, GREEDY, 1 + number / 100) for number in range(many)]
    modest = [_send(ada, folder, MODEST, 1 + number / 100) for number in range(5 * many)]
    slowest, deadline = 0.0, time.monotonic() + 900
    while time.monotonic() < deadline:
        began = time.monotonic()
        assert ada("AuthService/GetMe").code == "OK"
        slowest = max(slowest, time.monotonic() - began)
        if all(_is_over(ada, id) for id in greedy + modest):
            break
        time.sleep(0.2)
    reasons = {_seen(ada, id).problem.reason for id in greedy}
    assert reasons == {"OUT_OF_MEMORY"}, reasons
    assert {_seen(ada, id).problem.reason for id in modest} == {""}
    ended = int((group / "memory.oom_control").read_text().split("oom_kill ")[1].split()[0])
    assert ended == 3 * many, f"the system ended {ended} processes"
    assert all(one.is_running() for one in lasting), "one that was no worker was ended"
    channel.close()
    return (
        f"{many} sounds that take all memory beside {5 * many} others: {ended} processes ended by the system, all of "
        f"them workers; {many} failed as OUT_OF_MEMORY, the others done; GetMe {slowest * 1e3:.0f} ms at most"
    )


def _send(ada: Person, folder: Path, level: float, seconds: float) -> str:
    return ada.upload(wave(folder / "made.wav", level, seconds).read_bytes()).id


def _seen(ada: Person, id: str):
    return ada("AudioService/Get", audio_id=id).answer.audio


def _is_over(ada: Person, id: str) -> bool:
    sound = _seen(ada, id)
    return bool(sound.problem.reason or sound.media.duration_seconds)


@contextmanager
def _group(daemon: int):
    """A group of processes with so much memory for all of them, and the daemon's family in it."""
    need_root()
    group = GROUPS / f"samplemind-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(LIMIT_BYTES))
    except OSError as error:
        raise NotHere(f"it needs memory groups of Linux, version 1: {error}") from None
    family = psutil.Process(daemon)
    try:
        for one in [family, *family.children(recursive=True)]:
            (group / "cgroup.procs").write_text(str(one.pid))
        yield group
    finally:
        for one in [family, *family.children(recursive=True)]:
            (GROUPS / "cgroup.procs").write_text(str(one.pid))
        wait_for(lambda: not (group / "cgroup.procs").read_text(), 30)
        group.rmdir()
