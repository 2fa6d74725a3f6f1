"""What docs/scaling.md says: what was measured, and plain arithmetic from it."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from ledger import Ledger
from tables import table

if TYPE_CHECKING:
    from scaling import Run

FILES, WORKERS = 10_000_000, 1_000
HEARING_SECONDS = (1.0, 10.0)  # that a worker may be busy with a file
FILLED = 0.7  # of a core, that a daemon is to use at most
AWAY_MS = 0.2  # between a daemon and its database, there and back, in one data centre
PAGE = """# What many machines take

This page is written by `make bench PARTS=scaling`; do not edit it. One daemon, PostgreSQL (which waits for its
disk), one NATS server, an S3 server (moto) and workers share two cores here (load {loads} from other work), so that
seconds of the clock are worth little, and seconds of the processor, rows, bytes and messages much. How all of it is
put together: [architecture.md](architecture.md); how it behaves when machines die:
[reliability.md](reliability.md).

## Measured

Jobs of an analyzer that waits {waits:.1f} s and computes nothing, so that it is the machinery that is measured, and
jobs of all analyzers that are shipped, on sounds of a second. Processor: milliseconds a job, of all processes of
its kind together. "Writer": milliseconds a job that the daemon's writer is at it, the wait for the disk included;
and its share of the time.

{speeds}

A worker that waits {waits:.1f} s does {most:.0f} jobs a second at best: {few:.1f} were done by one worker, and
{many:.1f} by {workers}.

What is used by a second in which there is nothing to do (2 workers), by an upload, and by a job; what is used while
there is nothing to do is taken off the other three:

{costs}

## Where the time of a job goes

By a profile of the daemon under such jobs: half of its time is the writer's thread, the rest is the threads that
read and the event loop, alike. What stood out was peewee, which made the text of the same queries again and again.
What every upload and every job asks is text that is made once by now, measured in pairs, in milliseconds of the
daemon's processor on PostgreSQL: to take a sound in 2.4 instead of 3.5, to take a job and end it 2.2 instead of 3.1,
and to look for recordings that a short sound may be 1.9 instead of 11.6. What is left is {statements:.0f} statements a
job of all analyzers, each of them an answer that is waited for.

## {files:,} files

{size}

## {machines:,} workers

How long a worker is busy with a file depends on the file: a second of it or ten are taken here. What a job uses is
what was measured with all analyzers, {upload_too}.

{demand}

An idle worker says that it is there every 2 s and asks for jobs; {machines:,} of them are {calls:,.0f} messages a
second ({call} a worker and second were measured).

## What gives first

{first}

## What to do then

1. **Put the daemons next to the database.** It is the first thing to look at: `samplemind_database_write_seconds`
   on the daemons' page for Prometheus says how long a transaction takes; its sum a second, over all daemons, is the
   share of the one writer that is used. At 0.7 it is time for the next steps.
2. **Give the database a disk that answers quickly.** A commit waits for it. What waits meanwhile is committed
   together, up to 64 deeds at a time, so that a slow disk costs time before it costs throughput.
3. **Several libraries.** Nothing is shared between users but equal contents: a second database with daemons of its
   own, and another name in the URL of the same NATS (`nats://HOST/NAME`), is a second writer. Workers belong to one
   name.
4. **A lock for each user instead of one for all** is what the code would have to learn next. What stands against it
   today: turns and the choice of the next job look at the jobs of all users, and equal contents of two users share
   results.
