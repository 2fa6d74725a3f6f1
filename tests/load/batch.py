"""D3: with a batch of a thousand files at work, whoever waits for an answer gets it soon."""

import threading
import time
from pathlib import Path

import numpy as np
import soundfile
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from timing import Timing

MANY, SECONDS = 1_000, 10.0
RATE = 44_100


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=2).start()
    try:
        return _measure(daemon, folder, asks=8 if short else 40)
    finally:
        daemon.stop()


def _measure(daemon: DaemonProcess, folder: Path, asks: int) -> str:
    pile = folder / "pile"
    pile.mkdir()
    for number in range(MANY):
        _write(pile / f"{number:04}.wav", number, SECONDS)
    pile.rename(daemon.inbox / "pile")
    channel = Channel(daemon.address)
    ada, owner = Person(channel), [("x-api-key", daemon.owner_key)]
    wait_for(lambda: channel.call("AudioService/List", owner, page_size=1).answer.total == MANY, 300)
    me, heard, over = Timing(), Timing(), threading.Event()
    asking = threading.Thread(target=_ask_on, args=(Channel(daemon.address), owner, me, over))
    asking.start()
    for number in range(asks):
        clip = ada.upload(_write(folder / "clip.wav", 10_000 + number, SECONDS).read_bytes())
        heard.call(lambda clip=clip: ada("AnalysisService/Analyze", audio_id=clip.id, whole=True))
        time.sleep(0.5)
    over.set()
    asking.join()
    still = channel.call("AudioService/List", owner, page_size=1, filter="state = queued").answer.total
    channel.close()
    told = (
        f"{MANY} files of {SECONDS:g} s at work ({still} still waiting in the end): Analyze of {asks} clips of "
        f"{SECONDS:g} s, p50 {heard.slower(0.5):.0f} and p95 {heard.slower(0.95):.0f} ms; GetMe {len(me.seconds)} "
        f"times, p50 {me.slower(0.5):.1f} and p99 {me.slower(0.99):.1f} ms"
    )
    assert still > 0, f"the batch was over too soon: {told}"
    assert heard.slower(0.95) < 2_000 and me.slower(0.99) < 50, told
    return told


def _ask_on(channel: Channel, headers: list[tuple[str, str]], me: Timing, over: threading.Event) -> None:
    while not over.wait(0.05):
        me.call(lambda: channel.call("AuthService/GetMe", headers))
    channel.close()


def _write(path: Path, seed: int, seconds: float) -> Path:
    """A tone with noise of its own."""
    time, chance = np.arange(int(seconds * RATE)) / RATE, np.random.default_rng(seed)
    sound = 0.3 * np.sin(2 * np.pi * 220 * time) + 0.01 * chance.standard_normal(len(time))
    soundfile.write(path, sound, RATE, subtype="PCM_16", format="WAV")
    return path
