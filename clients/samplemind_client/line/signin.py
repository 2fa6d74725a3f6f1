"""What `samplemind login` leaves behind: one private file for each server."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from urllib.parse import quote

from samplemind_client.errors import SampleMindError
from samplemind_client.line.tokens import Tokens, tokens_from_json

LONGEST_LOCK = 30.0  # seconds: longer than a refresh with all its tries takes


def folder() -> Path:
    """Where sign-ins are kept: `$XDG_CONFIG_HOME/samplemind` or `~/.config/samplemind`."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "samplemind"


@dataclass(frozen=True)
class SignIn:
    """The file that keeps how to sign in at one server."""

    path: Path

    def tokens(self) -> Tokens | None:
        """The kept session, or None."""
        kept = self._read()
        try:
            return tokens_from_json(kept)
        except (KeyError, TypeError, ValueError):
            return None  # an API key, another version's file or none: as if not signed in

    def key(self) -> str:
        """The kept API key, or ""."""
        key = self._read().get("api_key", "")
        return key if isinstance(key, str) else ""

    def keep_tokens(self, tokens: Tokens) -> None:
        """Replace what is kept, all or nothing."""
        write_private(self.path, json.dumps(tokens.to_json()))

    def keep_key(self, key: str) -> None:
        """Replace what is kept, all or nothing."""
        write_private(self.path, json.dumps({"api_key": key}))

    def forget(self) -> None:
        """Keep nothing."""
        self.path.unlink(missing_ok=True)

    @contextlib.asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the file against other processes: a refresh token that is used twice ends the session."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as file:
            await _lock(file.fileno(), self.path)
            yield  # closing the file lets go

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}


def sign_in(server: str) -> SignIn:
    """The sign-in kept for a server."""
    return SignIn(folder() / f"{quote(server, safe='')}.json")


def chosen_server() -> str:
    """The server of the last login, or ""."""
    try:
        return (folder() / "server").read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def choose_server(server: str) -> None:
    """Make a server the one that is asked from now on; "" for this machine's own."""
    if server:
        write_private(folder() / "server", server + "\n")
    else:
        (folder() / "server").unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; whoever reads it sees the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, fresh = mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")  # mkstemp gives 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


async def _lock(handle: int, path: Path) -> None:
    if sys.platform == "win32":
        return  # no flock there: two commands at once may have to sign in again
    import fcntl

    give_up = time.monotonic() + LONGEST_LOCK
    while time.monotonic() < give_up:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        await asyncio.sleep(0.05)
    raise SampleMindError(
        "ABORTED", "SIGN_IN_LOCKED", f"Another program has held {path} for {LONGEST_LOCK:.0f} s."
    )
