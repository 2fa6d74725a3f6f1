"""F2, F6, F7, F9: two users who try everything on each other, timed and flooding sign-ins, and bombs."""

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import psutil
from daemon_process import DaemonProcess
from engine_room import wave
from google.protobuf.descriptor import FieldDescriptor
from memory_watch import Watch
from raw_calls import RPCS, Channel, Person
from storms import deed, storm

TESTS = Path(__file__).parents[1]
TIMED = str(TESTS / "access" / "test_alike.py")
OUT = {"AuthService/Logout", "AuthService/ChangePassword"}  # put their caller out
NAME = "of-ada-only"  # what no answer to anybody else may hold
FLOOD, WAVES, CONNECTIONS = (
    500,
    4,
    8,
)  # sign-ins at once, again and again, 64 at most under way on a connection
REFUSED_SECONDS, MOST_MIB, LOOK_SECONDS = 0.2, 80, 0.1  # at the 99th percentile, but for the memory


def run(folder: Path, short: bool) -> str:
    daemon = DaemonProcess(folder / "home").start()
    try:
        said = [_strangers(daemon, folder, 20 if short else 300), _bombs(daemon), _flood(daemon)]
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


def _flood(daemon: DaemonProcess) -> str:
    """Sign-ins, far more than can be verified, while somebody who is in looks something up."""
    deeds = [deed("in", 1, "AuthService/Login", [], password=_wrong(number)) for number in range(FLOOD)]
    process, over, waits = psutil.Process(daemon.process.pid), threading.Event(), list[float]()
    looking = threading.Thread(target=_look, args=(daemon, over, waits))
    looking.start()
    with Watch(process) as watch:
        waves = [
            storm(daemon.address, deeds, CONNECTIONS, clients=FLOOD, most=FLOOD).outcomes
            for _ in range(WAVES)
        ]
    over.set()
    looking.join()
    came = [one for wave in waves for one in wave]
    refused = [one for one in came if one.outcome.startswith("RESOURCE_EXHAUSTED")]
    heard = sum(one.calls for one in came if one.outcome == "UNAUTHENTICATED UNAUTHENTICATED")
    slowest, waited = max(one.p99_ms for one in refused), sorted(waits)[int(len(waits) * 0.99)]
    told = (
        f"{WAVES} waves of {FLOOD} sign-ins: {heard} verified, {sum(one.calls for one in refused):,} refused after "
        f"{max(one.p50_ms for one in refused):.0f} ms in the middle and {slowest:.0f} ms at the 99th percentile of the "
        f"slowest wave, memory +{watch.grown / 2**20:.0f} MiB, others' calls {waited * 1e3:.0f} ms"
    )
    assert heard + sum(one.calls for one in refused) == WAVES * FLOOD, f"{told}: {came}"
    assert not any(one.without_time for one in refused) and heard >= 2 * WAVES, told
    assert slowest <= REFUSED_SECONDS * 1e3 and watch.grown < MOST_MIB * 2**20 and waited <= LOOK_SECONDS, (
        told
    )
    return told


def _wrong(number: int) -> dict[str, str]:
    return {"email": f"nobody{number}@example.org", "password": "not the password"}


def _look(daemon: DaemonProcess, over: threading.Event, waits: list[float]) -> None:
    channel, headers = Channel(daemon.address), [("x-api-key", daemon.owner_key)]
    while not over.wait(0.02):
        began = time.monotonic()
        assert channel.call("AuthService/GetMe", headers).code == "OK"
        waits.append(time.monotonic() - began)
    channel.close()


def _timed(short: bool) -> list[str]:
    """What the test of timing measures when it runs longer."""
    environment = os.environ | {"SAMPLEMIND_TIMED_SIGN_INS": "60" if short else "500"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-s", "--timeout", "900", TIMED]
    done = subprocess.run(
        command, env=environment, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2_000:]
    return [line for line in done.stdout.splitlines() if "medians differ" in line]
