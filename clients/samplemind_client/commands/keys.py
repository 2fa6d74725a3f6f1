"""`samplemind keys`: the API keys of an account."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import each
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment
from samplemind_client.commands.table import Column, head, row
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.account import Key

COLUMNS = (
    Column("NAME", 24),
    Column("BEGINS", 14),
    Column("SCOPE", 7),
    Column("LAST USED", 16),
    Column("STATE", 8),
)

keys = typer.Typer()

Name = Annotated[str, typer.Argument(help="What to call it.")]
Scope = Annotated[
    Literal["read", "analyze", "admin"],
    typer.Option(help="What it may be used for; each holds those before it."),
]
Days = Annotated[float | None, typer.Option(min=0, help="How long it is good; for ever if left out.")]
Named = Annotated[list[str], typer.Argument(metavar="KEY...", help="Names or ids of keys.")]


@keys.callback(invoke_without_command=True)
@asking
async def list_keys(client: "AsyncClient", output: Output) -> bool:
    """List your API keys. The commands below change them."""
    listed = False
    async for key in client.keys.list():
        if not listed and not output.as_json:
            output.put({}, head(COLUMNS))
        output.put(
            _fields(key), row(COLUMNS, (key.name, key.prefix, key.scope, _day(key.last_used_at), _state(key)))
        )
        listed = True
    return True


@keys.command()
@asking
async def create(
    client: "AsyncClient", output: Output, name: Name, scope: Scope = "analyze", days: Days = None
) -> bool:
    """Make a key and print its secret, which is shown now and never again."""
    ends = datetime.now(UTC) + timedelta(days=days) if days is not None else None
    key = await client.keys.create(name, scope, ends)
    output.put(_fields(key) | {"secret": key.secret}, key.secret)
    return True


@keys.command()
@asking
async def revoke(client: "AsyncClient", output: Output, keys: Named) -> bool:
    """Make keys useless at once."""

    async def one(named: str) -> None:
        key = await client.keys.revoke(await _find(client, named))
        output.put(_fields(key), f"{shown(key.name)}  {_state(key)}")

    return await each(output, keys, one, "name")


async def _find(client: "AsyncClient", named: str) -> str:
    """The id of the one key in force that has this name or id."""
    known = [key async for key in client.keys.list()]
    found = [key for key in known if key.id == named] or [
        key for key in known if key.name == named and not key.revoked_at
    ]
    if len(found) == 1:
        return found[0].id
    if not found:
        raise SampleMindError("NOT_FOUND", "KEY_NOT_FOUND", f"There is no key {named!r}.")
    ids = ", ".join(key.id for key in found)
    raise SampleMindError(
        "FAILED_PRECONDITION", "AMBIGUOUS", f"{len(found)} keys are called {named!r}: {ids}."
    )


def _fields(key: "Key") -> dict[str, Any]:
    return {
        "name": key.name,
        "id": key.id,
        "prefix": key.prefix,
        "scope": key.scope,
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.last_used_at),
        "revoked_at": moment(key.revoked_at),
    }


def _state(key: "Key") -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at:
        return f"{'ended' if key.expires_at < datetime.now(UTC) else 'until'} {_day(key.expires_at)}"
    return "in force"


def _day(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else "never"
