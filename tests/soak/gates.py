"""F2, F6, F7, F9: two users who try everything on each other, timed and flooding sign-ins, and bombs."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import grpc
import psutil
from daemon_process import DaemonProcess
from engine_room import wave
from google.protobuf.descriptor import FieldDescriptor
from raw_calls import RPCS, Channel, Person

TESTS = Path(__file__).parents[1]
OUT = {"AuthService/Logout", "AuthService/ChangePassword"}  # put their caller out
NAME = "of-ada-only"  # what no answer to anybody else may hold


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home").start()
    try:
        said = [_strangers(daemon, folder, 20 if short else 300), _bombs(daemon)]
    finally:
        daemon.stop()
    return "; ".join([*said, *_timed(short)])


def _strangers(daemon: DaemonProcess, folder: Path, seconds: float) -> str:
    """Bob sends every call with ids, tokens and cursors of Ada's: nothing of hers comes back or changes."""
    channel, chance = Channel(daemon.address), random.Random(2)
    ada, bob = Person(channel), Person(channel)
    hers = _things(ada, folder)
    before, tried, deadline = _sight(ada), 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        rpc = chance.choice(sorted(set(RPCS) - OUT))
        asked = {field.name: _some(field, hers, chance) for field in RPCS[rpc].input_type.fields}
        outcome = bob(rpc, **asked)
        tried += 1
        assert outcome.code not in ("UNKNOWN", "INTERNAL"), (rpc, asked, outcome)
        said = outcome.message.encode() + b"".join(one.SerializeToString() for one in outcome.answers)
        told_ourselves = ada.email in str(asked)  # a refusal may say what it refuses
        assert NAME.encode() not in said and (told_ourselves or ada.email.encode() not in said), (rpc, asked)
    assert _sight(ada) == before
    channel.close()
    return f"{tried:,} calls with another's ids: 0 leaks, 0 changes"


def _things(ada: Person, folder: Path) -> list[str]:
    """Ids of 50 things of Ada's, with tokens and cursors."""
    things = [ada.id, ada.email]
    for number in range(30):
        data = wave(folder / "made.wav", 0.1 + number / 1_000, 0.2).read_bytes()
        sound = ada.upload(data, f"{NAME}-{number}.wav")
        things += [sound.id, sound.sha256]
    for number in range(10):
        things += [ada.make_key(name=f"{NAME}-{number}")[0]]
        digest = f"{number:064x}"
        opened = ada("AudioService/CreateUpload", name=f"{NAME}.wav", size_bytes=9, sha256=digest).answer
        things += [opened.upload.id]
    for rpc in ("AudioService/List", "AnalysisService/ListAnalyses", "AuthService/ListApiKeys"):
        things.append(ada(rpc, page_size=3).answer.next_page_token)
    return [*things, ada("EventService/List", page_size=3).answer.cursor]


def _sight(ada: Person) -> tuple[set[str], set[str]]:
    """What Ada sees of her sounds and keys."""
    sounds = ada("AudioService/List", page_size=1_000).answer.audios
    keys = ada("AuthService/ListApiKeys", page_size=1_000).answer.api_keys
    return {f"{one.id} {one.name}" for one in sounds}, {f"{one.id} {one.revoked_at}" for one in keys}


def _some(field: FieldDescriptor, hers: list[str], chance: random.Random):
    """Something of Ada's where the field takes text, else something that it takes."""
    if field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated:
        return "" if chance.random() < 0.2 else chance.choice(hers)
    if field.type == FieldDescriptor.TYPE_STRING:
        return chance.sample(hers, 3)
    if field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64):
        return [] if field.is_repeated else chance.choice([0, 1, 1_000])
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return chance.random() < 0.5
    return [] if field.is_repeated else None


def _bombs(daemon: DaemonProcess) -> str:
    """Messages that unpack to 200 and 1,000 MiB, packed both ways."""
    process, grown = psutil.Process(daemon.process.pid), []
    for mebibytes in (200, 1_000):
        for packing in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            channel = Channel(daemon.address, ("grpc.max_send_message_length", -1))
            before = process.memory_info().rss
            outcome = channel.call("AudioService/Get", body=bytes(mebibytes << 20), compression=packing)
            channel.close()
            assert outcome.code == "RESOURCE_EXHAUSTED", outcome
            grown.append((process.memory_info().rss - before) / 2**20)
    assert max(grown) < 60, grown
    return f"bombs of 200 and 1,000 MiB refused, memory +{max(grown):.0f} MiB"


def _timed(short: bool) -> list[str]:
    """What the tests of timing and of floods measure when they run longer."""
    environment = os.environ | {"SAMPLEMIND_TIMED_SIGN_INS": "60" if short else "500"}
    tests = [str(TESTS / "access" / "test_alike.py"), str(TESTS / "service" / "test_flood.py")]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-s", "--timeout", "900", *tests]
    done = subprocess.run(
        command, env=environment, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2_000:]
    return [line for line in done.stdout.splitlines() if "medians differ" in line or "verified" in line]
