"""A2: crashes, failures and delays between any two steps."""

import time
from pathlib import Path

from commanding import wait_for
from crashing import POINTS, Crashing
from senders import Senders

START_POINTS = ("job.released", "sound.removed", "blob.dropping", "blob.dropped", "arrivals.recorded")


def run(folder: Path, short: bool) -> str:
    home, runs = Crashing(folder), 0
    home.start().stop()
    for point in POINTS[::4] if short else POINTS:
        home.crash(point)
        assert (wrongs := home.wrongs()) == [], f"crash at {point}: {wrongs[:5]}"
        runs += 1
        name = point.partition("@")[0]
        for deed in () if name in START_POINTS else ("raise@3", "sleep2@2"):
            _stumble(home, name, deed)
            runs += 1
    home.finish(seconds=1_200)
    return f"{runs} runs at {len(POINTS)} points, {len(home.promised())} uploads promised, 0 violations"


def _stumble(home: Crashing, name: str, deed: str) -> None:
    """Have the daemon fail, or wait, at a point again and again, and end it politely."""
    before = len(home.promised())
    daemon = home.start(f"{name}:{deed}")
    with Senders(daemon.address, daemon.owner_key, home.acks, many=3):
        time.sleep(3)
    daemon.stop()
    assert (wrongs := home.wrongs()) == [], f"{deed} at {name}: {wrongs[:5]}"
    if deed.startswith("sleep"):
        wait_for(lambda: len(home.promised()) >= before)
