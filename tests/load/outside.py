"""D1 from outside: look-ups by h2load, which is written in C and leaves the cores to the daemon."""

import re
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from daemon_process import DaemonProcess
from raw_calls import Channel, Person, message_of
from senders import any_sound
from timing import slower, spent

STEPS = (1, 8, 32, 64, 200)  # clients, each of which waits for its answer; over 32 connections at most
CONNECTIONS = 32


def run(folder: Path, short: bool) -> str:
    assert shutil.which("h2load"), "h2load is missing: apt install nghttp2-client"
    daemon, told = DaemonProcess(folder / "home", workers=1).start(), []
    channel = Channel(daemon.address)
    try:
        ada = Person(channel)
        sounds = [ada.upload(any_sound(2_000)) for _ in range(30)]
        time.sleep(3)  # until they are heard
        asked = {
            "AuthService/GetMe": {},
            "AudioService/Get": {"audio_id": sounds[0].id},
            "AudioService/List": {"page_size": 20},
        }
        for rpc, fields in asked.items():
            for many in STEPS:
                told.append(_step(daemon, ada, rpc, message_of(rpc, **fields), many, 500 if short else 5_000))
    finally:
        channel.close()
        daemon.stop()
    return "; ".join(told)


def _step(daemon: DaemonProcess, ada: Person, rpc: str, message: Any, clients: int, calls: int) -> str:
    calls = max(calls, 5 * clients)
    process = psutil.Process(daemon.process.pid)
    before, began = spent(process), time.monotonic()
    took = _ask(daemon.address, rpc, ada.headers, message, clients, calls)
    seconds, each = time.monotonic() - began, (spent(process) - before) / calls * 1e6
    p50, p99 = slower(took, 0.5), slower(took, 0.99)
    return (
        f"{rpc} by {clients}: {calls / seconds:.0f} calls/s, p50 {p50:.1f} and p99 {p99:.0f} ms, "
        f"{each:.0f} us of processor time each"
    )


def _ask(
    address: str, rpc: str, headers: list[tuple[str, str]], message: Any, clients: int, calls: int
) -> list[float]:
    """How many seconds each of the calls took."""
    connections = min(clients, CONNECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        body, log = Path(folder) / "body", Path(folder) / "log"
        packed = message.SerializeToString()
        body.write_bytes(b"\0" + struct.pack(">I", len(packed)) + packed)  # as gRPC frames a message
        given = [("content-type", "application/grpc"), ("te", "trailers"), *headers]
        command = ["h2load", "-n", str(calls), "-c", str(connections), "-m", str(-(-clients // connections))]
        command += [word for name, value in given for word in ("-H", f"{name}: {value}")]
        command += ["-d", str(body), f"--log-file={log}", f"http://{address}/samplemind.v1.{rpc}"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=300).stdout
        assert re.search(rf"\b{calls} succeeded", said), said
        return [int(line.split("\t")[2]) / 1e6 for line in log.read_text().splitlines()]
