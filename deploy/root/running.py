"""A command that runs in a root, and others beside it, as in a container."""

import os
import signal
import subprocess
import time
from pathlib import Path

from build import Root, entering

STOPPING_SECONDS = 30.0  # that are given to end, as the Dockerfile asks for


class Running:
    """A command in a root that is read only, until it is stopped; `volumes` can be written to."""

    def __init__(self, root: Root, command: list[str], volumes: dict[str, Path]) -> None:
        self.root, self._volumes = root, volumes
        self._outside = subprocess.Popen(entering(root, command, volumes=volumes))

    @property
    def lives(self) -> bool:
        """Whether it runs still."""
        return self._outside.poll() is None

    def ask(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command beside it, to its end: in the same root, as the same user."""
        user, group = self.root.user.split(":")
        beside = [
            "nsenter",
            f"--target={self._first()}",
            "--mount",
            "--pid",
            "--root",
            f"--wd={self.root.folder}",
        ]
        environment = [f"{name}={value}" for name, value in self.root.environment.items()]
        within = f'cd "{self.root.workdir}" && exec "$@"'
        asked = [*beside, f"--setuid={user}", f"--setgid={group}", "env", "-i", *environment]
        return subprocess.run(
            [*asked, "sh", "-c", within, "sh", *command], capture_output=True, text=True, check=False
        )

    def stop(self) -> tuple[int, float]:
        """Tell it to end, and by force where it does not; its status, and how many seconds that took."""
        began = time.monotonic()
        if self.lives:
            os.kill(self._first(), signal.SIGTERM)
        try:
            return self._outside.wait(STOPPING_SECONDS), time.monotonic() - began
        except subprocess.TimeoutExpired:
            self._outside.kill()
            return self._outside.wait(), time.monotonic() - began

    def _first(self) -> int:
        """The first process in the root: the command itself."""
        children = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children")
        while self.lives:
            if found := children.read_text().split():
                return int(found[0])
            time.sleep(0.01)
        raise RuntimeError("it ended before anything could be asked")
