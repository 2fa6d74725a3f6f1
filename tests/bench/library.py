"""docs/performance/library.md: how long it takes to search 100,000 sounds, and to count them by facet."""

import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from typing import Any

import shelf
from serving import address, key, serving
from tables import table

from samplemind_client import Client
from samplemind_daemon.store import Store, catalogue
from samplemind_daemon.store.opening import opened

SOUNDS, CALLS, COUNTED, PROMISED_MS = 100_000, 420, 10, 100
HEAD = ("median", "95th percentile", "longest", "processor, median", "processor, 95th")
FACETS = ("kind", "genre", "mood", "instrument", "tag", "key", "bpm", "folder", "state")
ORDERS = ("", "", "", "name", "bpm", "bpm desc", "key", "loudness desc", "duration", "energy desc")
RULES = ("same", "relative", "fifths", "camelot", "energy-boost")

PAGE = """# How long it takes to search

This page is written by `make bench PARTS=library`; do not edit it. A daemon of one worker on this machine
({machine}, load {load} beside it) keeps {sounds:,} made-up sounds of one user in SQLite. Their names have two to
four of 5,000 words; half are one-shots, a third loops; they have tempo, key, loudness, energy, genre, mood,
instruments and six to eight tags as far as their kind has them. One caller asks over gRPC for a page of 100 sounds
with the descriptors of a table and the exact number of all that match, {calls:,} times with clauses drawn by
chance, two in three times sorted by something else than their age. Milliseconds from the call to the answer;
"found" is the median number of sounds that match. Processor time is that of the daemon alone, which other programs
disturb less.

{times}

Promised: under {promised} ms at the 95th percentile. {verdict}

All nine facets at once, each counted over all sounds that match:

{facets}

To enter a sound of an earlier version in the catalogue took {entered:.2f} ms of processor time, in steps of {step}
sounds, beside which everything else goes on. The database takes {size:.0f} MB; the catalogue and its indexes are
{share:.0f} MB of it.
"""


