"""`samplemind flags`: what is switched on, and for whom."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment
from samplemind_client.commands.table import Column, head, row

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.flag import Flag, FlagHistory

COLUMNS = (Column("FLAG", 20), Column("ON FOR", 8), Column("BY NAME", 7, right=True), Column("PURPOSE", 40))
AUDIENCES = {
    "on": "all",
    "off": "nobody",
    "all": "all",
    "nobody": "nobody",
    "beta": "beta",
    "premium": "premium",
}

flags = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="FLAG", help="The flag.")]
User = Annotated[str, typer.Argument(metavar="USER", help="The user's e-mail address or id.")]
For = Annotated[
    str, typer.Argument(metavar="AUDIENCE", help="on, off, beta, premium, or a share of users such as 25%.")
]
State = Annotated[Literal["on", "off"], typer.Argument(help="What it shall be for this user.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="[FLAG...]", help="Flags; all if left out.")]


@flags.callback(invoke_without_command=True)
@asking
async def list_flags(client: "AsyncClient", output: Output) -> bool:
    """List the flags. The commands below show and set them."""
    if not output.as_json:
        output.put({}, head(COLUMNS))
    for flag in await client.flags.list():
        _put(output, flag)
    return True


@flags.command()
@asking
async def show(client: "AsyncClient", output: Output, flag: Name) -> bool:
    """Show a flag with the users it is set for by name, and who changed it when."""
    found = await client.flags.get(flag)
    output.put(_whole(found), "\n".join(_lines(found)))
    return True


@flags.command("set")
@asking
async def set_flag(client: "AsyncClient", output: Output, flag: Name, audience: For) -> bool:
    """Set a flag for all users, from now on."""
    _put(output, await client.flags.set(flag, *_audience(audience)))
    return True


@flags.command()
@asking
async def override(client: "AsyncClient", output: Output, flag: Name, user: User, state: State) -> bool:
    """Set a flag for one user, whatever it is for all."""
    _put(output, await client.flags.override(flag, user, state == "on"))
    return True


@flags.command()
@asking
async def clear(client: "AsyncClient", output: Output, flag: Name, user: User) -> bool:
    """Have a flag be for one user what it is for all."""
    _put(output, await client.flags.clear(flag, user))
    return True


@flags.command()
@asking
async def check(client: "AsyncClient", output: Output, names: Names = None) -> bool:
    """Say what flags are for you."""
    for name, enabled in sorted((await client.flags.evaluate(names or ())).items()):
        output.put({"flag": name, "enabled": enabled}, f"{name:20}  {'on' if enabled else 'off'}")
    return True


def _audience(text: str) -> tuple[str, int]:
    """For whom, and the share in percent."""
    number = text.removesuffix("%")
    if text != number and number.strip().isdecimal() and int(number) <= 100:
        return "share", int(number)
    if text not in AUDIENCES:
        raise typer.BadParameter(f"{text!r} is not on, off, beta, premium or a share from 0% to 100%")
    return AUDIENCES[text], 0


def _put(output: Output, flag: "Flag") -> None:
    texts = flag.name, _on_for(flag), str(flag.overrides or ""), flag.purpose
    output.put(asdict(flag), row(COLUMNS, texts))


def _on_for(flag: "Flag") -> str:
    return f"{flag.percent} %" if flag.audience == "share" else flag.audience


def _whole(found: "FlagHistory") -> dict[str, Any]:
    changes = [{**asdict(one), "at": moment(one.at)} for one in found.changes]
    return {**asdict(found.flag), "by_name": [asdict(one) for one in found.overrides], "changes": changes}


def _lines(found: "FlagHistory") -> list[str]:
    lines = [f"{found.flag.name} is on for {_on_for(found.flag)}: {shown(found.flag.purpose)}"]
    lines += [f"  {shown(one.email)}: {'on' if one.enabled else 'off'}" for one in found.overrides]
    for one in found.changes:
        whom = f" for user {one.user_id}" if one.user_id else ""
        lines.append(
            f"  {one.at.astimezone():%Y-%m-%d %H:%M:%S}  {one.before} → {one.after}{whom}, by user {one.author_id}"
        )
    return lines
