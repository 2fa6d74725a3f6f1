"""`samplemind login`: another daemon, or another account, from now on."""

import sys
from typing import Annotated

import typer

from samplemind_client.commands.asking import AsJson, Asked, Key, Server, finish
from samplemind_client.commands.output import Output, shown

Email = Annotated[str, typer.Argument(help="The account's e-mail address; asked for if left out.")]
Code = Annotated[str, typer.Option(metavar="CODE", help="Sign in by a one-time code instead.")]
Own = Annotated[bool, typer.Option("--own", help="Ask this machine's own daemon, as its owner, from now on.")]


def login(
    context: typer.Context,
    email: Email = "",
    code: Code = "",
    own: Own = False,
    server: Server = "",
    key: Key = "",
    as_json: AsJson = False,
) -> None:
    """Sign in, and stay so. By password, which is asked for, by one-time code or by --key."""
    asked = Asked(server, key, as_json).over(context.obj)
    if bool(own) + bool(code) + bool(asked.key) + bool(email) > 1:
        raise typer.BadParameter("an e-mail address, --code, --key and --own exclude each other")
    finish(_own if own else lambda output: _login(asked, email, code, output), asked.as_json)


async def _own(output: Output) -> bool:
    from samplemind_client.whereabouts import find, go_home

    go_home()
    server = find().server
    output.put({"server": server, "user": None}, f"From now on {server} is asked, as its owner.")
    return True


async def _login(asked: Asked, email: str, code: str, output: Output) -> bool:
    from samplemind_client.client import AsyncClient

    async with AsyncClient(asked.server) as client:
        if asked.key:
            user = await client.auth.login_with_key(asked.key, remember=True)
        elif code:
            user = await client.auth.login_with_code(code, remember=True)
        else:
            email = email or _ask("E-mail address")
            user = await client.auth.login(email, _ask("Password", hidden=True), remember=True)
    fields = {"server": client.server, "user": {"id": user.id, "email": user.email, "role": user.role}}
    output.put(fields, f"Signed in at {client.server} as {shown(user.email)} ({user.role}).")
    return True


def _ask(what: str, hidden: bool = False) -> str:
    """An answer from the terminal, unseen if it is hidden; a line of stdin where that is none."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=hidden, err=True))
    return sys.stdin.readline().rstrip("\r\n")
