"""Where NATS is, and what everything that is said there is called."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from samplemind_daemon.model import Lane
from samplemind_daemon.refusals import CannotServe

DEFAULT = "samplemind"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """The servers to try, and the name that all subjects here begin with: several libraries may share a NATS."""

    servers: tuple[str, ...]
    name: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def begin(self) -> str:
        """Asked of any daemon: may I do this job?"""
        return f"{self.name}.begin"

    @property
    def renew(self) -> str:
        """Asked of any daemon: is what I do still wanted?"""
        return f"{self.name}.renew"

    @property
    def outcome(self) -> str:
        """Told to any daemon: what came of a job."""
        return f"{self.name}.outcome"

    @property
    def ends(self) -> str:
        """Told to every daemon: the job on a sound is over."""
        return f"{self.name}.ends"

    @property
    def cancel(self) -> str:
        """Told to every worker: nobody wants this job done any more."""
        return f"{self.name}.cancel"

    @property
    def woke(self) -> str:
        """Told to every daemon: something happened to things of these users."""
        return f"{self.name}.woke"

    @property
    def workers(self) -> str:
        """Told to every daemon: how a worker is."""
        return f"{self.name}.workers"

    @property
    def stream(self) -> str:
        """The name of the stream of jobs."""
        return f"{self.name}_jobs".upper()

    def live(self, audio: str) -> str:
        """Told to whoever follows a sound: what is heard in it just now."""
        return f"{self.name}.live.{audio}"

    def content(self, instance: str) -> str:
        """Asked of one daemon: a piece of a file on its disk."""
        return f"{self.name}.content.{instance}"

    def letters(self, holder: str) -> str:
        """Asked of whoever has said too much for one message: a part of it."""
        return f"{self.name}.letters.{holder}"

    def jobs(self, lane: Lane, job: str = "*") -> str:
        """Where a job of a lane is published."""
        return f"{self.name}.jobs.{lane}.{job}"

    def undeliverable(self, lane: Lane) -> str:
        """Told by NATS: a job was given out as often as it may be, and nobody took it."""
        return f"$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.{self.stream}.{lane}"


def parse(url: str) -> Place:
    """`nats://[user:password@]host[:port][,host…][/name]`, or tls://…; CannotServe if it is none."""
    scheme, _, rest = url.partition("://")
    hosts, slash, name = rest.partition("/")
    secret, _, hosts = hosts.rpartition("@")
    user, _, password = secret.partition(":")
    servers = tuple(f"{scheme}://{host}" for host in hosts.split(","))
    if scheme not in ("nats", "tls") or not all(hosts.split(",")):
        raise CannotServe(
            "engine: it is nats://HOST or tls://HOST, several with commas between, not what was given"
        )
    if slash and name and not _NAME.fullmatch(name):
        raise CannotServe(f"engine: {name[:60]!r} names no place: letters, digits, - and _ may, 40 at most")
    return Place(servers, name or DEFAULT, unquote(user) or None, unquote(password) or None)
