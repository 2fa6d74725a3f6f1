"""Where a call comes from, as far as limits go: an IPv4 address, or the network that an IPv6 address is of."""

import ipaddress
import re

from samplemind_daemon.model import SignIn

NETWORK_BITS = 64  # of an IPv6 address: its holder may use all that follow
NOWHERE = "nowhere"
LONGEST_AGENT = 200  # characters that are kept of what a client says that it is
_PEER = re.compile(r"ipv[46]:(?:\[(?P<six>[^\]%]+)(?:%[^\]]*)?\]|(?P<four>[0-9.]+)):[0-9]+")


def place(peer: str) -> str:
    """The place of a gRPC peer such as "ipv4:192.0.2.1:4711" or "ipv6:[2001:db8::1]:4711"."""
    found = _PEER.fullmatch(peer.replace("%5B", "[").replace("%5D", "]").replace("%25", "%"))
    if found is None:
        return NOWHERE
    return place_of(found["six"] or found["four"])


def place_of(host: str) -> str:
    """The place of an IP address."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))
    return str(address)


def sign_in(place: str, agent: str) -> SignIn:
    """What is kept of a sign-in: its place, and what the client says that it is, as far as it can be printed."""
    printable = "".join(filter(str.isprintable, agent)).strip()[:LONGEST_AGENT]
    return SignIn(None if place == NOWHERE else place, printable or None)
