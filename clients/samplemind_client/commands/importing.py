"""`samplemind import`: a table that was exported and edited, read back."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands import sheet
from samplemind_client.commands.asking import asking, is_of_one_item
from samplemind_client.commands.changes import COLUMNS, changes, said
from samplemind_client.commands.items import find
from samplemind_client.commands.output import Output, printable, shown
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis, Value
    from samplemind_client.values.correction import Correction

AT_A_TIME = 500  # corrections in one call
FEW = 200  # rows whose sounds are asked for one by one
SIDE_BY_SIDE = 8

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="A table as `samplemind export` writes it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be changed, and change nothing.")]


@dataclass
class Edited:
    """A row, its sound, and what is to be changed, what was, and why the rest was not."""

    row: sheet.Row
    id: str = ""
    name: str = ""
    wanted: "list[Correction]" = field(default_factory=list)
    before: "dict[str, Value]" = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


@asking
async def import_(client: "AsyncClient", output: Output, file: File, dry_run: DryRun = False) -> bool:
    """Correct sounds by a table that was exported and edited: each cell that says otherwise than what is known.

    An empty cell changes nothing; what cannot be is said row by row, and the others are done.
    """
    rows = await asyncio.to_thread(lambda: list(sheet.rows(file)))
    if rows and not {*COLUMNS} & rows[0].cells.keys():
        raise typer.BadParameter(f"{file} has none of the columns {', '.join(COLUMNS)}")
    edited = await _edited(client, rows)
    for some in _batches(edited):
        await _send(client, some, dry_run)
    for one in edited:
        _put(output, one, dry_run)
    changed, refused = sum(bool(one.wanted) for one in edited), sum(bool(one.refused) for one in edited)
    done = "would be changed" if dry_run else "changed"
    output.note(f"{changed:,} of {len(edited):,} rows {done}, {refused:,} refused in part or whole")
    return not refused


async def _edited(client: "AsyncClient", rows: Sequence[sheet.Row]) -> list[Edited]:
    """The rows with what they change, once their sounds are known."""
    edited = [Edited(row, row.text("id").strip()) for row in rows]
    known = await _known(client, edited)
    for one in edited:
        analysis = known.get(one.id)
        one.name = analysis.sound.name if analysis else one.row.text("name")
        if analysis is None:
            one.refused = one.refused or [f"there is no sound {one.id or one.name!r}"]
        else:
            _look(one, analysis)
    return edited


def _look(one: Edited, analysis: "Analysis") -> None:
    for change in changes(one.row, one.id, analysis.descriptors):
        if isinstance(change, ValueError):
            one.refused.append(str(change))
        else:
            found = analysis.descriptors.get(change.name)
            one.wanted.append(change)
            one.before[change.name] = found.value if found else None


async def _known(client: "AsyncClient", edited: Sequence[Edited]) -> "dict[str, Analysis]":
    """What is known of the rows' sounds, by id: a few are asked for, of many the whole list is gone through."""
    for one in edited:
        if not one.id:
            await _name(client, one)
    ids = {one.id for one in edited if one.id}
    if len(ids) > FEW:
        listed = client.analyses(descriptors=COLUMNS)
        return {found.sound.id: found async for found in listed if found.sound.id in ids}
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def ask(id: str) -> "Analysis | None":
        async with gate:
            try:
                return await client.analysis(id)
            except SampleMindError as error:
                if not is_of_one_item(error):
                    raise
                return None

    found = await asyncio.gather(*map(ask, ids))
    return {one.sound.id: one for one in found if one is not None}


async def _name(client: "AsyncClient", one: Edited) -> None:
    """Find the sound of a row without an id by its name."""
    try:
        one.id = (await find(client, one.row.text("name"))).id
    except SampleMindError as error:
        if not is_of_one_item(error):
            raise
        one.refused.append(error.message)


def _batches(edited: Iterable[Edited]) -> Iterator[list[Edited]]:
    """Rows with so many corrections together as one call takes; those of a row stay together."""
    batch: list[Edited] = []
    size = 0
    for one in edited:
        if size + len(one.wanted) > AT_A_TIME:
            yield batch
            batch, size = [], 0
        if one.wanted:
            batch.append(one)
            size += len(one.wanted)
    if batch:
        yield batch


async def _send(client: "AsyncClient", batch: Sequence[Edited], dry_run: bool) -> None:
    """Have a batch done. What is refused is taken out, and the rest sent again."""
    while places := [(one, change) for one in batch for change in one.wanted]:
        try:
            await client.library.correct(*(change for _, change in places), only_look=dry_run)
            return
        except SampleMindError as error:
            if not is_of_one_item(error):
                raise
            for place, why in _faults(error, len(places)).items():
                one, change = places[place]
                one.wanted.remove(change)
                one.refused.append(why)


def _faults(error: SampleMindError, many: int) -> Mapping[int, str]:
    """Which corrections are at fault, and why; all of them where that is not said."""
    found = {
        int(place[1]): why
        for name, why in error.fields.items()
        if (place := re.fullmatch(r"corrections\[(\d+)\]", name)) and int(place[1]) < many
    }
    return found or dict.fromkeys(range(many), error.message)


def _put(output: Output, one: Edited, dry_run: bool) -> None:
    """Say what was changed in a row, and what was refused; of a row that was not edited nothing, but as JSON."""
    done = {change.name: (one.before[change.name], change.value) for change in one.wanted}
    status = (
        "refused" if one.refused else "unchanged" if not done else "looked at" if dry_run else "corrected"
    )
    error = {"reason": "INVALID_CORRECTION", "message": "; ".join(one.refused)} if one.refused else None
    fields = {
        "file": printable(one.name), "status": status, "error": error, "id": one.id, "line": one.row.line,
        "changes": {name: {"before": before, "after": after} for name, (before, after) in done.items()},
    }  # fmt: skip
    texts = [f"{name} {said(name, before)} -> {said(name, after)}" for name, (before, after) in done.items()]
    texts += [f"refused: {why}" for why in one.refused]
    if texts or output.as_json:
        output.put(
            fields,
            f"{shown(one.name)} (line {one.row.line})\n" + "\n".join(f"  {shown(text)}" for text in texts),
        )
