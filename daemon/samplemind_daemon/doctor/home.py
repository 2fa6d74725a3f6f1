"""The home: whether it can be written to, what it lies on, how much room there is, and who lives there."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.settings import Settings
from samplemind_daemon.watcher.mounts import MOUNTS, is_remote, kind_of

NO_ROOM, LITTLE_ROOM = 200_000_000, 2_000_000_000  # bytes
FEW_FILES = 10_000  # that may still be made


@dataclass(frozen=True)
class Tenant:
    """Who lives in a home: a daemon that runs, or what one left behind."""

    holds: bool  # whether somebody has the lock
    pid: int = 0  # as the lock says; 0 where it says nothing
    announced: bool = False  # whether there is a ready.json

    @property
    def lives(self) -> bool:
        """Whether there is such a process."""
        return self.pid > 0 and Path(f"/proc/{self.pid}").exists()


def tenant(path: Path) -> Tenant:
    """Who lives there; the lock is let go of at once where nobody has it."""
    announced = (path / "ready.json").exists()
    try:
        with (path / "daemon.lock").open("r", encoding="utf-8") as lock:
            pid = int(lock.read(20).strip() or 0)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return Tenant(True, pid, announced)
    except (OSError, ValueError):
        return Tenant(False, 0, announced)
    return Tenant(False, pid, announced)


def findings(settings: Settings, found: Tenant) -> Iterator[Finding]:
    """How the home is."""
    path = settings.home
    if not path.exists():
        yield _future(path)
        return
    if not path.is_dir():
        yield broken("home", f"{path} is no folder", "move it away, or name another home with --home")
        return
    yield _writable(path)
    yield _ground(path)
    usage, system = shutil.disk_usage(path), os.statvfs(path)
    yield room(path, usage.free, system.f_favail if system.f_files else FEW_FILES)
    if mode := path.stat().st_mode & 0o077:
        yield doubtful("home", f"others can open {path} (mode {mode:03o})", f"chmod 700 {path}")
    yield _lock(path, found)


def room(path: Path, free: int, files: int) -> Finding:
    """Whether so many free bytes, and files that may still be made, will do."""
    left = f"{free / 1e9:,.1f} GB are free where {path} lies"
    remedy = "free some, or move the home to a larger disk (samplemindd backup, then restore there)"
    if free < NO_ROOM:
        return broken("disk space", left, remedy)
    if files < FEW_FILES:
        return broken("disk space", f"only {files:,} more files can be made where {path} lies", remedy)
    return doubtful("disk space", left, remedy) if free < LITTLE_ROOM else well("disk space", left)


def _future(path: Path) -> Finding:
    above = next(one for one in path.parents if one.exists())
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return well("home", f"{path} does not exist yet; the first start makes it")
    return broken("home", f"{path} cannot be made in {above}", "name a folder of your own with --home")


def _writable(path: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=path) as file:  # it never has a name
            file.write(bytes(4_096))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        remedy = f"let this user ({os.geteuid()}) write there, or free room, or name another home with --home"
        return broken("home", f"nothing can be written to {path}: {error.strerror}", remedy)
    return well("home", f"{path} can be written to")


def _ground(path: Path) -> Finding:
    real = os.fsencode(path.resolve())
    kind = kind_of(real, MOUNTS.read_bytes() if MOUNTS.exists() else b"") or "unknown"
    if is_remote(real):
        sentence = f"{path} lies on {kind}, where the database's locks cannot be relied on"
        return doubtful("file system", sentence, "keep the home on a disk of this machine")
    if kind in ("tmpfs", "ramfs"):
        return doubtful(
            "file system", f"{path} lies in memory ({kind})", "what is kept there ends with the machine"
        )
    return well("file system", f"{path} lies on {kind}")


def _lock(path: Path, found: Tenant) -> Finding:
    if found.holds and found.lives:
        return well("daemon", f"one runs here, as process {found.pid}")
    if found.holds:
        who = f"process {found.pid}, which is not of this machine" if found.pid else "an unknown process"
        sentence = f"the lock {path / 'daemon.lock'} is held by {who}"
        return broken("daemon", sentence, "end the daemon that uses this home from elsewhere")
    if found.announced:
        sentence = "none runs here, and the last one did not end well: its ready.json is still there"
        return doubtful("daemon", sentence, "start it: it goes on with what was left; or remove ready.json")
    return well("daemon", "none runs here")