def write_library(page: Path) -> None:
    """Measure, and write the page."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        about = _fill(home)
        with (
            serving(home) as daemon,
            Client(address(home), key=key(home)) as client,
        ):
            times, wall, cpu = _times(client, daemon.pid)
            facets = _facets(client, daemon.pid)
    verdict = f"It is {wall:.0f} ms: {'kept' if wall < PROMISED_MS else '**not kept**'}."
    if load > (os.cpu_count() or 1):
        verdict += f" The machine was at work for others; of processor time it is {cpu:.0f} ms."
    page.write_text(
        PAGE.format(
            machine=f"{os.cpu_count()} cores", load=f"{load:.1f}", sounds=SOUNDS, calls=CALLS, times=times,
            promised=PROMISED_MS, verdict=verdict, facets=facets, step=catalogue.STEP, **about,
        )
    )  # fmt: skip


def _fill(home: Path) -> dict[str, float]:
    """Make the home with its sounds; how long it took to enter them in the catalogue, and how large it is."""
    home.mkdir()
    path = home / "samplemind.db"
    with closing(Store(path)) as store:
        store.migrate()
    db = opened(path)
    with db.connection_context():
        shelf.fill(db, SOUNDS)
        before, start = path.stat().st_size, time.process_time()
        last = ""
        while found := catalogue.missing(db, last):
            with db.atomic():
                catalogue.refresh(db, found)
            last = found[-1]
        took = time.process_time() - start
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    return {"entered": took / SOUNDS * 1_000, "size": size / 1e6, "share": (size - before) / 1e6}


def _times(client: Client, pid: int) -> tuple[str, float, float]:
    """The table by kind of question, and the 95th percentile of all, of time and of processor time."""
    chance, rows, whole = random.Random(2), [], []
    questions = _questions(chance)
    for name, made in questions.items():
        took, found = [], []
        for number in range(CALLS // len(questions)):
            clauses, order = made(), chance.choice(ORDERS)
            took.append(_took(pid, lambda asked=clauses, order=order: _ask(client, asked, order)))
            if number < COUNTED:
                found.append(client.library.count(**clauses).total)
        whole += took
        rows.append([name, sorted(found)[len(found) // 2], *_cuts(took)])
    rows.append(["**all of them**", "", *_cuts(whole)])
    wall, cpu = (quantiles(times, n=20)[18] for times in zip(*whole, strict=True))
    return table(["question", "found", *HEAD], rows), wall, cpu


def _ask(client: Client, clauses: dict[str, Any], order: str) -> None:
    """Ask for the first page."""
    next(iter(client.library.query(order_by=order, **clauses)), None)


def _questions(chance: random.Random) -> dict[str, Callable[[], dict[str, Any]]]:
    """Makers of clauses, as people ask."""
    words = shelf.vocabulary(random.Random(1))

    def text() -> dict[str, Any]:
        few = [
            chance.choice(words[:40] if chance.random() < 0.7 else words) for _ in range(chance.randint(1, 2))
        ]
        return {"text": " ".join(one[: chance.randint(2, 8)] for one in few)}

    def labels() -> dict[str, Any]:
        return chance.choice((
            {"tags": chance.sample(shelf.TAGS, chance.randint(1, 3))}, {"genres": chance.sample(shelf.GENRES, 2)},
            {"moods": ["calm"]}, {"instruments": [chance.choice(shelf.INSTRUMENTS)]},
        ))  # fmt: skip

    def tempo() -> dict[str, Any]:
        low = chance.randint(70, 160)
        return {"bpm": (low, low + chance.choice((1, 5, 20))), "half_double": chance.random() < 0.5}

    def key() -> dict[str, Any]:
        return {
            "key": chance.choice(("8A", "Am", "F# major", "C", "Eb minor")),
            "key_rule": chance.choice(RULES),
        }

    def measures() -> dict[str, Any]:
        return chance.choice((
            {"kinds": [chance.choice(shelf.KINDS[:3])]}, {"loudness": (-16, -9)}, {"duration": (None, 1.0)},
            {"folder_ids": ["folder-1"], "states": ["completed"]},
        ))  # fmt: skip

    def several() -> dict[str, Any]:
        parts = chance.sample((text, labels, tempo, key, measures), chance.randint(2, 4))
        return {name: value for part in parts for name, value in part().items()}

    return {
        "everything": dict, "words": text, "tags, genres, moods, instruments": labels, "tempo": tempo, "key": key,
        "kind, loudness, length, folder": measures, "several of these": several,
    }  # fmt: skip


def _facets(client: Client, pid: int) -> str:
    asked: dict[str, dict[str, Any]] = {
        "everything": {}, "loops": {"kinds": ["loop"]}, "a word": {"text": "jungle"},
        "loops of 120 to 130 BPM": {"kinds": ["loop"], "bpm": (120, 130)},
    }  # fmt: skip
    rows = []
    for name, clauses in asked.items():
        took = [
            _took(pid, lambda asked=clauses: client.library.count(facets=FACETS, **asked)) for _ in range(10)
        ]
        rows.append([name, client.library.count(**clauses).total, *_cuts(took)])
    return table(["of", "sounds", *HEAD], rows)


def _cuts(took: list[tuple[float, float]]) -> list[str]:
    """The median, the 95th percentile and the longest; and the first two of the processor time."""
    (wall, cpu), longest = (quantiles(times, n=20) for times in zip(*took, strict=True)), max(took)[0]
    numbers = wall[9], min(wall[18], longest), longest, cpu[9], min(cpu[18], max(one for _, one in took))
    return [f"{one:.0f}" for one in numbers]


def _took(pid: int, deed: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that passed, and those of processor time that the process took, whatever else the machine does."""
    start, worked = time.perf_counter(), _worked(pid)
    deed()
    return 1_000 * (time.perf_counter() - start), (_worked(pid) - worked) / 1e6


def _worked(pid: int) -> int:
    """Nanoseconds that the threads of a process have worked."""
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat"))
