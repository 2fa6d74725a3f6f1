"""A6, A10: workers, daemons and brokers are killed again and again, and each file is completed once all the same."""

from pathlib import Path

import broker
import postgres
from machines import DURABLE, Machines
from ordeal import Ordeal, only, write_waiting
from plagues import Plague
from rig import NotHere
from verdict import wrongs

SOUNDS, HEARD = 5_000, 250  # by an analyzer that waits, and by all that there are
SHORTER = 12  # times, where it is to be short
WAITS_SECONDS = 0.2  # the analyzer, with each sound


def run(folder: Path, short: bool) -> str:
    if postgres.programs() is None or broker.program() is None:
        raise NotHere("it needs the servers of PostgreSQL and NATS")
    plugin = write_waiting(folder, WAITS_SECONDS)
    with Machines(folder / "machines", workers=4, plugin=plugin, **DURABLE) as machines:
        told = _endure(machines, folder / "heard", HEARD // (SHORTER if short else 1))
        only(machines, "waiting")
        waited = _endure(machines, folder / "waited", SOUNDS // (SHORTER if short else 1))
    return f"by an analyzer that waits {waited}; by all analyzers {told}"


def _endure(machines: Machines, acks: Path, sounds: int) -> str:
    ordeal = Ordeal(machines, acks)
    ordeal.endure(sounds, Plague("worker", 5, 1), Plague("daemon", 20, 3), Plague("broker", 25, 2))
    told = ordeal.tell()
    assert not (found := wrongs(ordeal)), f"{found}; {told}"
    return told
