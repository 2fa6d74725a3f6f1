"""LibraryService: finding and organising the caller's sounds."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

import grpc
from google.protobuf.message import Message

from samplemind.v1 import library_pb2 as pb
from samplemind.v1 import library_pb2_grpc
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.library import query
from samplemind_daemon.library.analyses import Analyses
from samplemind_daemon.library.comparisons import Comparisons
from samplemind_daemon.library.corrections import Corrections
from samplemind_daemon.library.duplicates import Duplicates
from samplemind_daemon.library.export import Exports
from samplemind_daemon.library.query import Queries
from samplemind_daemon.library.shown import without
from samplemind_daemon.library.stale import Stale
from samplemind_daemon.library.writing import Writes
from samplemind_daemon.model import User
from samplemind_daemon.service import (
    wire_correct,
    wire_duplicates,
    wire_export,
    wire_library,
    wire_similar,
    wire_write,
)
from samplemind_daemon.service.callers import caller, row_id
from samplemind_daemon.service.pages import FRAME, LARGEST_REPLY, page_size
from samplemind_daemon.service.wire_library import TABLE

Context = grpc.aio.ServicerContext[Message, Message]


class LibraryService(library_pb2_grpc.LibraryServiceServicer):
    """Finds, corrects, exports and writes the caller's sounds, and no one else's."""

    def __init__(
        self,
        analyses: Analyses,
        queries: Queries,
        corrections: Corrections,
        stale: Stale,
        exports: Exports,
        comparisons: Comparisons,
        writes: Writes,
        duplicates: Duplicates,
        flags: Flags,
    ) -> None:
        self._analyses, self._queries, self._corrections, self._flags = analyses, queries, corrections, flags
        self._stale, self._exports = stale, exports
        self._comparisons, self._writes, self._duplicates = comparisons, writes, duplicates

    async def Query(self, request: pb.QueryRequest, context: Context) -> pb.QueryResponse:
        user, asked, order = caller().user, wire_library.query(request.query), query.order(request.order_by)
        hidden, names = self._flags.hidden(user), frozenset(request.descriptors) or TABLE
        facets = wire_library.shown(query.facets(request.facets), hidden)
        after, size = wire_library.start(user.id, request, order), page_size(request.page_size)
        page = await self._queries.find(user.id, asked, order, size, after, facets)
        answer = pb.QueryResponse(total=page.total, facets=wire_library.facets(page.facets))
        ids = [row.audio for row in page.rows]
        at_a_time = 20 if request.descriptors else 100  # those of a table are short
        async with aclosing(self._analyses.some(user.id, ids, names, at_a_time)) as analyses:
            shown = (without(known, hidden) async for known in analyses)
            is_whole = await wire_library.fill(answer, shown, names)
        if not (is_whole and page.is_last):
            last = wire_library.last(page.rows, answer, is_whole)
            answer.next_page_token = wire_library.token(user.id, request, order, last)
        return answer

    async def Similar(self, request: pb.SimilarRequest, context: Context) -> pb.SimilarResponse:
        user, weights = caller().user, wire_similar.weights(request.weights)
        asked = wire_similar.asked(request, wire_library.query(request.query))
        near, compared = await self._comparisons.similar(user.id, asked, weights)
        found = await self._found(user, [one.audio for one in near], request.descriptors)
        return wire_similar.similar(near, found, compared)

    async def Compatible(self, request: pb.CompatibleRequest, context: Context) -> pb.CompatibleResponse:
        user, wish = caller().user, wire_similar.wish(request)
        asked = wire_similar.asked(request, wire_library.query(request.query))
        matches, compared = await self._comparisons.compatible(user.id, asked, wish)
        found = await self._found(user, [one.audio for one in matches], request.descriptors)
        return wire_similar.compatible(matches, found, compared)

    async def Correct(self, request: pb.CorrectRequest, context: Context) -> pb.CorrectResponse:
        user = caller().user
        changes = [wire_correct.change(one) for one in request.corrections]
        corrected = await self._corrections.correct(user.id, changes, request.validate_only)
        hidden, names = self._flags.hidden(user), corrected.names
        answer, left = pb.CorrectResponse(total=len(corrected.audios)), LARGEST_REPLY - FRAME
        async with aclosing(self._analyses.some(user.id, corrected.audios, names)) as analyses:
            async for known in analyses:
                found = wire_correct.found(without(known, hidden), names)
                left -= found.ByteSize() + FRAME
                if left < 0:
                    break
                answer.found.append(found)
        return answer

    async def PreviewReanalyze(
        self, request: pb.PreviewReanalyzeRequest, context: Context
    ) -> pb.PreviewReanalyzeResponse:
        asked = wire_library.query(request.query)
        return wire_correct.preview(await self._stale.preview(caller().user.id, asked))

    async def ReanalyzeStale(
        self, request: pb.ReanalyzeStaleRequest, context: Context
    ) -> pb.ReanalyzeStaleResponse:
        asked = wire_library.query(request.query)
        queued, left = await self._stale.queue(caller().user.id, asked)
        return pb.ReanalyzeStaleResponse(queued=queued, left=left)

    async def Export(
        self, request: pb.ExportRequest, context: Context
    ) -> AsyncGenerator[pb.ExportResponse, None]:
        user, asked, order = caller().user, wire_library.query(request.query), query.order(request.order_by)
        hidden = self._flags.hidden(user)
        form = wire_export.form(request.format, self._exports.columns(request.descriptors, hidden))
        async with aclosing(self._exports.export(user.id, asked, order, form, hidden)) as pieces:
            async for piece in pieces:
                yield wire_export.piece(piece)

    async def Duplicates(self, request: pb.DuplicatesRequest, context: Context) -> pb.DuplicatesResponse:
        user, how, size = caller().user.id, wire_duplicates.sameness(request), wire_duplicates.size(request)
        groups, is_last = await self._duplicates.page(user, how, size, wire_duplicates.start(user, request))
        return wire_duplicates.answer(user, request, groups, is_last)

    async def PreviewWrite(
        self, request: pb.PreviewWriteRequest, context: Context
    ) -> pb.PreviewWriteResponse:
        user, id, plan = caller().user.id, row_id(request.request_id), wire_write.plan(request.plan)
        ids = await self._queries.ids(user, wire_library.query(request.plan.query))
        chosen = wire_write.chosen(ids, request.plan.audio_ids)
        return wire_write.previewed(*await self._writes.preview(user, id, plan, chosen))

    async def ApplyWrite(self, request: pb.ApplyWriteRequest, context: Context) -> pb.ApplyWriteResponse:
        return wire_write.applied(*await self._writes.apply(caller().user.id, request.write_id))

    async def UndoWrite(self, request: pb.UndoWriteRequest, context: Context) -> pb.UndoWriteResponse:
        return wire_write.undone(await self._writes.undo(caller().user.id, request.write_id))

    async def _found(self, user: User, ids: Sequence[str], asked: Iterable[str]) -> dict[str, pb.Found]:
        """Those of these sounds that there are, with the descriptors asked for."""
        hidden, names = self._flags.hidden(user), frozenset(asked) or TABLE
        async with aclosing(self._analyses.some(user.id, ids, names)) as analyses:
            return {
                known.audio.id: wire_similar.found(without(known, hidden), names) async for known in analyses
            }
