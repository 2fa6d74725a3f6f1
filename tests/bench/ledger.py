"""What machines have used so far: processor time, transactions, rows, bytes and messages."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any
from urllib.request import urlopen

import psutil
from machines import Machines

_TRANSACTIONS = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
_ROWS = "SELECT SUM(n_tup_ins), SUM(n_tup_upd), SUM(n_tup_del) FROM pg_stat_user_tables"
_BYTES = "SELECT pg_database_size(current_database()), pg_current_wal_lsn() - '0/0'::pg_lsn"
_REQUEST = re.compile(rb'"(?:GET|PUT|POST|HEAD|DELETE) [^"]*" \d{3}')


@dataclass(frozen=True)
class Ledger:
    """Sums since the start. Seconds are of the processor, bytes of S3 what is kept there."""

    daemon_seconds: float = 0.0
    worker_seconds: float = 0.0
    database_seconds: float = 0.0
    broker_seconds: float = 0.0
    transactions: float = 0.0
    inserted: float = 0.0  # rows
    updated: float = 0.0
    deleted: float = 0.0
    database_bytes: float = 0.0
    log_bytes: float = 0.0  # of the write-ahead log
    messages: float = 0.0  # that came to the broker
    message_bytes: float = 0.0
    sent: float = 0.0  # messages that the broker gave out
    sent_bytes: float = 0.0
    statements: float = 0.0  # that PostgreSQL was asked to run
    writing_seconds: float = (
        0.0  # that the daemons' writers were at it, the waiting for others and the disk included
    )
    writings: float = 0.0  # transactions of writers; several deeds share one
    requests: float = 0.0  # of S3
    kept_bytes: float = 0.0  # in S3

    def less(self, other: "Ledger", times: float = 1.0) -> "Ledger":
        """Without so many times another."""
        return Ledger(*(getattr(self, one.name) - getattr(other, one.name) * times for one in fields(Ledger)))

    def over(self, many: float) -> "Ledger":
        """Divided by so many."""
        return Ledger(*(getattr(self, one.name) / many for one in fields(Ledger)))


def read(machines: Machines) -> Ledger:
    """The sums as they are now. The figures of PostgreSQL are a second late: wait before."""
    ask, said = machines.database.do, machines.said_by_broker(1, "varz")
    running = machines.pids()
    [[transactions]], [rows], [bytes] = ask(_TRANSACTIONS), ask(_ROWS), ask(_BYTES)
    return Ledger(
        *(
            sum(_seconds(pid) for name, pid in running.items() if name.startswith(kind))
            for kind in ("daemon", "worker", "database", "broker")
        ),
        float(transactions), *map(float, rows), *map(float, bytes),
        said["in_msgs"], said["in_bytes"], said["out_msgs"], said["out_bytes"],
        float(ask("SELECT SUM(calls) FROM pg_stat_statements")[0][0]), *_writing(machines),
        float(len(_REQUEST.findall((machines.folder / "s3.log").read_bytes()))), float(_kept(machines)),
    )  # fmt: skip


def _writing(machines: Machines) -> tuple[float, float]:
    """The seconds and the number of the daemons' transactions that wrote, as Prometheus is told them."""
    told = ""
    for daemon in machines.daemons:
        with urlopen(json.loads((daemon.home / "ready.json").read_text())["metrics"], timeout=10) as page:
            told += page.read().decode()
    seconds, times = (
        sum(map(float, re.findall(rf"^samplemind_database_write_seconds_{name} (\S+)$", told, re.M)))
        for name in ("sum", "count")
    )
    return seconds, times


def _kept(machines: Machines) -> int:
    pages = machines.bucket.client.get_paginator("list_objects_v2").paginate(Bucket="sounds")
    return sum(one["Size"] for page in pages for one in page.get("Contents", ()))


def _seconds(pid: int) -> float:
    """Of a process and all below it, the dead ones' included."""
    first, total = psutil.Process(pid), 0.0
    for process in (first, *first.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times: Any = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return float(total)
