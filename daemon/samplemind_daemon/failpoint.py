"""Named points at which a test may have the daemon crash, wait or fail. Without a test they do nothing.

`SAMPLEMIND_FAILPOINT=name:deed` with `deed` one of crash, raise and sleep followed by seconds; `name:deed@3`
means the third time that the point is reached. Several stand beside each other with commas between.
"""

import os
import signal
import time
from collections import Counter
from threading import Lock

from samplemind_daemon.refusals import CannotServe

ORDERS, TEST = "SAMPLEMIND_FAILPOINT", "SAMPLEMIND_TEST"
NAMES = (
    "blob.staged", "blob.synced", "blob.named", "blob.kept", "blob.dropping", "blob.dropped",
    "upload.recorded", "upload.committed", "answer.kept", "arrivals.recorded",
    "job.claimed", "job.begun", "job.heard", "job.recorded", "job.completed", "job.released",
    "write.copied", "write.tagged", "write.proved", "write.claimed", "write.kept", "write.ready", "write.replaced",
    "write.moved", "write.laid", "write.settled", "write.undo_ready",
    "events.committed", "sound.removed", "migration.copied", "migration.begun", "migration.done",
)  # fmt: skip

_reached: Counter[str] = (
    Counter()
)  # how often, by order: a crash that is to come the third time must be counted to
_counting = Lock()


class Stumbled(Exception):
    """A test wanted a failure here."""


class CannotArm(CannotServe):
    """There are orders for failpoints where none may be; the message says why."""


def check(is_loopback: bool) -> None:
    """Raise CannotArm if there are orders although this is no test on this machine alone, or they are wrong."""
    orders = os.environ.get(ORDERS)
    if orders is None:
        return
    if os.environ.get(TEST) != "1" or not is_loopback:
        raise CannotArm(f"{ORDERS} is for tests: it needs {TEST}=1 and a loopback address")
    for order in orders.split(","):
        name, _, deed = order.partition(":")
        if name not in NAMES or not deed.startswith(("crash", "raise", "sleep")):
            raise CannotArm(f"{ORDERS}: {order!r} is no failpoint with a deed")


def reach(name: str) -> None:
    """Do what a test has ordered for this point, if anything."""
    orders = os.environ.get(ORDERS)
    if orders is None or os.environ.get(TEST) != "1":
        return
    for order in orders.split(","):
        point, _, deed = order.partition(":")
        if point == name and _is_due(order):
            _do(name, deed.partition("@")[0])


def _is_due(order: str) -> bool:
    """Whether it is the time that the order means, or a later one."""
    with _counting:
        _reached[order] += 1
        return _reached[order] >= int(order.partition("@")[2] or 1)


def _do(name: str, deed: str) -> None:
    if deed == "crash":
        os.write(2, f"a test has the daemon crash at {name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "raise":
        raise Stumbled(f"at {name}")
    time.sleep(float(deed.removeprefix("sleep")))
