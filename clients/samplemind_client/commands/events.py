"""`samplemind events`: what happens, as it happens."""

from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment, problem_fields, sentence

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.event import Event

Since = Annotated[str, typer.Option(metavar="CURSOR", help="Begin after this one; 0 for all that is kept.")]
Once = Annotated[
    bool, typer.Option("--once", help="End with the last that has happened, instead of waiting.")
]
Kind = Annotated[
    list[str] | None, typer.Option(help="Only this kind, as audio.completed or audio.; repeatable.")
]


@asking
async def events(
    client: "AsyncClient", output: Output, since: Since = "", once: Once = False, kind: Kind = None
) -> bool:
    """Follow what happens. Nothing is missed while the daemon restarts."""
    follow = client.past_events if once else client.events
    async for event in follow(since, kind or ()):
        output.put(_fields(event), _line(event))
    return True


def _fields(event: "Event") -> dict[str, object]:
    return {
        "cursor": event.cursor,
        "kind": event.kind,
        "at": moment(event.at),
        "name": event.name or None,
        "audio_id": event.audio_id or None,
        "job_id": event.job_id or None,
        "folder_id": event.folder_id or None,
        "error": problem_fields(event.problem),
    }


def _line(event: "Event") -> str:
    why = f"  {sentence(event.problem)}" if event.problem else ""
    return f"{event.at.astimezone():%H:%M:%S}  {event.kind:18} {shown(event.name)}{why}"
