"""By which names the door may be called, and which pages may call it: no other site's, on loopback either."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Names:
    """The hosts that the door answers for, and the origins of pages beside its own."""

    def __init__(self, hosts: Iterable[str], origins: Iterable[str]) -> None:
        self.origins = frozenset(origin.lower() for origin in origins)
        listed = (urlsplit(origin).netloc for origin in self.origins)
        named = [*LOOPBACK, *hosts, *listed]
        self._hosts = frozenset(_bracketed(bare(host.lower())) for host in named)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the sentence that a request is refused with; None if it may come in."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", "").lower(), headers.get("origin", "").lower()
        if len(headers.getlist("host")) != 1 or not self._knows(bare(host), scope):
            return (
                421,
                f"This daemon is not called {host[:100]!r}: web_origins names the origins of its pages.",
            )
        secure = scope["scheme"] in ("https", "wss")
        if origin in self.origins or origin == f"http{'s' * secure}://{host}":
            return None
        if origin or _is_of_another_site(scope, headers):
            return 403, "Pages of other origins may not call this daemon: web_origins names those that may."
        return None

    def _knows(self, host: str, scope: Scope) -> bool:
        """Whether this is a name of ours, or the address that the browser has reached."""
        here = (scope.get("server") or ("",))[0].removeprefix(
            "::ffff:"
        )  # an IPv4 address, at a socket for both
        return host in self._hosts or f"*.{host.partition('.')[2]}" in self._hosts or host == _bracketed(here)


def _is_of_another_site(scope: Scope, headers: Headers) -> bool:
    """Whether another site's page asks, other than by a link to here."""
    is_link = scope.get("method") == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return headers.get("sec-fetch-site") in ("cross-site", "same-site") and not is_link


def bare(host: str) -> str:
    """A host, as it stands in an address, without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and (port.isdecimal() or not port) and not host.endswith("]") else host


def _bracketed(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
