"""A6, A10: workers, daemons and brokers are killed again and again, and each file is completed once all the same."""

from pathlib import Path

import broker
import postgres
from machines import DURABLE, Machines
from ordeal import Ordeal, only, write_waiting
from plagues import Plague
from rig import NotHere
from verdict import wrongs

SOUNDS, FEWER = 5_000, 400
WAITS_SECONDS = 0.2  # the analyzer, with each sound


def run(folder: Path, short: bool) -> str:
    if postgres.programs() is None or broker.program() is None:
        raise NotHere("it needs the servers of PostgreSQL and NATS")
    plugin = write_waiting(folder, WAITS_SECONDS)
    with Machines(folder / "machines", workers=4, plugin=plugin, **DURABLE) as machines:
        only(machines, "waiting")
        ordeal = Ordeal(machines, folder / "acks")
        plagues = Plague("worker", 5, 1), Plague("daemon", 20, 3), Plague("broker", 25, 2)
        ordeal.endure(FEWER if short else SOUNDS, *plagues)
        told = ordeal.tell()
        assert not (found := wrongs(ordeal)), f"{found}; {told}"
    return told
