"""C4, C7, C8 and C10: lines that are cut, peers that vanish without a word, and work that nobody waits for any more."""

import hashlib
import os
import random
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
from chaos import Chaos
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from sound_files import wave_file
from subscription import Subscription

from samplemind_client import Client

LONGEST_SILENCE = 42.0  # seconds from the last word of a peer to the end of its calls
SPIN = """
import os
from samplemind_sdk import Analyzer, Output, hookimpl

class Spin(Analyzer):
    "Says which process it is in, and is never done."
    name = "spin"
    never = Output()

    def update(self, block):
        open(f"{place}/{{os.getpid()}}", "w").close()
        while True:
            pass

    def describe(self):
        yield self.never(0.0)

@hookimpl
def analyzers():
    return [Spin]
"""


def run(folder: Path, short: bool) -> str:
    with _daemon(folder / "lines") as daemon:
        told = [_cut_uploads(daemon, folder, 1 if short else 5), _vanished(daemon, folder)]
        told.append(_deadlines(daemon, 20 if short else 100))
    (place := folder / "processes").mkdir()
    with _daemon(folder / "spin", SPIN.format(place=place), str(place)) as daemon:
        told.append(_cancels(daemon, place, 5 if short else 50))
    return "; ".join(told)


@contextmanager
def _daemon(folder: Path, plugin: str = "", scratch: str = ""):
    """A daemon, with no other plugin than this, which may write to one folder, if one is given."""
    (folder / "home" / "plugins").mkdir(parents=True)
    if plugin:
        (folder / "home" / "plugins" / "only.py").write_text(plugin)
    settings = {"SAMPLEMIND_MAX_UPLOAD_MB": "200"} | (
        {"SAMPLEMIND_WORKER_SCRATCH": scratch} if scratch else {}
    )
    daemon = DaemonProcess(folder / "home", settings, workers=1).start()
    try:
        if plugin:
            with Client(daemon.address, key=daemon.owner_key) as client:
                for one in client.plugins.list():
                    if one.name != "only":
                        client.plugins.disable(one.name)
        yield daemon
    finally:
        daemon.stop()


def _sound(path: Path, size: int) -> Path:
    path.write_bytes(wave_file(os.urandom(size)))
    return path


def _cut_uploads(daemon: DaemonProcess, folder: Path, many: int, cuts: int = 20) -> str:
    """C4: uploads of 100 MB over a line that is reset twenty times."""
    worst = 0.0
    for number in range(many):
        path = _sound(folder / "long.wav", 100_000_000)
        size, chaos = path.stat().st_size, Chaos(daemon.address)
        chaos.cut_each(size // (cuts + 1), cuts)
        with closing(chaos), Client(chaos.address, key=daemon.owner_key) as client:
            sound = client.upload(path)
            client.cancel(sound.id)
        assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest(), f"upload {number} is another"
        assert chaos.cuts == cuts, f"{chaos.cuts} cuts"
        worst = max(worst, (chaos.sent - size) / cuts / 2**20)
    assert worst <= 4, f"{worst:.1f} MiB sent again for a cut"
    return (
        f"{many} uploads of 100 MB, {cuts} resets each: whole, at most {worst:.2f} MiB sent again for a cut"
    )


def _vanished(daemon: DaemonProcess, folder: Path, many: int = 20) -> str:
    """C8: followers, and one who sends, behind a line that swallows everything."""
    process, chaos = psutil.Process(daemon.process.pid), Chaos(daemon.address)
    with Client(daemon.address, key=daemon.owner_key) as client, closing(chaos):
        files = process.num_fds()
        headers = [("x-api-key", daemon.owner_key)]
        streams = [Subscription(chaos.address, headers) for _ in range(many)]
        assert client.status().subscribers == many
        chaos.swallow()
        began = time.monotonic()
        wait_for(lambda: client.status().subscribers == 0, 120)
        took = time.monotonic() - began
        wait_for(lambda: process.num_fds() <= files + 2, 10)
        for stream in streams:
            stream.close()
    assert took <= LONGEST_SILENCE, f"{took:.0f} s until the last of {many} was let go"
    return f"{many} peers that vanished without a word: let go after {took:.1f} s, descriptors back"


def _deadlines(daemon: DaemonProcess, many: int) -> str:
    """C10: calls with half a second, on a stream that never ends."""
    with closing(Channel(daemon.address)) as channel:
        ada = Person(channel)
        streams = [Subscription(daemon.address, ada.headers, timeout=0.5) for _ in range(many)]
        for stream in streams:
            wait_for(lambda stream=stream: stream.ended, 30)
        codes = {stream.ended.code for stream in streams}
        last = max(stream.at for stream in streams)
        wait_for(lambda: ada("StatusService/GetStatus").answer.subscribers == 0)
        took = time.monotonic() - last
        for stream in streams:
            stream.close()
    assert codes == {"DEADLINE_EXCEEDED"} and took <= 1, f"{codes}, {took:.2f} s"
    return f"{many} deadlines: all end as DEADLINE_EXCEEDED, the last of their work {took:.2f} s later"


def _cancels(daemon: DaemonProcess, place: Path, many: int) -> str:
    """C7: cancelled at any moment of a hearing that would never end."""
    chance, slowest, free, spun = random.Random(), 0.0, 0.0, 0
    with Client(daemon.address, key=daemon.owner_key) as client:
        for _ in range(many):
            sound = client.upload(_sound(daemon.home.parent / "spin.wav", 20_000))
            time.sleep(chance.uniform(0, 1.5))
            began = time.monotonic()
            assert client.cancel(sound.id).state == "cancelled"
            wait_for(lambda: not _alive(place), 10)
            slowest, spun = max(slowest, time.monotonic() - began), len(list(place.iterdir()))
            began, following = (
                time.monotonic(),
                client.upload(_sound(daemon.home.parent / "next.wav", 20_000)),
            )
            wait_for(lambda: _alive(place), 10)
            free = max(free, time.monotonic() - began)
            client.cancel(following.id)
    told = f"{many} cancels at random, {spun} workers at work in all: gone after {slowest:.2f} s at most, the seat "
    told += f"at work again {free:.2f} s later"
    assert slowest <= 1 and free <= 2, told
    return told


def _alive(place: Path) -> list[str]:
    """The processes that have begun to spin and are still there."""
    return [one.name for one in place.iterdir() if psutil.pid_exists(int(one.name))]
