"""`samplemind sessions`: where an account is signed in."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import each
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment
from samplemind_client.commands.table import Column, head, row
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from datetime import datetime

    from samplemind_client.client import AsyncClient
    from samplemind_client.values.account import OpenSession

COLUMNS = (
    Column("ID", 8),
    Column("SIGNED IN", 16),
    Column("LAST USED", 16),
    Column("ENDS", 16),
    Column("PLACE", 20),
    Column("CLIENT", 40),
)
SHORTEST = 4  # characters of an id that may stand for it

sessions = typer.Typer()

Named = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of sessions, or how they begin.")]


@sessions.callback(invoke_without_command=True)
@asking
async def list_sessions(client: "AsyncClient", output: Output) -> bool:
    """List where your account is signed in. The command below ends such a session."""
    listed = False
    async for session in client.auth.sessions():
        if not listed and not output.as_json:
            output.put({}, head(COLUMNS))
        output.put(_fields(session), row(COLUMNS, _texts(session)))
        listed = True
    return True


@sessions.command()
@asking
async def end(client: "AsyncClient", output: Output, ids: Named) -> bool:
    """End sessions at once, wherever they are."""

    async def one(named: str) -> None:
        session = await _find(client, named)
        await client.auth.end_session(session.id)
        output.put(_fields(session) | {"status": "ended"}, f"{session.id}  {_client(session)}  ended")

    return await each(output, ids, one, "id")


async def _find(client: "AsyncClient", named: str) -> "OpenSession":
    """The one session whose id is, or begins with, what was named."""
    known = [session async for session in client.auth.sessions()]
    found = [one for one in known if len(named) >= SHORTEST and one.id.startswith(named.lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SampleMindError("NOT_FOUND", "SESSION_NOT_FOUND", f"There is no session {named!r}.")
    ids = ", ".join(session.id for session in found)
    raise SampleMindError("FAILED_PRECONDITION", "AMBIGUOUS", f"Several sessions begin so: {ids}.")


def _fields(session: "OpenSession") -> dict[str, Any]:
    return {
        "id": session.id,
        "created_at": moment(session.created_at),
        "last_used_at": moment(session.last_used_at),
        "expires_at": moment(session.expires_at),
        "place": session.place,
        "user_agent": session.user_agent,
        "current": session.current,
    }


def _texts(session: "OpenSession") -> tuple[str, ...]:
    return (
        session.id[:8],
        _minute(session.created_at),
        _minute(session.last_used_at),
        _minute(session.expires_at),
        session.place or "unknown",
        f"{_client(session)}{'  (this one)' * session.current}",
    )


def _client(session: "OpenSession") -> str:
    return shown(session.user_agent or "unknown")


def _minute(at: "datetime | None") -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else "unknown"
