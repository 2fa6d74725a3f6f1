"""A NATS server for tests, with JetStream in a folder of its own, that can be killed, wiped and started again."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path

START_SECONDS = 60.0


def program() -> Path | None:
    """The server's program; None where it is not installed."""
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    return Path(found) if found else None


class Broker:
    """A server on a port of the loopback; each who asks has a name of its own there."""

    def __init__(self, folder: Path, rules: str = "", **settings: object) -> None:
        """`rules` is more of its configuration, in its own words."""
        self.folder, self._rules, self._settings, self._numbers = folder, rules, settings, count(1)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Broker":
        """Have it run, and answer."""
        where = program()
        assert where is not None, "there is no nats-server on this machine"
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "server.conf"
        jetstream = {"store_dir": str(self.folder / "kept")}
        settings = {"host": "127.0.0.1", "port": self.port, "jetstream": jetstream, **self._settings}
        lines = [f"{name}: {json.dumps(value)}" for name, value in settings.items()]
        file.write_text("\n".join([*lines, self._rules]))
        with (self.folder / "log").open("ab") as said:
            self._process = subprocess.Popen([where, "-c", file], stdout=said, stderr=said)
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.port):
            assert time.monotonic() < deadline and self._process.poll() is None, (
                self.folder / "log"
            ).read_text()
            time.sleep(0.02)
        return self

    def url(self, name: str = "") -> str:
        """Where it is, with a name that nobody else has unless one is given."""
        return f"nats://127.0.0.1:{self.port}/{name or f'test{next(self._numbers)}'}"

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(30)
            self._process = None

    def wipe(self) -> None:
        """Remove all that it kept; to be called while it does not run."""
        shutil.rmtree(self.folder / "kept", ignore_errors=True)

    def stop(self) -> None:
        """End it politely."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


def _answers(port: int) -> bool:
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as there:
            return there.recv(5) == b"INFO "
    except OSError:
        return False


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
