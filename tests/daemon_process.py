"""A real daemon for tests: a process of its own, on a free port, at home in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

SETTINGS = {  # short waits: what a test waits for is behaviour, not politeness
    "SAMPLEMIND_QUIET_SECONDS": "0.3",
    "SAMPLEMIND_CLOSED_SECONDS": "0.1",
    "SAMPLEMIND_SWEEP_SECONDS": "1",
    "SAMPLEMIND_HEARTBEAT_SECONDS": "0.5",
    "SAMPLEMIND_DRAIN_SECONDS": "2",
    "SAMPLEMIND_WEB": "",  # what it takes to answer browsers is for the tests that are ones
    "SAMPLEMIND_CALLS_A_MINUTE": "1000000",  # all tests of a daemon come from one address
    "SAMPLEMIND_CALLS_AN_HOUR": "1000000",
}
START_SECONDS = 60.0


class DaemonProcess:
    """`samplemindd serve`, as an operator starts it; `settings` are SAMPLEMIND_… variables."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None, workers: int = 1) -> None:
        self.home, self._workers = home, workers
        self._settings = SETTINGS | (settings or {})
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.address = self.web = ""
        self.welcome = ""

    @property
    def owner_key(self) -> str:
        """The key that only this system's user can read."""
        return (self.home / "owner.key").read_text().strip()

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def environment(self) -> dict[str, str]:
        """For commands that shall ask this daemon."""
        own = {"SAMPLEMIND_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home.parent / "config")}
        return {**os.environ, **self._settings, **own}

    def start(self) -> "DaemonProcess":
        """Start it, and wait until it serves."""
        command = [sys.executable, "-m", "samplemind_daemon", "serve", "--home", str(self.home)]
        listen = self.address or "127.0.0.1:0"  # a daemon that is restarted keeps its ports
        command += ["--listen", listen, "--workers", str(self._workers)]
        command += ["--web", urlsplit(self.web).netloc] if self.web else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=self.environment, cwd=self.home.parent
            )
        os.set_blocking(self.process.stdout.fileno(), False)
        ready = self._wait()
        self.address, self.web = ready["grpc"], ready.get("web", "")
        return self

    def restart(self) -> None:
        """End it politely and start it again at the same home and port."""
        self.stop()
        self.start()

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL, as if the power went."""
        return self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def _wait(self) -> dict[str, str]:
        ready, deadline, screen = self.home / "ready.json", time.monotonic() + START_SECONDS, b""
        while time.monotonic() < deadline:
            screen += self.process.stdout.read() or b""
            if b"\nTry, in another terminal:" in screen:
                self.welcome = screen.decode()
                return json.loads(ready.read_text())
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self._end(signal.SIGKILL)
        raise AssertionError(f"the daemon did not come up:\n{screen.decode()}\n{self.log.read_text()}")
