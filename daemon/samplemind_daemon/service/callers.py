"""Who is calling, for the handler that runs; and the names of what a retried request makes."""

from contextlib import suppress
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4, uuid5

import grpc

from samplemind_daemon.access.places import NOWHERE, Proxies, place, place_of
from samplemind_daemon.model import Caller
from samplemind_daemon.refusals import Invalid, Unauthenticated

CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)  # set by the gate, for one rpc
PLACE: ContextVar[str] = ContextVar("place", default=NOWHERE)  # where the call comes from; by the gate, too
FORWARDED = "x-forwarded-for"  # metadata that only the web door and known proxies are believed
FORWARDED_AGENT = "x-forwarded-user-agent"  # and this, of what a browser says that it is

_DOOR = "unix:"  # how its calls come; nobody else gets at the home that its socket is in
_NOBODY = UUID(int=0)


def place_of_call(context: grpc.aio.ServicerContext[Any, Any], proxies: Proxies) -> str:
    """Where a call comes from; of one that came through the web door, or a known proxy, where its caller is."""
    peer = context.peer()
    if not peer.startswith(_DOOR) and peer not in proxies:
        return place(peer)
    for name, value in context.invocation_metadata() or ():
        if name == FORWARDED:
            with suppress(ValueError):
                return place_of(str(value))
    return place(peer)


def agent_of_call(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    """What the client of a call says that it is; of one that came through the web door, what the browser says."""
    name = FORWARDED_AGENT if context.peer().startswith(_DOOR) else "user-agent"
    return next((str(value) for key, value in context.invocation_metadata() or () if key == name), "")


def caller() -> Caller:
    """Who makes the call that is being handled; Unauthenticated if nobody is known."""
    known = CALLER.get()
    if known is None:
        raise Unauthenticated("UNAUTHENTICATED", "This call needs a valid access token or API key.")
    return known


def row_id(request_id: str) -> str:
    """The id of what a request makes: the same for a retry of the same caller, new if none was given.

    Raises Invalid where the request's id is no UUID.
    """
    if not request_id:
        return str(uuid4())
    known = CALLER.get()
    return str(uuid5(UUID(known.user.id) if known else _NOBODY, str(request_uuid(request_id))))


def request_uuid(request_id: str) -> UUID:
    """A request's id; Invalid if it is no UUID."""
    try:
        return UUID(request_id)
    except ValueError:
        why = {"request_id": f"{request_id[:60]!r} is not a UUID"}
        raise Invalid("INVALID_REQUEST_ID", "A request_id is a UUID.", why) from None
