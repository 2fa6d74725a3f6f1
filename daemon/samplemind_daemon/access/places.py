"""Where a call comes from, as far as limits go: an IPv4 address, or the network that an IPv6 address is of."""

import ipaddress
import re
from collections.abc import Iterable

from samplemind_daemon.model import SignIn
from samplemind_daemon.refusals import CannotServe

NETWORK_BITS = 64  # of an IPv6 address: its holder may use all that follow
NOWHERE = "nowhere"
LONGEST_AGENT = 200  # characters that are kept of what a client says that it is
_PEER = re.compile(r"ipv[46]:(?:\[(?P<six>[^\]%]+)(?:%[^\]]*)?\]|(?P<four>[0-9.]+)):[0-9]+")


class Proxies:
    """The addresses and networks that are believed whom they speak for; "*" is all. CannotServe if one is none."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._networks = [network for one in known for network in _networks(one)]

    def __contains__(self, peer: str) -> bool:
        """Whether a gRPC peer is among them."""
        if (host := _host(peer)) is None:
            return False
        address = ipaddress.ip_address(host)
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any((mapped or address) in network for network in self._networks)


def place(peer: str) -> str:
    """The place of a gRPC peer such as "ipv4:192.0.2.1:4711" or "ipv6:[2001:db8::1]:4711"."""
    host = _host(peer)
    return NOWHERE if host is None else place_of(host)


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


def _host(peer: str) -> str | None:
    found = _PEER.fullmatch(peer.replace("%5B", "[").replace("%5D", "]").replace("%25", "%"))
    return None if found is None else found["six"] or found["four"]


def _networks(known: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(one) for one in (("0.0.0.0/0", "::/0") if known == "*" else (known,))]
    except ValueError:
        raise CannotServe(f"web_proxies: {known[:60]!r} is no address and no network") from None
