"""An address to listen on, and whether other machines can reach it."""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """A host and a port; port 0 is any free one."""

    host: str  # an IPv6 address stands in brackets
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def here(self) -> "Address":
        """The same as this machine reaches it: all addresses at once are none that can be called."""
        return Address({"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(self.host, self.host), self.port)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False


def parse(text: str) -> Address:
    """The address that "host:port" names; ValueError if it is none."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or len(port) > 5 or int(port) > 65_535:
        raise ValueError(f'an address is "host:port" with a port up to 65535, not {text!r}')
    return Address(host, int(port))
