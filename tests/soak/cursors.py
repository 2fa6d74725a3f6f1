"""C5: subscribers that come and go while the daemon is killed, and each of them hears of everything once, in order."""

import asyncio
import random
import time
from contextlib import aclosing, closing
from pathlib import Path

from daemon_process import DaemonProcess
from happenings import Happenings, settled
from raw_calls import Channel, Person
from senders import any_sound

from samplemind_client import AsyncClient

KILLS = 3


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home", workers=1).start()
    try:
        with closing(Channel(daemon.address)) as channel:
            ada = Person(channel)
            sound = ada.upload(any_sound()).id
            happenings = Happenings(daemon, ada.id, sound, lambda name: _rename(ada, sound, name))
            happenings.count = settled(daemon, ada)
            _, headers = ada.make_key()
            told = asyncio.run(_measure(daemon, happenings, dict(headers)["x-api-key"], short))
            happenings.close()
    finally:
        daemon.stop()
    return told


async def _measure(daemon: DaemonProcess, happenings: Happenings, key: str, short: bool) -> str:
    many, bursts = (20, 4) if short else (100, 20)
    last = happenings.count + bursts * 1_001
    clients = [AsyncClient(daemon.address, key=key, delays=(0.5,) * 120) for _ in range(10)]
    reading = [asyncio.create_task(_read(clients[number % 10], last)) for number in range(many)]
    began, kills = time.monotonic(), set(random.sample(range(bursts), KILLS))
    for burst in range(bursts):
        await asyncio.to_thread(happenings.burst)
        await asyncio.sleep(random.uniform(0, 1))
        if burst in kills:
            await asyncio.to_thread(daemon.kill)
            await asyncio.to_thread(daemon.start)
    async with asyncio.timeout(1_800):
        came = await asyncio.gather(*reading)
    for client in clients:
        await client.close()
    for seen, _ in came:
        assert seen == list(range(1, last + 1)), (
            f"{len(seen)} of {last} events, {len(set(seen))} different ones"
        )
    times = sum(count for _, count in came)
    return (
        f"{many} subscribers, {last:,} events, {KILLS} kills, {times:,} times connected anew: gaps 0, repeats 0, "
        f"in order ({time.monotonic() - began:.0f} s)"
    )


async def _read(client: AsyncClient, last: int) -> tuple[list[int], int]:
    """The numbers of the events that came up to the last one, and how often the stream was begun again."""
    seen, cursor, times = [], "0", 0
    while not seen or seen[-1] < last:
        times += 1
        try:
            async with asyncio.timeout(random.uniform(0, 2)), aclosing(client.events(cursor)) as events:
                async for event in events:
                    seen.append(int(event.cursor.partition(".")[0]))
                    cursor = event.cursor
                    if seen[-1] >= last:
                        break
        except TimeoutError:
            continue
    return seen, times


def _rename(ada: Person, sound: str, name: str) -> None:
    """Again and again: the daemon may be on its way up."""
    while ada("AudioService/Update", audio_id=sound, name=name).code != "OK":
        time.sleep(0.2)
