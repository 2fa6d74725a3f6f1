"""Saying otherwise than what was heard, and having made again what is stale."""

from collections.abc import Iterable

from samplemind.v1 import library_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import request_id
from samplemind_client.values.correction import Corrected, Correction, read_corrected, write_correction
from samplemind_client.values.stale import Requeued, Stale, read_stale

DEADLINE = 300.0  # seconds: a library of 100,000 sounds is looked through


async def correct(line: Line, corrections: Iterable[Correction], only_look: bool) -> Corrected:
    """Do up to 1,000 corrections, all or none."""
    request = pb.CorrectRequest(
        request_id=request_id(),
        corrections=[write_correction(one) for one in corrections],
        validate_only=only_look,
    )
    return read_corrected(await line.call("LibraryService/Correct", request, pb.CorrectResponse))


async def stale(line: Line, query: pb.Query | None) -> Stale:
    """What a new analysis would change."""
    request = pb.PreviewReanalyzeRequest(query=query)
    answer = await line.call(
        "LibraryService/PreviewReanalyze", request, pb.PreviewReanalyzeResponse, deadline=DEADLINE
    )
    return read_stale(answer)


async def reanalyze_stale(line: Line, query: pb.Query | None) -> Requeued:
    """Queue what is stale."""
    request = pb.ReanalyzeStaleRequest(request_id=request_id(), query=query)
    answer = await line.call(
        "LibraryService/ReanalyzeStale", request, pb.ReanalyzeStaleResponse, deadline=DEADLINE
    )
    return Requeued(answer.queued, answer.left)
