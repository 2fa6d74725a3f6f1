"""Whether the system itself ends processes because memory is short."""

from pathlib import Path

COUNTERS = Path("/proc/vmstat")  # of Linux


def victims() -> int:
    """How many processes the system has ended for want of memory since it was started; 0 where it does not say."""
    try:
        lines = COUNTERS.read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
