"""`samplemind write`: what was heard, written into the files; and taken out again."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.only import names
from samplemind_client.commands.output import Output, shown
from samplemind_client.commands.report import moment, sentence
from samplemind_client.commands.sought import Sought, seeking, sought

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.write import FileChange, WritePreview

Tags = Annotated[str, typer.Option(metavar="NAMES", help="Write these tags: bpm,key,genre,comment.")]
Sidecar = Annotated[bool, typer.Option("--sidecar", help="Lay NAME.samplemind.json beside each file.")]
Template = Annotated[
    str,
    typer.Option(metavar="PATH", help="Rename and move below the watch folder: '{kind}/{bpm} {key} {name}'."),
]
Apply = Annotated[bool, typer.Option("--apply", help="Do it, after it was shown and you agreed.")]
Yes = Annotated[bool, typer.Option("--yes", help="With --apply: do not ask.")]
Undo = Annotated[str, typer.Option(metavar="ID", help="Put the files of an earlier write back as they were.")]


@asking
@seeking
async def write(
    client: "AsyncClient",
    output: Output,
    wanted: Sought,
    tags: Tags = "",
    sidecar: Sidecar = False,
    template: Template = "",
    apply: Apply = False,
    yes: Yes = False,
    undo: Undo = "",
) -> bool:
    """Show what would be written into the files of watch folders, do it with --apply, take it back with --undo."""
    from samplemind_client.values.write import WritePlan

    plan = WritePlan(names(tags), sidecar, template)
    if undo:
        if plan != WritePlan() or apply or wanted != sought():
            raise typer.BadParameter("--undo stands alone: it says what to put back", param_hint="--undo")
        return await _undo(client, output, undo)
    if plan == WritePlan():
        raise typer.BadParameter("say what to write: --tags, --sidecar or --template")
    preview = await client.library.preview_write(plan, wanted.text, **wanted.clauses)
    for change in preview.changes:
        output.put(_fields(change) | {"write_id": preview.write_id}, "\n".join(_lines(change)))
    output.note(_summary(preview))
    if not apply or not preview.total:
        return not preview.refused
    if not yes and not _agreed(preview.total):
        return True
    return await _apply(client, output, preview.write_id) and not preview.refused


async def _apply(client: "AsyncClient", output: Output, write_id: str) -> bool:
    written = await client.library.apply_write(write_id)
    _put_failed(output, written.failed)
    until = moment(written.undo_until)
    fields = {"write_id": write_id, "done": written.done, "failed": len(written.failed), "undo_until": until}
    output.put(fields, f"{written.done:,} files written; until {until}: samplemind write --undo {write_id}")
    return not written.failed


async def _undo(client: "AsyncClient", output: Output, write_id: str) -> bool:
    undone = await client.library.undo_write(write_id)
    _put_failed(output, undone.failed)
    fields = {"write_id": write_id, "done": undone.done, "failed": len(undone.failed)}
    output.put(fields, f"{undone.done:,} files are as they were")
    return not undone.failed


def _agreed(total: int) -> bool:
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to be asked: say --yes, too", param_hint="--apply")
    return typer.confirm(f"Write {total:,} files?", err=True)


def _summary(preview: "WritePreview") -> str:
    cannot = f", {preview.refused:,} cannot" if preview.refused else ""
    more = preview.total + preview.refused - len(preview.changes)
    return f"{preview.total:,} files would change{cannot}{f'; {more:,} are not shown' if more > 0 else ''}"


def _put_failed(output: Output, failed: "Sequence[FileChange]") -> None:
    for change in failed:
        output.put(_fields(change), "\n".join(_lines(change)))


def _fields(change: "FileChange") -> dict[str, Any]:
    return {
        "file": change.path, "new_path": change.new_path or None, "id": change.audio_id,
        "tags": [vars(one) for one in change.tags], "sidecar": change.sidecar or None,
        "error": vars(change.problem) if change.problem else None,
    }  # fmt: skip


def _lines(change: "FileChange") -> Iterator[str]:
    yield f"{shown(change.path)}{f'  ->  {shown(change.new_path)}' if change.new_path else ''}"
    for tag in change.tags:
        yield f"  {tag.field:34} {shown(tag.before) or '-'}  ->  {shown(tag.after)}"
    if change.sidecar:
        yield f"  beside it: {shown(change.sidecar)}"
    if change.problem:
        yield f"  problem: {sentence(change.problem)}"
