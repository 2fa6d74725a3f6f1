"""The channel below a line."""

import ipaddress
from dataclasses import dataclass

import grpc

OPTIONS = (
    ("grpc.primary_user_agent", "samplemind-python"),  # so that its user knows it among the sessions
    ("grpc.keepalive_time_ms", 30_000),  # finds a peer that vanished without a word
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.ping_timeout_ms", 10_000),  # without it that takes a minute
    ("grpc.initial_reconnect_backoff_ms", 200),  # each try of ours is a real one: gRPC's own
    ("grpc.max_reconnect_backoff_ms", 400),  # waiting would answer some from memory
    ("grpc.min_reconnect_backoff_ms", 10_000),  # (this one is how long a connect may take)
    ("grpc.max_receive_message_length", 4 * 2**20),
)
DIRECT = ("grpc.enable_http_proxy", 0)  # this machine is not reached through a proxy
TLS = "https://"


@dataclass(frozen=True)
class Trust:
    """How a daemon that speaks TLS is known: by these PEM certificates or the system's, by this name or its own."""

    certificates: bytes | None = None
    name: str = ""


SYSTEM = Trust()


def open_channel(server: str, trust: Trust = SYSTEM) -> grpc.aio.Channel:
    """A channel to "host:port", or to "https://host:port" by TLS; on the loop that runs now."""
    target = server.removeprefix(TLS)
    options: tuple[tuple[str, int | str], ...] = (*OPTIONS, DIRECT) if is_loopback(target) else OPTIONS
    if server.startswith(TLS):
        secret = grpc.ssl_channel_credentials(trust.certificates)
        if trust.name:
            options = (*options, ("grpc.ssl_target_name_override", trust.name))
        return grpc.aio.secure_channel(target, secret, options=options)
    return grpc.aio.insecure_channel(target, options=options)


def is_loopback(target: str) -> bool:
    """Whether "host:port" is on this machine."""
    host = target.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
