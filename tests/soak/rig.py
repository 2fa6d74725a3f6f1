"""What the parts share: tools that a machine may lack, and libraries that come between the daemon and its system."""

import os
import shutil
import subprocess
from pathlib import Path


class NotHere(Exception):
    """This machine lacks something that a part needs; the message says what."""


def need_root() -> None:
    """Raise NotHere unless this is root."""
    if os.geteuid() != 0:
        raise NotHere("it needs root")


def need(*commands: str) -> None:
    """Raise NotHere where a command is missing."""
    for command in commands:
        if shutil.which(command) is None:
            raise NotHere(f"it needs {command}")


def library(pattern: str) -> str:
    """The path of a library to be preloaded; NotHere where there is none."""
    found = sorted(Path("/usr/lib").glob(f"**/{pattern}"))
    if not found:
        raise NotHere(f"it needs {pattern}")
    return str(found[0])


def do(*words: object) -> None:
    """Run a command that must succeed."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stderr}"