5. **Statements in one message** (psycopg's pipeline): most of a deed's statements need no answer of the one before.

More daemons help with calls, uploads, events and the processor, and not with the one writer.
"""
FIRST = (
    "**The one writer.** All that is written, by any daemon, is written one after the other: an advisory lock sees to "
    "that. A file takes it {writer_ms:.0f} ms on this machine, so that it is full at 1 / {writer:.3f} = "
    "**{full:.0f} files a second**, upload and job together, however many daemons there are: {files:,} files take "
    "{days:.1f} days. Less than that, where much waits: deeds that wait together share a commit. A daemon's processor "
    "is full at 1 / {daemon:.3f} = {daemons:.0f} a second, and there can be more of them; PostgreSQL takes "
    "{database_ms:.0f} ms of a core, which is {databases:.0f} a second and core. ",
    "Here daemon and database are on one machine. Each statement waits for its answer: {between} ms there and back "
    "between two machines are {statements:.0f} x {between} = {away_ms:.0f} ms a file at most (some are of readers, "
    "beside the writer), and the writer is full at 1 / {apart:.3f} = {full_apart:.0f} files a second then. What it "
    "takes here it takes on two cores that others use, too: it is less where it has them for itself.",
)
SIZE = (
    "An upload adds {upload:.1f} kB to the database and a job of all analyzers {job:.1f} kB, indices and events "
    "included: {each:.1f} kB x {files:,} = **{all:,.0f} GB**. Events are kept for 30 days unless told otherwise, and "
    "are a part of it. S3 holds the files as they are, in one object each: {put:.0f} request to put it there, and "
    "{get:.0f} for its job."
)


def tell(waiting: Sequence["Run"], heard: "Run", waits: float) -> str:
    """The page."""
    last = waiting[-1]
    loads = sorted(run.load for run in (*waiting, heard))
    return PAGE.format(
        loads=f"{loads[0]:.0f} to {loads[-1]:.0f}", waits=waits, speeds=_speeds([*waiting, heard]),
        most=1 / waits, few=waiting[0].jobs_a_second, many=last.jobs_a_second, workers=last.workers,
        costs=_costs(waiting[1], heard), statements=heard.job.statements, files=FILES, size=_size(heard),
        machines=WORKERS, upload_too="and an upload before it", demand=_demand(_file(heard)),
        calls=_calls(waiting[1]) * WORKERS, call=f"{_calls(waiting[1]):.1f}", first=_first(_file(heard)),
    )  # fmt: skip


def _speeds(runs: Sequence["Run"]) -> str:
    head = ["workers", "jobs a second", "daemon", "worker", "PostgreSQL", "NATS", "writer", "its share"]
    rows = [
        (
            f"{run.workers}" + (", all analyzers" if run is runs[-1] else ""), f"{run.jobs_a_second:.1f}",
            *(f"{1_000 * one:.1f}" for one in _processor(run.job)), f"{1_000 * run.job.writing_seconds:.1f}",
            f"{run.writer_share:.0%}",
        )
        for run in runs
    ]  # fmt: skip
    return table(head, rows)


def _processor(used: Ledger) -> tuple[float, ...]:
    return used.daemon_seconds, used.worker_seconds, used.database_seconds, used.broker_seconds


def _costs(waiting: "Run", heard: "Run") -> str:
    columns = (waiting.idle, waiting.upload, waiting.job, heard.job)
    rows = {
        "transactions": "transactions", "statements": "statements", "rows inserted": "inserted",
        "rows changed": "updated", "bytes of the database": "database_bytes",
        "bytes of its write-ahead log": "log_bytes", "messages to NATS": "messages",
        "bytes of them": "message_bytes", "messages from NATS": "sent", "bytes of those": "sent_bytes",
        "requests of S3": "requests", "bytes kept in S3": "kept_bytes",
    }  # fmt: skip
    lines = [(what, *(_number(getattr(one, name)) for one in columns)) for what, name in rows.items()]
    return table(["", "idle, a second", "an upload", "a job that waits", "a job of all analyzers"], lines)


def _number(value: float) -> str:
    """Small figures are the noise of what is taken off."""
    return f"{value:,.0f}" if abs(value) >= 20 else f"{max(0.0, value):.1f}"


def _file(heard: "Run") -> Ledger:
    """What a file uses from its upload to the end of its job."""
    return heard.job.less(heard.upload, -1)


def _size(heard: "Run") -> str:
    upload, job = heard.upload.database_bytes, heard.job.database_bytes
    return fill(
        SIZE.format(
            upload=upload / 1e3, job=job / 1e3, each=(upload + job) / 1e3, files=FILES,
            all=(upload + job) * FILES / 1e9, put=heard.upload.requests, get=heard.job.requests,
        ), 116,
    )  # fmt: skip


def _demand(used: Ledger) -> str:
    rates = [WORKERS / seconds for seconds in HEARING_SECONDS]
    rows = [
        ("jobs a second", *(f"{WORKERS:,} / {s:.0f} = {WORKERS / s:,.0f}" for s in HEARING_SECONDS)),
        ("all files take", *(f"{FILES / rate / 3_600:,.1f} h" for rate in rates)),
        _times("cores of daemons", used.daemon_seconds, rates, 1, "{:.1f}"),
        ("daemons, each to 70 % of a core", *(f"{rate * used.daemon_seconds / FILLED:.0f}" for rate in rates)),
        _times("cores of PostgreSQL", used.database_seconds, rates, 1, "{:.1f}"),
        _times("the one writer", used.writing_seconds, rates, 100, "{:,.0f} %"),
        _times("transactions a second", used.transactions, rates, 1, "{:,.0f}"),
        _times("rows written a second", used.inserted + used.updated, rates, 1, "{:,.0f}"),
        _times("MB of write-ahead log a second", used.log_bytes, rates, 1e-6, "{:,.1f}"),
        _times("messages to NATS a second", used.messages, rates, 1, "{:,.0f}"),
        _times("MB of them a second", used.message_bytes, rates, 1e-6, "{:,.1f}"),
        _times("requests of S3 a second", used.requests, rates, 1, "{:,.0f}"),
    ]  # fmt: skip
    return table(["", *(f"{seconds:.0f} s a file" for seconds in HEARING_SECONDS)], rows)


def _times(what: str, each: float, rates: Sequence[float], unit: float, how: str) -> tuple[str, ...]:
    return (what, *(how.format(each * rate * unit) for rate in rates))


def _first(used: Ledger) -> str:
    writer, away = used.writing_seconds, used.statements * AWAY_MS / 1_000
    figures = {
        "writer_ms": 1_000 * writer, "writer": writer, "full": 1 / writer, "daemon": used.daemon_seconds,
        "daemons": 1 / used.daemon_seconds, "database_ms": 1_000 * used.database_seconds,
        "databases": 1 / used.database_seconds, "statements": used.statements, "between": AWAY_MS,
        "away_ms": 1_000 * away, "apart": writer + away, "full_apart": 1 / (writer + away),
        "files": FILES, "days": FILES * writer / 86_400,
    }  # fmt: skip
    return "\n\n".join(fill(one.format(**figures), 116) for one in FIRST)


def _calls(run: "Run") -> float:
    """Messages of a worker that has nothing to do, a second."""
    return run.idle.messages / run.workers
