"""A PostgreSQL server for tests: a private one, with nothing of anybody else's in it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import psycopg

from samplemind_daemon.store import Store

NOBODY = "postgres"  # the server refuses to run as root
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def programs() -> Path | None:
    """The folder of the server's programs; None where there are none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in found if (one / "initdb").exists() and (one / "postgres").exists()), None)


class Cluster:
    """A server of its own in a new folder, on a port of the loopback; a child of this process."""

    def __init__(self, **settings: str) -> None:
        """These settings of the server over those that make it quick and forgetful."""
        where = programs()
        assert where is not None, "there is no PostgreSQL server on this machine"
        self._programs, self._settings = where, QUICK | settings
        self.folder = Path(tempfile.mkdtemp(prefix="samplemind-postgres-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.port, self._numbers, self._template = _free_port(), count(1), ""
        if os.geteuid() == 0:
            shutil.chown(self.folder, NOBODY, NOBODY)
        plain = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={NOBODY}"]
        self._run("initdb", "-D", str(self.folder / "data"), *plain)

    def start(self) -> "Cluster":
        """Have it run, and answer."""
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
        chosen = [f"-c{name}={value}" for name, value in (settings | self._settings).items()]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_nobody(), str(self._programs / "postgres"), "-D", str(self.folder / "data"),
                 "-p", str(self.port), *chosen],
                stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                self.do("SELECT 1")
                return self
            except psycopg.OperationalError:
                assert self.process.poll() is None and time.monotonic() < deadline
                time.sleep(0.02)

    def kill(self) -> None:
        """End the server and all its processes at once, as a crash does."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), 9)
        self.process.wait(30)

    def stop(self) -> None:
        """End it, and leave nothing."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.log").unlink(missing_ok=True)

    def url(self, database: str = NOBODY) -> str:
        return f"postgresql://{NOBODY}@127.0.0.1:{self.port}/{database}"

    def do(self, statement: str, database: str = NOBODY) -> list[tuple]:
        """Run a statement, and answer with its rows."""
        with closing(psycopg.connect(self.url(database), autocommit=True)) as db:
            found = db.execute(statement)
            return found.fetchall() if found.description else []

    def empty(self) -> str:
        """The URL of a new database without tables."""
        name = f"empty{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name}")
        return self.url(name)

    def fresh(self) -> str:
        """The URL of a new database of today's shape."""
        if not self._template:
            store = Store(self.empty())
            store.migrate()
            store.close()
            self._template = str(store.place).rpartition("/")[2]
        name = f"test{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_nobody(), str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=120)
        assert done.returncode == 0, done.stderr


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    # --pdeathsig: where tests are killed, the server ends, too
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=QUIT", "--"]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
