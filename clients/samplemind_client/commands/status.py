"""`samplemind status`: how the daemon is."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.status import Status


@asking
async def status(client: "AsyncClient", output: Output) -> bool:
    """Say how the daemon and your sounds are."""
    found = await client.status()
    fields = {
        "server": client.server, "version": found.version, "started_at": moment(found.started_at),
        "sounds": found.sounds, "jobs": found.jobs, "workers": found.workers, "busy": found.busy,
        "respawns": found.respawns, "subscribers": found.subscribers, "analyzers": found.analyzers,
        "broken_plugins": found.broken_plugins, "inbox": found.inbox or None,
    }  # fmt: skip
    output.put(fields, "\n".join(f"{name:12} {text}" for name, text in _rows(client.server, found)))
    return True


def _rows(server: str, found: "Status") -> Iterator[tuple[str, str]]:
    yield "daemon", f"{found.version} at {server}, since {found.started_at.astimezone():%Y-%m-%d %H:%M:%S}"
    yield "sounds", _counts(found.sounds)
    yield "jobs", _counts(found.jobs)
    died = f", {found.respawns} died and were replaced" if found.respawns else ""
    yield "workers", f"{found.busy} of {found.workers} at work{died}"
    broken = f", {found.broken_plugins} plugins cannot be used" if found.broken_plugins else ""
    yield "analyzers", (", ".join(found.analyzers) or "none") + broken
    yield "subscribers", str(found.subscribers)
    if found.inbox:
        yield "inbox", shown(found.inbox)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none"
