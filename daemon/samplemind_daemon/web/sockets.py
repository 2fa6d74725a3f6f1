"""Where HTTP is listened for, and what TLS it is spoken with."""

import socket
import ssl

from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.address import Address
from samplemind_daemon.refusals import CannotServe


def bind(setting: str, address: Address) -> socket.socket:
    """A socket for this address; CannotServe, which names the setting, where it cannot be had."""
    host = address.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Its protocol is named, or asyncio would not see that it is TCP, and answers would wait for 40 ms to be sent.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if host == "::":
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # as gRPC has it
        bound.bind((host, address.port))
    except OSError as error:
        bound.close()
        raise CannotServe(f"{setting}: cannot listen on {address}: {error.strerror}") from None
    return bound


def speaking(pair: Pair) -> ssl.SSLContext:
    """What a server speaks TLS with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.path, pair.key_path)
    return context
