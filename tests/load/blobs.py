"""How long bytes take to be kept and got, on this machine's disk and in a bucket; and whether anybody waits meanwhile.

The bucket is the one that SAMPLEMIND_BLOBS and the AWS_… variables name, or one of a server that is started for this.
"""

import asyncio
import hashlib
import os
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

from s3 import S3

from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import Blobs, open_blobs

SIZES = {"100 kB": (100_000, 40), "5 MB": (5_000_000, 10), "100 MB": (100_000_000, 3)}  # and how often each


def run(folder: Path, short: bool) -> str:
    server = None
    if "SAMPLEMIND_BLOBS" not in os.environ:
        server = S3(folder / "s3.log")
        os.environ.update(server.environment())
    places = {
        "disk": open_blobs(Settings(home=folder / "disk", blobs="")),
        "bucket": open_blobs(Settings(home=folder / "bucket")),
    }
    try:
        return "\n".join(asyncio.run(_measure(places, 3 if short else 1)))
    finally:
        for blobs in places.values():
            blobs.close()
        if server is not None:
            server.stop()


async def _measure(places: dict[str, Blobs], share: int) -> list[str]:
    lags: dict[str, list[float]] = {where: [] for where in places}
    told = [
        "",
        "| bytes | where | keep | MB/s | hold, first | MB/s | hold again | first byte |",
        "|---" * 8 + "|",
    ]
    for name, (size, often) in SIZES.items():
        for where, blobs in places.items():
            watching = asyncio.create_task(_watch(lags[where]))
            took = [await _once(blobs, size) for _ in range(max(1, often // share))]
            watching.cancel()
            keep, cold, warm, first = (median(column) for column in zip(*took, strict=True))
            rates = f"{size / keep / 1e6:.0f}", f"{size / cold / 1e6:.0f}"
            told.append(
                f"| {name} | {where} | {keep * 1e3:.1f} ms | {rates[0]} | {cold * 1e3:.1f} ms | {rates[1]} "
                f"| {warm * 1e3:.2f} ms | {first * 1e3:.1f} ms |"
            )
    late = {where: sorted(found)[int(len(found) * 0.99)] * 1e3 for where, found in lags.items()}
    waits = " and ".join(f"{seconds:.0f} ms beside the {where}" for where, seconds in late.items())
    return [*told, f"the event loop was late by {waits}, at the 99th percentile"]


async def _once(blobs: Blobs, size: int) -> tuple[float, float, float, float]:
    """Seconds to keep a content, to have it as a file for the first time and again, and to get its first bytes."""
    data, upload = await asyncio.to_thread(os.urandom, size), str(uuid4())
    sha256 = (await asyncio.to_thread(hashlib.sha256, data)).hexdigest()
    await asyncio.to_thread(blobs.staging.put, upload, 0, data)
    keep = await _timed(blobs, blobs.keep, upload, sha256)
    await asyncio.to_thread(blobs.staging.drop, [upload])
    first = await _timed(blobs, lambda: next(blobs.pieces(sha256)))
    cold, warm = [await _timed(blobs, _hold, blobs, sha256) for _ in range(2)]
    return keep, cold, warm, first


async def _timed(blobs: Blobs, deed, *args) -> float:
    began = time.perf_counter()
    await blobs.run(deed, *args)
    return time.perf_counter() - began


def _hold(blobs: Blobs, sha256: str) -> None:
    with blobs.holding(sha256):
        pass


async def _watch(lags: list[float]) -> None:
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - asked - 0.005)
