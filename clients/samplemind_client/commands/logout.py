"""`samplemind logout`: signed in no more."""

from typing import Annotated

import typer

from samplemind_client.commands.asking import AsJson, Asked, Key, Server, finish
from samplemind_client.commands.output import Output
from samplemind_client.errors import SampleMindError

Everywhere = Annotated[bool, typer.Option("--everywhere", help="End all sessions of your account.")]


def logout(
    context: typer.Context,
    everywhere: Everywhere = False,
    server: Server = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Sign out. From then on this machine's own daemon is asked."""
    asked = Asked(server, key, as_json).over(context.obj)
    finish(lambda output: _logout(asked, everywhere, output), asked.as_json)


async def _logout(asked: Asked, everywhere: bool, output: Output) -> bool:
    from samplemind_client.client import AsyncClient
    from samplemind_client.whereabouts import find, forget

    where = find(asked.server, asked.key)
    try:
        if where.source != "nobody" and (everywhere or where.has_session):
            async with AsyncClient(where.server, key=asked.key) as client:
                await client.auth.logout(everywhere=everywhere)
    except SampleMindError as error:
        if error.code != "UNAUTHENTICATED":  # else the session has ended already
            raise
    finally:
        forget(where.server)
    output.put({"server": where.server, "user": None}, f"Signed out at {where.server}.")
    return True
