"""Which daemon is asked, and how the caller shows who it is, where the caller does not say."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samplemind_client.errors import CannotReach, SampleMindError
from samplemind_client.line.channel import SYSTEM, TLS, Trust
from samplemind_client.line.credential import ApiKey, Credential, Nobody, Session
from samplemind_client.line.signin import choose_server, chosen_server, sign_in

DEFAULT = "127.0.0.1:50051"


@dataclass(frozen=True)
class Whereabouts:
    """A daemon's address, what to show it, and how to know it; `source` says where the credential came from."""

    server: str
    credential: Credential
    source: str  # "key", "login", "owner" or "nobody"
    trust: Trust = SYSTEM

    @property
    def has_session(self) -> bool:
        """Whether there is a session that can be ended."""
        return isinstance(self.credential, Session)


def find(server: str = "", key: str = "") -> Whereabouts:
    """The daemon to ask: as told, else as the environment says, else that of the last login, else this
    machine's own.

    SAMPLEMIND_CERTIFICATE names a PEM file to trust in place of the system's certificates.
    The key is used if there is one, else the session that login left, else the owner's key if the
    daemon runs here: it goes to no address but the one in its `ready.json`, while that process lives.
    """
    server = server or os.environ.get("SAMPLEMIND_SERVER", "") or chosen_server()
    key = key or os.environ.get("SAMPLEMIND_KEY", "")
    own = own_server()
    server = server or own or DEFAULT
    credential, source = _credential(server, key, own)
    return Whereabouts(server, credential, source, _trust(server, own))


def _credential(server: str, key: str, own: str) -> tuple[Credential, str]:
    if key:
        return ApiKey(key), "key"
    kept = sign_in(server)
    if (tokens := kept.tokens()) is not None:
        return Session(tokens, kept), "login"
    if saved := kept.key():
        return ApiKey(saved), "login"
    if own and server == own and (secret := _owner_key(home())):
        return ApiKey(secret), "owner"
    return Nobody(), "nobody"


def _trust(server: str, own: str) -> Trust:
    """This machine's own daemon is known by the certificate that its home names, all others as the caller says."""
    if told := os.environ.get("SAMPLEMIND_CERTIFICATE"):
        try:
            return Trust(Path(told).expanduser().read_bytes())
        except OSError as error:
            raise CannotReach(f"SAMPLEMIND_CERTIFICATE: {told} cannot be read: {error.strerror}") from None
    ready = _ready(home()) if own and server == own else None
    if not ready or not ready.get("name"):
        return SYSTEM
    try:
        certificate = Path(ready["certificate"]).read_bytes() if ready.get("certificate") else None
    except OSError:
        certificate = None
    return Trust(certificate, str(ready["name"]))


def signed_in(server: str = "", key: str = "") -> Whereabouts:
    """As find(), but a caller who is nobody is told what to do."""
    found = find(server, key)
    if found.source != "nobody":
        return found
    if found.server == DEFAULT and not server and not own_server():
        raise CannotReach(
            "The daemon is not running on this machine: start it with `make run` or `samplemindd`, "
            "or ask another with --server or `samplemind login`."
        )
    raise SampleMindError(
        "UNAUTHENTICATED",
        "NOT_SIGNED_IN",
        f"You are not signed in at {found.server}: use `samplemind login`, --key or SAMPLEMIND_KEY.",
    )


def own_server() -> str:
    """The address of this machine's own daemon, or "" while it does not run."""
    ready = _ready(home())
    if not ready or not ready.get("grpc"):
        return ""
    return f"{TLS if ready.get('scheme') == 'https' else ''}{ready['grpc']}"


def forget(server: str) -> None:
    """Forget the sign-in at a server, and ask it from now on only if told."""
    sign_in(server).forget()
    if server == chosen_server():
        choose_server("")


def go_home() -> None:
    """Ask this machine's own daemon, as its owner, from now on."""
    choose_server("")
    if own := own_server():
        forget(own)


def home() -> Path:
    """The home of this machine's daemon: `SAMPLEMIND_HOME` or `~/.local/share/samplemind`."""
    return Path(os.environ.get("SAMPLEMIND_HOME") or "~/.local/share/samplemind").expanduser()


def _ready(home: Path) -> dict[str, Any] | None:
    """What the daemon wrote when it began to serve, or None where its process is no more."""
    try:
        ready = json.loads((home / "ready.json").read_text("utf-8"))
        return ready if _lives(int(ready["pid"])) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lives(process: int) -> bool:
    """Whether there is such a process of this user."""
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except OSError:  # none, or another user's, so not the one whose home this is
        return False
    return True


def _owner_key(home: Path) -> str:
    try:
        return (home / "owner.key").read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
