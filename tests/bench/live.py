"""docs/performance/live.md: how soon what is played is answered for, with some streams at once."""

import asyncio
import os
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from statistics import quantiles

import numpy as np
import psutil
from band import play
from serving import address, key, serving
from tables import table

from samplemind_client import AsyncClient
from samplemind_client.values.live import LiveEstimate, LiveLoudness, LiveProgress, Stream

SECONDS, PIECE = 30.0, 512  # of sound a stream; frames in a piece: a DAW's buffer
STREAMS = (1, 4, 8)
RATE = 48_000  # Hz: another than the analyzers', so that it has to be resampled
PROMISED_MS = 150

PAGE = """# How soon live sound is answered for

This page is written by `make bench PARTS=live`; do not edit it. Stereo at 48 kHz is played in time, in pieces of
{piece} frames, for {seconds:.0f} s in each stream, to a daemon on this machine ({machine}, load {load} beside it); who
plays is a program on the same cores. Milliseconds from a piece being sent to the first answer that covers it: progress,
once tempo and loudness have heard it; and loudness itself. "Estimates": seconds from one estimate of the tempo to the
next, at the median. "Processor": of all the daemon's processes together, as a share of one core.

{times}

Promised: under {promised} ms at the 95th percentile for 8 streams at once on 2 cores. {verdict}

Sound is heard in blocks of 4,096 samples by tempo and loudness, and of 16,384 by all others: a piece waits for its
block to be full, 47 ms on average and 93 ms at most, which is most of the time above.
"""


def write_live(page: Path) -> None:
    """Measure, and write the page."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with serving(home) as process:
            rows = [asyncio.run(_measure(home, process.pid, count)) for count in STREAMS]
    last = float(rows[-1][2])
    times = table(
        ["streams", "p50", "p95", "most", "loudness, p95", "estimates", "processor"],
        rows,
    )
    verdict = f"It is {last:.0f} ms: {'kept' if last < PROMISED_MS else '**not kept**'}."
    page.write_text(
        PAGE.format(
            piece=PIECE, seconds=SECONDS, machine=f"{os.cpu_count()} cores", load=f"{load:.1f}",
            times=times, promised=PROMISED_MS, verdict=verdict,
        )
    )  # fmt: skip


async def _measure(home: Path, pid: int, count: int) -> tuple[str, ...]:
    sound = (play(SECONDS) * 32_767).astype("<i2").tobytes()
    before, began = _processor_seconds(pid), time.monotonic()
    async with AsyncClient(address(home), key=key(home)) as client:
        players = [_Player(client, sound, number / count) for number in range(count)]
        await asyncio.gather(*(player.play() for player in players))
    worked, took = _processor_seconds(pid) - before, time.monotonic() - began
    waits = quantiles([1_000 * one for player in players for one in player.waits], n=20)
    loud = quantiles([1_000 * one for player in players for one in player.loud_waits], n=20)
    most = max(1_000 * one for player in players for one in player.waits)
    apart = [one for player in players for one in np.diff(player.estimates)]
    return (
        str(count), f"{waits[9]:.0f}", f"{waits[18]:.0f}", f"{most:.0f}", f"{loud[18]:.0f}",
        f"{np.median(apart):.2f}", f"{worked / took:.0%}",
    )  # fmt: skip


class _Player:
    """Plays a sound in time, and notes when what was answered."""

    def __init__(self, client: AsyncClient, sound: bytes, delay: float) -> None:
        self._client, self._sound, self._delay = client, sound, delay
        self._sent: deque[tuple[int, float]] = deque()  # the frame after a piece, and when it was sent
        self._unheard: deque[tuple[int, float]] = deque()
        self.waits: list[float] = []  # seconds
        self.loud_waits: list[float] = []
        self.estimates: list[float] = []  # when there was one of the tempo

    async def play(self) -> None:
        """All of it."""
        played = self._client.play(self._pieces(), Stream("s16le", RATE, 2))
        async with aclosing(played) as updates:
            async for update in updates:
                now = time.monotonic()
                match update:
                    case LiveProgress():
                        self._note(self._sent, update.analysed, self.waits, now)
                    case LiveLoudness():
                        self._note(self._unheard, update.frame, self.loud_waits, now)
                    case LiveEstimate() if update.descriptor.name == "tempo.bpm":
                        self.estimates.append(now)

    async def _pieces(self) -> AsyncIterator[bytes]:
        await asyncio.sleep(self._delay)
        began, width = time.monotonic(), 4
        for start in range(0, len(self._sound), PIECE * width):
            piece = self._sound[start : start + PIECE * width]
            frame = (start + len(piece)) // width
            await asyncio.sleep(began + frame / RATE - time.monotonic())
            now = time.monotonic()
            self._sent.append((frame, now))
            self._unheard.append((frame, now))
            yield piece

    def _note(self, sent: deque[tuple[int, float]], frame: int, waits: list[float], now: float) -> None:
        while sent and sent[0][0] <= frame:
            waits.append(now - sent.popleft()[1])


def _processor_seconds(pid: int) -> float:
    """Of a process and all below it that live, the dead ones' included."""
    daemon, total = psutil.Process(pid), 0.0
    for process in (daemon, *daemon.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total
