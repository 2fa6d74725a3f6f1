"""D1: more and more clients that look things up, ask for analyses and send sounds."""

import random
import threading
import time
from pathlib import Path

from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from senders import any_sound
from timing import Timing

STEPS = (1, 8, 32, 64)
LOOK_UPS, SUBMITS = 0.8, 0.15  # of the calls; the rest are uploads


def run(folder: Path, short: bool) -> str:
    daemon, told = DaemonProcess(folder / "home", workers=1).start(), []
    try:
        for clients in STEPS:
            looks, seconds = _step(daemon, clients, 5 if short else 20)
            rate = len(looks.seconds) / seconds
            slow = f"p50 {looks.slower(0.5):.0f}, p99 {looks.slower(0.99):.0f} ms"
            told.append(f"{clients} clients: {rate:.0f} look-ups/s, {slow}")
    finally:
        daemon.stop()
    return "; ".join(told)


def _step(daemon: DaemonProcess, clients: int, seconds: float) -> tuple[Timing, float]:
    looks, wrong, over = Timing(), [], threading.Event()
    people = [Person(Channel(daemon.address)) for _ in range(clients)]  # in turn: sign-ins are bounded
    threads = [threading.Thread(target=_client, args=(ada, looks, wrong, over)) for ada in people]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong, f"{clients} clients: {wrong[:3]}"
    return looks, time.monotonic() - began


def _client(ada: Person, looks: Timing, wrong: list[Exception], over: threading.Event) -> None:
    chance = random.Random()
    try:
        sound, others = ada.upload(any_sound(2_000)), Timing()
        while not over.is_set():
            dice = chance.random()
            if dice < LOOK_UPS / 2:
                looks.call(lambda: ada("AudioService/Get", audio_id=sound.id))
            elif dice < LOOK_UPS:
                looks.call(lambda: ada("AudioService/List", page_size=20))
            elif dice < LOOK_UPS + SUBMITS:
                others.call(lambda: ada("AnalysisService/Reanalyze", audio_id=sound.id))
            else:
                ada.upload(any_sound(2_000))
        ada.channel.close()
    except Exception as error:
        wrong.append(error)
