"""SampleMind's client: `Client` waits, `AsyncClient` awaits; both say the same."""

from samplemind_client.client import AsyncClient, Client
from samplemind_client.errors import CannotReach, SampleMindError

__all__ = ["AsyncClient", "CannotReach", "Client", "SampleMindError"]
