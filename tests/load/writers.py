"""D6: fifty writers at once, and nobody hears that the database is locked."""

import threading
from pathlib import Path

from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from senders import any_sound
from timing import Timing

WRITERS, WRITES = 50, 5_000


def run(folder: Path, short: bool) -> str:
    daemon, timing, wrong = DaemonProcess(folder / "home", workers=1).start(), Timing(), []
    writes = WRITES // 10 if short else WRITES
    try:
        channel = Channel(daemon.address)
        ada = Person(channel)
        sound = ada.upload(any_sound())
        threads = [
            threading.Thread(
                target=_rename, args=(daemon.address, ada.headers, sound.id, timing, wrong, writes)
            )
            for _ in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        daemon.stop()
    assert not wrong, wrong[:3]
    told = (
        f"{WRITERS} writers, {len(timing.seconds)} writes: refused 0, p50 {timing.slower(0.5):.0f} and p99 "
        f"{timing.slower(0.99):.0f} ms"
    )
    assert timing.slower(0.99) <= 250, told
    return told


def _rename(address, headers, audio: str, timing: Timing, wrong: list[Exception], writes: int) -> None:
    channel = Channel(address)
    try:
        Timing().call(lambda: channel.call("AuthService/GetMe", headers))  # a connection is made once
        for number in range(writes // WRITERS):
            name = f"{threading.get_ident()}-{number}.wav"
            timing.call(
                lambda name=name: channel.call("AudioService/Update", headers, audio_id=audio, name=name)
            )
    except Exception as error:
        wrong.append(error)
    channel.close()
