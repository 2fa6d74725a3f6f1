"""D6: fifty writers at once, and nobody hears that the database is locked."""

import asyncio
from pathlib import Path

import psutil
from crowd_of_calls import Crowd
from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from senders import any_sound
from timing import slower, spent

WRITERS, WRITES, CONNECTIONS = 50, 5_000, 10


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        channel = Channel(daemon.address)
        ada = Person(channel)
        sound = ada.upload(any_sound())
        channel.close()
        return asyncio.run(_measure(daemon, ada.headers, sound.id, WRITES // 5 if short else WRITES))
    finally:
        daemon.stop()


async def _measure(daemon: DaemonProcess, headers: list[tuple[str, str]], audio: str, writes: int) -> str:
    crowd, process = Crowd(daemon.address, CONNECTIONS), psutil.Process(daemon.process.pid)
    await crowd.call("AuthService/GetMe", headers)  # connections are made once
    crowd.seconds.clear()
    before = spent(process)
    await asyncio.gather(*(_rename(crowd, headers, audio, who, writes // WRITERS) for who in range(WRITERS)))
    each = (spent(process) - before) / writes * 1e6
    await crowd.close()
    assert set(crowd.seconds) == {"OK"}, crowd.tell()
    took = crowd.seconds["OK"]
    told = (
        f"{WRITERS} writers, {len(took):,} writes: refused 0, p50 {slower(took, 0.5):.0f} and p99 "
        f"{slower(took, 0.99):.0f} ms, {each:.0f} us of processor time each"
    )
    assert slower(took, 0.99) <= 250, told
    return told


async def _rename(crowd: Crowd, headers: list[tuple[str, str]], audio: str, who: int, writes: int) -> None:
    for number in range(writes):
        await crowd.call("AudioService/Update", headers, audio_id=audio, name=f"{who}-{number}.wav")
