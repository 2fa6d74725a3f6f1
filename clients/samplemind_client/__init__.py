"""SampleMind's client: `Client` waits, `AsyncClient` awaits; both say the same."""

from typing import TYPE_CHECKING, Any

from samplemind_client.errors import CannotReach, SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient, Client

__all__ = ["AsyncClient", "CannotReach", "Client", "SampleMindError"]


def __getattr__(name: str) -> Any:
    """The clients, imported at first use: they bring gRPC with them, which `samplemind --help` can do without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from samplemind_client import client

    return getattr(client, name)
