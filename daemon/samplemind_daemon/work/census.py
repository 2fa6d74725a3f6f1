"""I8: a running daemon holds no dead children, and is far from what its system lets it have."""

from collections.abc import Iterator

import psutil

MOST_FULL = 0.8  # of the descriptors that the daemon may have
MOST_THREADS = 500


def complaints(pid: int) -> Iterator[str]:
    """What is wrong with the daemon that is this process, if it still runs."""
    try:
        daemon = psutil.Process(pid)
        dead = [one.pid for one in daemon.children(recursive=True) if _is_zombie(one)]
        held, most = daemon.num_fds(), daemon.rlimit(psutil.RLIMIT_NOFILE)[0]
        threads = daemon.num_threads()
    except psutil.Error:
        return
    if dead:
        yield f"{len(dead)} of its children are dead and not buried: {', '.join(map(str, dead[:10]))}"
    if held > MOST_FULL * most:
        yield f"it has {held} files open, and may have {most}"
    if threads > MOST_THREADS:
        yield f"it has {threads} threads"


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
