"""Clients of several daemons that are one: who loses a daemon goes to the next one, with all that it knows."""

import hashlib
import random
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import grpc
from raw_calls import Channel, message_of
from senders import Senders, any_sound

from samplemind.v1 import event_pb2

PATH = "/samplemind.v1.EventService/Subscribe"
AGAIN_SECONDS = 0.2
OWN = [("grpc.use_local_subchannel_pool", 1), ("grpc.initial_reconnect_backoff_ms", 100)]
OWN += [("grpc.max_reconnect_backoff_ms", 1_000)]


class WanderingSenders(Senders):
    """Send so many sounds, each to any of the daemons, and on to another where one is gone."""

    def __init__(
        self, addresses: list[str], key: str, acks: Path, sounds: int, many: int = 4, size: int = 5_000
    ) -> None:
        super().__init__(addresses[0], key, acks, many, size)
        self._addresses, self._left = addresses, sounds

    def join(self) -> None:
        """Until all are sent."""
        for thread in self._threads:
            thread.join()

    def _send_on(self) -> None:
        at = random.randrange(len(self._addresses))
        channel = Channel(self._addresses[at], *OWN)
        while self._take() and not self._over.is_set():
            data = any_sound(self._size)
            sha256, request = hashlib.sha256(data).hexdigest(), str(uuid4())
            while not self._attempt(channel, data, sha256, request) and not self._over.wait(0.05):
                channel.close()
                at += 1
                channel = Channel(self._addresses[at % len(self._addresses)], *OWN)
            with self._writing, self._acks.open("a") as acks:
                acks.write(f"{sha256}\n")
        channel.close()

    def _take(self) -> bool:
        with self._writing:
            self._left -= 1
            return self._left >= 0


class Follower:
    """Follows all that happens from the first event on; `numbers` are those of the events, as they came."""

    def __init__(self, addresses: list[str], headers: list[tuple[str, str]], at: int) -> None:
        self._addresses, self._headers, self._at = addresses, headers, at
        self.numbers: list[int] = []
        self.seconds: list[float] = []  # when each came
        self.times = 0  # connected
        self._over, self._call = threading.Event(), None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Follow no more."""
        self._over.set()
        if self._call is not None:
            self._call.cancel()
        self._thread.join(30)

    def _follow(self) -> None:
        cursor = "0"
        while not self._over.is_set():
            with closing(
                grpc.insecure_channel(self._addresses[self._at % len(self._addresses)], OWN)
            ) as channel:
                ask = channel.unary_stream(
                    PATH, lambda request: request.SerializeToString(), event_pb2.SubscribeResponse.FromString
                )
                self.times += 1
                self._call = ask(message_of("EventService/Subscribe", cursor=cursor), metadata=self._headers)
                try:
                    for said in self._call:
                        cursor = said.cursor
                        if said.HasField("event"):
                            self.numbers.append(int(said.event.cursor.partition(".")[0]))
                            self.seconds.append(time.monotonic())
                except grpc.RpcError:
                    self._at += 1
                    self._over.wait(AGAIN_SECONDS)


class Visitor:
    """A person at work with one daemon, or another while that is gone: GetMe all the time, Analyze now and then."""

    def __init__(self, addresses: list[str], key: str, every_seconds: float = 2.0) -> None:
        self._addresses, self._headers, self._every = addresses, [("x-api-key", key)], every_seconds
        self.me: list[float] = []  # seconds of each GetMe that was answered
        self.heard: list[float] = []  # seconds of each Analyze, to its end
        self.asked_again: Counter[str] = Counter()
        self._over, self._sender = threading.Event(), Senders(addresses[0], key, Path(), many=0)
        self._threads = [
            threading.Thread(target=deed, daemon=True) for deed in (self._ask_on, self._analyze_on)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Come to an end with what was begun, and ask nothing more."""
        self._over.set()
        for thread in self._threads:
            thread.join(120)

    def _ask_on(self) -> None:
        at = 0
        while not self._over.is_set():
            with closing(Channel(self._addresses[at % len(self._addresses)], *OWN)) as channel:
                while not self._over.wait(0.2):
                    began = time.monotonic()
                    if (said := channel.call("AuthService/GetMe", self._headers)).code != "OK":
                        self.asked_again[f"GetMe {said.code} {said.reason}"] += 1
                        break
                    self.me.append(time.monotonic() - began)
            at += 1

    def _analyze_on(self) -> None:
        while not self._over.wait(self._every):
            data, request, at = any_sound(), str(uuid4()), 0
            while not (began := self._analyze(at, data, request)):
                at += 1
                time.sleep(AGAIN_SECONDS)
            self.heard.append(time.monotonic() - began)

    def _analyze(self, at: int, data: bytes, request: str) -> float:
        """When a clip was asked to be heard, once it is; 0 where that is to be done again."""
        sha256 = hashlib.sha256(data).hexdigest()
        with closing(Channel(self._addresses[at % len(self._addresses)], *OWN)) as channel:
            if not self._sender._attempt(channel, data, sha256, request):
                return 0
            about = {"name": "clip.wav", "size_bytes": len(data), "sha256": sha256}
            known = channel.call("AudioService/CreateUpload", self._headers, **about)
            began = time.monotonic()
            said = known.code == "OK" and channel.call(
                "AnalysisService/Analyze", self._headers, whole=True, audio_id=known.answer.audio.id
            )
            if said and said.code == "OK" and said.answers[-1].HasField("result"):
                return began
            self.asked_again[f"Analyze {said.code} {said.reason}" if said else known.code] += 1
            return 0
