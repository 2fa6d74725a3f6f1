"""`samplemind reanalyze`: sounds analysed again."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.items import each, find
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import job_fields, job_text
from samplemind_client.commands.sought import Sought, seeking, sought

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.stale import Requeued, Stale

Some = Annotated[
    list[str],
    typer.Argument(metavar="SOUND...", help="Ids or names of sounds; with --stale words, as in search."),
]
Everything = Annotated[
    bool, typer.Option("--everything", help="Also what is still as it would be made today.")
]
OnlyStale = Annotated[
    bool, typer.Option("--stale", help="All sounds that match, as in search, whose results are stale.")
]
Preview = Annotated[
    bool, typer.Option("--preview", help="With --stale: say what is, and why, and do nothing.")
]


@asking
@partial(seeking, words=False)
async def reanalyze(
    client: "AsyncClient",
    output: Output,
    wanted: Sought,
    sounds: Some = [],  # noqa: B006 - typer's way to say that there is none
    everything: Everything = False,
    stale: OnlyStale = False,
    preview: Preview = False,
) -> bool:
    """Analyse sounds again. What would be found as before is left alone."""
    if stale and everything:
        raise typer.BadParameter("--stale makes again what is stale, and --everything what is fresh, too")
    if not stale and (preview or wanted != sought()):
        raise typer.BadParameter("what is sought, and --preview, go with --stale")
    if stale:
        return await _make_again(client, output, " ".join(sounds), wanted, preview)
    if not sounds:
        raise typer.BadParameter("say which sounds, or --stale")

    async def one(named: str) -> None:
        sound = await find(client, named)
        job = await client.reanalyze(sound.id, everything=everything)
        output.put(job_fields(sound, job), job_text(sound, job))

    return await each(output, sounds, one)


async def _make_again(
    client: "AsyncClient", output: Output, words: str, wanted: Sought, preview: bool
) -> bool:
    if preview:
        _put_stale(output, await client.library.stale(words, **wanted.clauses))
    else:
        _put_queued(output, await client.library.reanalyze_stale(words, **wanted.clauses))
    return True


def _put_stale(output: Output, found: "Stale") -> None:
    analyzers = [vars(one) for one in found.analyzers]
    fields = {"sounds": found.sounds, "total": found.total, "seconds": found.seconds, "analyzers": analyzers}
    output.put(fields, "\n".join(_lines(found)))


def _lines(found: "Stale") -> Iterator[str]:
    yield f"{found.sounds:,} of {found.total:,} sounds have stale results; {found.seconds:,.0f} s would be decoded"
    for one in found.analyzers:
        versions = ", ".join(map(str, one.versions)) or "-"
        why = f"{', '.join(one.reasons)}  (made by {versions}, now {one.version})"
        yield f"  {one.analyzer:14}  {one.sounds:>9,}  {why}"


def _put_queued(output: Output, done: "Requeued") -> None:
    left = f"; {done.left:,} more are stale: ask again when these are done" if done.left else ""
    output.put({"queued": done.queued, "left": done.left}, f"{done.queued:,} sounds queued{left}")
