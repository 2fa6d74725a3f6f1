"""Checking a home: whether every promise about what is kept holds, and making good what can be made good."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, check
from samplemind_daemon.store.blobs import open_blobs
from samplemind_daemon.store.check import Fault
from samplemind_daemon.work import census


@dataclass(frozen=True)
class Violation:
    """A promise that does not hold; `remedy` says what was done about it, if something was."""

    invariant: str
    subject: str
    problem: str
    remedy: str = ""


def violations(settings: Settings, deep: bool = False) -> list[Violation]:
    """What is wrong with a home, whether or not its daemon runs; nothing is changed.

    Of bytes that lie in a bucket, only how many there are is looked at, unless it is to be `deep`. Raises CannotOpen
    where there is no database of today's shape, CannotServe and Unavailable where there is no bucket.
    """
    Store(settings.place).expect_current()
    found = [_violation(fault) for fault in _faults(settings, deep)]
    return found + [Violation("I8", f"process {pid}", why) for pid, why in _troubles(settings)]


async def repair(settings: Settings, deep: bool = False) -> list[Violation]:
    """What is wrong with a home whose daemon does not run, each with what was done about it.

    No sound is deleted, and no file: what belongs nowhere is set aside. Raises CannotOpen as above.
    """
    with closing(Store(settings.place)) as store:
        store.expect_current()
        found = []
        for fault in _faults(settings, deep):
            remedy = await store.write(fault.repair) if fault.repair else ""
            found.append(_violation(fault, remedy))
        return found


def _faults(settings: Settings, deep: bool) -> list[Fault]:
    found, wanted = check.database(settings.place)
    if wanted is None:
        return found
    return found + check.files(settings.home, open_blobs(settings), wanted, deep)


def _violation(fault: Fault, remedy: str = "") -> Violation:
    return Violation(fault.invariant, fault.subject, fault.problem, remedy)


def _troubles(settings: Settings) -> Iterator[tuple[int, str]]:
    try:
        pid = int(json.loads((settings.home / "ready.json").read_bytes())["pid"])
    except (OSError, ValueError, KeyError):
        return  # no daemon runs here
    for why in census.complaints(pid):
        yield pid, why
