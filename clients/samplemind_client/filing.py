"""Writing into files what was heard, and finding those that are there more than once."""

from collections.abc import AsyncGenerator, Iterable, Iterator

from samplemind.v1 import library_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.values.duplicate import DuplicateGroup, read_group, write_sameness
from samplemind_client.values.write import (
    Undone,
    WritePlan,
    WritePreview,
    Written,
    read_preview,
    read_undone,
    read_written,
    write_plan,
)

DEADLINE = 3_600.0  # seconds: thousands of files are copied, and decoded twice


async def preview(line: Line, plan: WritePlan, query: pb.Query, audio_ids: Iterable[str]) -> WritePreview:
    """What would be written, without doing it."""
    request = pb.PreviewWriteRequest(request_id=request_id(), plan=write_plan(plan, query, tuple(audio_ids)))
    answer = await line.call(
        "LibraryService/PreviewWrite", request, pb.PreviewWriteResponse, deadline=DEADLINE
    )
    return read_preview(answer)


async def apply(line: Line, write_id: str) -> Written:
    """Do what was previewed."""
    request = pb.ApplyWriteRequest(request_id=request_id(), write_id=write_id)
    return read_written(
        await line.call("LibraryService/ApplyWrite", request, pb.ApplyWriteResponse, deadline=DEADLINE)
    )


async def undo(line: Line, write_id: str) -> Undone:
    """Put files back as they were."""
    request = pb.UndoWriteRequest(request_id=request_id(), write_id=write_id)
    return read_undone(
        await line.call("LibraryService/UndoWrite", request, pb.UndoWriteResponse, deadline=DEADLINE)
    )


def duplicates(line: Line, sameness: str) -> AsyncGenerator[DuplicateGroup, None]:
    """Groups of sounds that are the same, the largest first, fetched page by page."""
    wanted = write_sameness(sameness)

    async def page(token: str) -> tuple[Iterator[DuplicateGroup], str]:
        request = pb.DuplicatesRequest(sameness=wanted, page_token=token)
        answer = await line.call("LibraryService/Duplicates", request, pb.DuplicatesResponse)
        return map(read_group, answer.groups), answer.next_page_token

    return pages(page)
