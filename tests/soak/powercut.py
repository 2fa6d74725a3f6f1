"""A3: what has reached the disk at any instant is all that was promised until then.

The daemon lives on ext4 in a file on XFS; a reflink of that file is the disk as it is at that instant, and is
mounted as after a power cut. A daemon whose fsync does nothing must lose something, or the rig proves nothing.
"""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crashing import Crashing
from rig import do, library, need, need_root
from senders import Senders

GIB = 2**30


def run(folder: Path, short: bool) -> str:
    need_root()
    need("mkfs.xfs", "mkfs.ext4", "losetup", "mount")
    eat = library("libeatmydata.so*")
    cuts = 6 if short else 30
    kept = _cut(folder / "kept", cuts, {})
    assert kept["lost"] == kept["violations"] == 0, kept
    control = _cut(folder / "control", max(3, cuts // 6), {"LD_PRELOAD": eat})
    assert control["lost"] + control["violations"] > 0, (
        "without fsync nothing was lost: the rig proves nothing"
    )
    return (
        f"{cuts} cuts, {kept['promised']} uploads promised before the last one, lost {kept['lost']}, violations "
        f"{kept['violations']}; without fsync: lost {control['lost']}, violations {control['violations']}"
    )


def _cut(folder: Path, cuts: int, environment: dict[str, str]) -> dict[str, int]:
    """Cut the power so often; the sums of what was wrong."""
    folder.mkdir()
    found = {"promised": 0, "lost": 0, "violations": 0}
    with _disk(folder) as (image, inner):
        home, moment = Crashing(folder), random.Random()
        home.move(inner / "home")
        daemon = home.start(**environment)
        with Senders(daemon.address, daemon.owner_key, home.acks, many=4, size=20_000):
            for number in range(cuts):
                time.sleep(moment.uniform(0.5, 4))
                promised = home.promised()
                do("cp", "--reflink=always", image, cut := image.with_name(f"cut{number}.img"))
                _add(found, _after(folder, cut, promised))
        daemon.kill()
    return found


def _after(folder: Path, cut: Path, promised: set[str]) -> dict[str, int]:
    """What is wrong with the disk as it was at the cut."""
    place = folder / "cut"
    place.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-o", "loop", cut, place], capture_output=True).returncode == 0
    try:
        after = Crashing(folder)
        after.move(place / "home")
        if not mounted or not after.settings.database_file.exists():
            return {"promised": len(promised), "lost": len(promised), "violations": 1}
        try:
            lost, wrongs = promised - after.known(), after.broken()
        except Exception:  # a database that cannot even be opened
            lost, wrongs = promised, [""]
        return {"promised": len(promised), "lost": len(lost), "violations": len(wrongs)}
    finally:
        subprocess.run(["umount", place], capture_output=True)
        cut.unlink()


def _add(found: dict[str, int], more: dict[str, int]) -> None:
    found["promised"] = more["promised"]
    found["lost"] += more["lost"]
    found["violations"] += more["violations"]


@contextmanager
def _disk(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The file of a disk on a file system that can copy at once, and where that disk is mounted."""
    outer, inner = folder / "outer", folder / "inner"
    outer.mkdir()
    inner.mkdir()
    do("truncate", "-s", 3 * GIB, folder / "outer.img")
    do("mkfs.xfs", "-q", "-f", "-m", "reflink=1", folder / "outer.img")
    do("mount", "-o", "loop", folder / "outer.img", outer)
    try:
        do("truncate", "-s", GIB // 2, outer / "inner.img")
        do("mkfs.ext4", "-q", "-F", outer / "inner.img")
        do("mount", "-o", "loop", outer / "inner.img", inner)
        yield outer / "inner.img", inner
    finally:
        subprocess.run(["umount", "--lazy", inner], capture_output=True)
        subprocess.run(["umount", "--lazy", outer], capture_output=True)
        (folder / "outer.img").unlink()
