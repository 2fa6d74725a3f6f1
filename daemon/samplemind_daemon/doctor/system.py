"""What the system lets the daemon have, and what time it is there."""

import ctypes
import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.settings import Settings
from samplemind_daemon.work.cage import missing

FEWEST_FILES, FEW_FILES = 256, 4_096  # that may be open
FEW_WATCHES = 8_192  # folders that inotify can tell of
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # before this program was: no clock can be so early
AHEAD_SECONDS = 120.0  # that a file may be newer than now
INOTIFY = Path("/proc/sys/fs/inotify")


def findings(settings: Settings) -> Iterator[Finding]:
    """How the limits, the clock and the cage are."""
    yield files(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    yield from _sizes(settings)
    yield clock(time.time(), _newest(settings.home))
    yield from _notices()
    if lacking := missing():
        remedy = "a kernel with Landlock and seccomp; or let no stranger's sounds and plugins in"
        yield doubtful("cage", f"workers cannot be kept from {'; '.join(lacking)}", remedy)
    else:
        yield well("cage", "workers are kept from all that is none of their business")


def files(most: int) -> Finding:
    """Whether it will do to have so many files open."""
    remedy = "raise it: ulimit -Hn 65536, LimitNOFILE=65536 for systemd, --ulimit nofile=65536 for containers"
    if most == resource.RLIM_INFINITY or most >= FEW_FILES:
        return well(
            "limits",
            f"{'any number of' if most == resource.RLIM_INFINITY else f'{most:,}'} files may be open",
        )
    sentence = f"only {most:,} files may be open, and each connection is one"
    return (broken if most < FEWEST_FILES else doubtful)("limits", sentence, remedy)


def clock(moment: float, newest: float) -> Finding:
    """Whether it can be that late (seconds since 1970), where the newest file of the home is of that moment."""
    remedy = "set the clock (timedatectl set-ntp true): tokens, leases and certificates go by it"
    today = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
    if moment < WRITTEN.timestamp():
        return broken("clock", f"it says {today}, and this program is younger than that", remedy)
    if newest > moment + AHEAD_SECONDS:
        later = f"{datetime.fromtimestamp(newest, UTC):%Y-%m-%d %H:%M} UTC"
        return doubtful("clock", f"it says {today}, and the home was written to at {later}", remedy)
    return well("clock", f"it says {today}")


def _newest(home: Path) -> float:
    known = [home / name for name in ("samplemind.db", "samplemind.db-wal", "ready.json", "daemon.lock")]
    return max((one.stat().st_mtime for one in known if one.exists()), default=0.0)


def _sizes(settings: Settings) -> Iterator[Finding]:
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if largest != resource.RLIM_INFINITY:
        sentence = f"no file may be larger than {largest:,} bytes, the database included"
        yield broken("limits", sentence, "ulimit -f unlimited")
    memory = resource.getrlimit(resource.RLIMIT_AS)[0]
    if memory != resource.RLIM_INFINITY and memory < settings.worker_memory_mb * 2**20:
        sentence = f"a process may have {memory / 2**20:,.0f} MiB, and a worker {settings.worker_memory_mb:,}"
        yield broken("limits", sentence, "ulimit -v unlimited, or lower worker_memory_mb")


def _notices() -> Iterator[Finding]:
    try:
        watches = int((INOTIFY / "max_user_watches").read_text())
    except (OSError, ValueError):
        yield doubtful(
            "inotify", "there is none: watch folders are looked at by the minute", "nothing, or Linux"
        )
        return
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_CLOEXEC)
    if descriptor < 0:
        sentence = f"no more instances can be had: {os.strerror(ctypes.get_errno())}"
        yield doubtful("inotify", sentence, "sysctl fs.inotify.max_user_instances=1024")
        return
    os.close(descriptor)
    sentence = f"{watches:,} folders can be watched, those of other programs of this user included"
    remedy = "sysctl fs.inotify.max_user_watches=524288"
    yield well("inotify", sentence) if watches >= FEW_WATCHES else doubtful("inotify", sentence, remedy)
