"""A real worker for tests: a process of its own, without a port, at home in a folder of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

END_SECONDS = 30.0


class WorkerProcess:
    """`samplemindd worker`, as an operator starts it."""

    def __init__(
        self, home: Path, engine: str, settings: dict[str, str] | None = None, workers: int = 1
    ) -> None:
        self.home, self._engine, self._workers = home, engine, workers
        self._settings = settings or {}
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "WorkerProcess":
        """Start it; daemons hear of it a moment later."""
        command = [sys.executable, "-m", "samplemind_daemon", "worker", "--home", str(self.home)]
        command += ["--engine", self._engine, "--workers", str(self._workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=os.environ | self._settings, cwd=self.home.parent
            )
        return self

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL, as if its machine were gone."""
        return self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(END_SECONDS)
        finally:
            self.process.kill()
            self.process.wait(END_SECONDS)
