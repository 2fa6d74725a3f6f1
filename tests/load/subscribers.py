"""C6: a thousand streams that are told five times a second, and what is left of them when they end."""

import asyncio
import time
from pathlib import Path

import grpc
import psutil
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel, Person, message_of
from senders import any_sound

from samplemind.v1 import event_pb2

STREAMS, CONNECTIONS, EVERY_SECONDS = 1_000, 20, 0.2
PATH = "/samplemind.v1.EventService/Subscribe"


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(
        folder / "home", workers=1, settings={"SAMPLEMIND_HEARTBEAT_SECONDS": "30"}
    ).start()
    channel = Channel(daemon.address)
    try:
        ada, process = Person(channel), psutil.Process(daemon.process.pid)
        sound = ada.upload(any_sound())
        wait_for(lambda: ada("AudioService/Get", audio_id=sound.id).answer.audio.media.duration_seconds)
        before = process.num_fds()
        late, memory, spent = asyncio.run(_measure(daemon, ada, sound.id, process, 10 if short else 60))
        wait_for(lambda: ada("StatusService/GetStatus").answer.subscribers == 0, 5)
        wait_for(lambda: process.num_fds() <= before + 5, 5)
    finally:
        channel.close()
        daemon.stop()
    p50, p99 = (late[int(len(late) * share)] * 1_000 for share in (0.5, 0.99))
    each = spent / len(late) * 1e6
    told = (
        f"{STREAMS} streams, {len(late):,} messages: p50 {p50:.0f} and p99 {p99:.0f} ms, {each:.0f} us of processor "
        f"time each, {memory:.0f} MiB"
    )
    assert p99 <= 500 and memory <= 300, told
    return told


async def _measure(daemon: DaemonProcess, ada: Person, audio: str, process, seconds: float):
    """How late each message came, sorted; the daemon's memory in MiB meanwhile, and the processor seconds it took."""
    own = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(daemon.address, options=own) for _ in range(CONNECTIONS)]
    begun, late = asyncio.Semaphore(0), []
    reading = [
        asyncio.create_task(_read(channels[number % CONNECTIONS], ada.headers, begun, late))
        for number in range(STREAMS)
    ]
    for _ in range(STREAMS):
        await begun.acquire()
    happened, began, spent = 0, time.monotonic(), sum(process.cpu_times()[:2])
    while time.monotonic() - began < seconds:
        name = f"{happened}.wav"
        await asyncio.to_thread(ada, "AudioService/Update", audio_id=audio, name=name)
        happened += 1
        await asyncio.sleep(EVERY_SECONDS)
    memory = process.memory_info().rss / 2**20
    async with asyncio.timeout(30):
        while len(late) < happened * STREAMS:
            await asyncio.sleep(0.1)
    spent = sum(process.cpu_times()[:2]) - spent
    for one in reading:
        one.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    for channel in channels:
        await channel.close()
    return sorted(late), memory, spent


async def _read(channel: grpc.aio.Channel, headers, begun: asyncio.Semaphore, late: list[float]) -> None:
    ask = channel.unary_stream(PATH, _body, event_pb2.SubscribeResponse.FromString)
    async for message in ask(message_of("EventService/Subscribe"), metadata=tuple(headers)):
        if message.HasField("event"):
            late.append(time.time() - message.event.at.ToNanoseconds() / 1e9)
        else:
            begun.release()


def _body(request) -> bytes:
    return request.SerializeToString()
