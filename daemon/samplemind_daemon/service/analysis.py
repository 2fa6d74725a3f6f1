"""AnalysisService: having sounds analysed, and looking up what was found."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing

import grpc
from google.protobuf.message import Message

from samplemind.v1 import analysis_pb2 as pb
from samplemind.v1 import analysis_pb2_grpc
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.access.flags.names import INTERACTIVE_ANALYSIS, PARTIAL_RESULTS
from samplemind_daemon.library import filters
from samplemind_daemon.library.analyses import Analyses, Analysis
from samplemind_daemon.library.batches import Batches
from samplemind_daemon.library.live import Lives
from samplemind_daemon.library.shown import without
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.model import Audio, Lane, Result
from samplemind_daemon.service import wire_analysis as wire
from samplemind_daemon.service import wire_live
from samplemind_daemon.service.callers import caller, request_uuid, row_id
from samplemind_daemon.service.pages import FRAME, LARGEST_REPLY, page_size, page_start, page_token
from samplemind_daemon.service.wire_sound import problem
from samplemind_daemon.store.sounds import Listing, position

Context = grpc.aio.ServicerContext[Message, Message]

PAGE, LONGEST_PAGE = 50, 200  # analyses


class AnalysisService(analysis_pb2_grpc.AnalysisServiceServicer):
    """Has the caller's sounds analysed, and no one else's."""

    def __init__(
        self, analyses: Analyses, batches: Batches, lives: Lives, sounds: Sounds, flags: Flags
    ) -> None:
        self._analyses, self._batches, self._lives = analyses, batches, lives
        self._sounds, self._flags = sounds, flags

    async def Analyze(
        self, request: pb.AnalyzeRequest, context: Context
    ) -> AsyncGenerator[pb.AnalyzeResponse, None]:
        user, id, retried = caller().user, request.audio_id, _request(request.request_id)
        lane = Lane.INTERACTIVE if self._flags.is_on(INTERACTIVE_ANALYSIS, user) else Lane.BATCH
        hidden, partial = self._flags.hidden(user), self._flags.is_on(PARTIAL_RESULTS, user)
        async with aclosing(self._analyses.analyze(user.id, id, retried, lane)) as updates:
            async for update in updates:
                if partial or not isinstance(update, Result):
                    for message in wire.updates(without(update, hidden)):
                        yield message

    async def AnalyzeBatch(
        self, request: pb.AnalyzeBatchRequest, context: Context
    ) -> AsyncGenerator[pb.AnalyzeBatchResponse, None]:
        ids, retried = request.audio_ids, _request(request.request_id)
        done, total = 0, len(set(ids))
        async with aclosing(self._batches.analyze(caller().user.id, ids, retried)) as outcomes:
            async for one in outcomes:
                done += 1
                job = wire.job(one.job) if one.job else None
                yield pb.AnalyzeBatchResponse(
                    audio_id=one.audio, job=job, problem=problem(one.problem), done=done, total=total
                )

    async def AnalyzeLive(
        self, request: AsyncIterator[pb.AnalyzeLiveRequest], context: Context
    ) -> AsyncGenerator[pb.AnalyzeLiveResponse, None]:
        user, hidden = caller().user, self._flags.hidden(caller().user)
        async with aclosing(self._lives.hear(user.id, wire_live.messages(request))) as heard:
            async for one in heard:
                for message in wire_live.told(one, hidden):
                    yield message

    async def GetAnalysis(self, request: pb.GetAnalysisRequest, context: Context) -> pb.GetAnalysisResponse:
        user = caller().user
        known = await self._analyses.get(user.id, request.audio_id)
        return pb.GetAnalysisResponse(analysis=wire.analysis(without(known, self._flags.hidden(user))))

    async def ListAnalyses(
        self, request: pb.ListAnalysesRequest, context: Context
    ) -> pb.ListAnalysesResponse:
        user, size = caller().user.id, min(page_size(request.page_size or PAGE), LONGEST_PAGE)
        clauses, (order, descending) = filters.clauses(request.filter), filters.order(request.order_by)
        query = "AnalysisService/ListAnalyses", user, request.filter, order, str(descending)
        after = page_start(query, request.page_token, str if order == "name" else int)
        names = frozenset(request.descriptors)
        found = self._analyses.page(user, Listing(clauses, order, descending, after), size + 1, names)
        analyses, last = await _page(found, size, names, self._flags.hidden(caller().user))
        return pb.ListAnalysesResponse(
            analyses=analyses,
            next_page_token=page_token(query, *position(last, order)) if last else "",
            total=await self._sounds.count(user, clauses),
        )

    async def Cancel(self, request: pb.CancelRequest, context: Context) -> pb.CancelResponse:
        return pb.CancelResponse(
            job=wire.job(await self._analyses.cancel(caller().user.id, request.audio_id))
        )

    async def Reanalyze(self, request: pb.ReanalyzeRequest, context: Context) -> pb.ReanalyzeResponse:
        user, id = caller().user.id, row_id(request.request_id)
        job = await self._analyses.reanalyze(user, request.audio_id, id, request.everything)
        return pb.ReanalyzeResponse(job=wire.job(job))


async def _page(
    found: AsyncGenerator[Analysis, None], size: int, names: Collection[str], hidden: Collection[str]
) -> tuple[list[pb.Analysis], Audio | None]:
    """As many analyses as one reply holds, but one at least; and the last one's sound if there are more."""
    page: list[pb.Analysis] = []
    last, taken = None, 1024
    async with aclosing(found):
        async for known in found:
            message = wire.analysis(without(known, hidden), names)
            taken += message.ByteSize() + FRAME
            if page and (len(page) == size or taken > LARGEST_REPLY):
                return page, last
            page.append(message)
            last = known.audio
    return page, None


def _request(id: str) -> str:
    """A request's id in its one form; empty where none was given, Invalid where it is no UUID."""
    return str(request_uuid(id)) if id else ""
