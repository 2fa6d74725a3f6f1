"""Having sounds analysed, and looking up what was found."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing

from samplemind.v1 import analysis_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.values.analysis import (
    Analysis,
    BatchOutcome,
    Decoding,
    Descriptor,
    Job,
    Result,
    Update,
    read_analysis,
    read_job,
    read_update,
)
from samplemind_client.values.sound import read_problem

BATCH = 5_000  # sounds in one request
PAGE = 200  # analyses, the most that a page may have


async def analyze(line: Line, audio_id: str) -> AsyncGenerator[Update, None]:
    """What happens to a sound until it is done; asked again after a break, and each finding said once."""
    request = pb.AnalyzeRequest(audio_id=audio_id, request_id=request_id())
    tries, found, furthest = line.tries(), set[tuple[str, str]](), 0.0
    stream = line.stream("AnalysisService/Analyze", lambda: request, pb.AnalyzeResponse, tries, endless=True)
    async with aclosing(stream) as messages:
        async for message in messages:
            update = read_update(message)
            if isinstance(update, Descriptor):
                if (update.name, update.fingerprint) in found:
                    continue
                found.add((update.name, update.fingerprint))
                tries.renew()
            elif isinstance(update, Decoding) and (update.fraction or 0.0) > furthest:
                furthest = update.fraction or 0.0
                tries.renew()
            if update is not None:
                yield update
            if isinstance(update, Result):
                return


async def analyze_batch(line: Line, audio_ids: Iterable[str]) -> AsyncGenerator[BatchOutcome, None]:
    """One outcome for each sound, as they are done, however many there are."""
    wanted = tuple(dict.fromkeys(audio_ids))
    done = 0
    for start in range(0, len(wanted), BATCH):
        async with aclosing(_batch(line, wanted[start : start + BATCH])) as messages:
            async for message in messages:
                done += 1
                yield BatchOutcome(
                    audio_id=message.audio_id,
                    job=read_job(message.job) if message.HasField("job") else None,
                    problem=read_problem(message.problem) if message.HasField("problem") else None,
                    done=done,
                    total=len(wanted),
                )


async def _batch(line: Line, audio_ids: Sequence[str]) -> AsyncGenerator[pb.AnalyzeBatchResponse, None]:
    request = pb.AnalyzeBatchRequest(audio_ids=audio_ids, request_id=request_id())
    tries, left = line.tries(), set(audio_ids)
    stream = line.stream(
        "AnalysisService/AnalyzeBatch", lambda: request, pb.AnalyzeBatchResponse, tries, endless=True
    )
    async with aclosing(stream) as messages:
        async for message in messages:
            if message.audio_id in left:  # else a repetition after a break
                left.remove(message.audio_id)
                tries.renew()
                yield message
            if not left:
                return


async def analysis(line: Line, audio_id: str) -> Analysis:
    """All that is known of a sound."""
    request = pb.GetAnalysisRequest(audio_id=audio_id)
    answer = await line.call("AnalysisService/GetAnalysis", request, pb.GetAnalysisResponse)
    return read_analysis(answer.analysis)


def analyses(
    line: Line, filter: str, order_by: str, descriptors: Iterable[str]
) -> AsyncGenerator[Analysis, None]:
    """The analyses of the caller's sounds, fetched page by page."""
    names = tuple(descriptors)

    async def page(token: str) -> tuple[Iterator[Analysis], str]:
        request = pb.ListAnalysesRequest(
            page_size=PAGE, page_token=token, filter=filter, order_by=order_by, descriptors=names
        )
        answer = await line.call("AnalysisService/ListAnalyses", request, pb.ListAnalysesResponse)
        return map(read_analysis, answer.analyses), answer.next_page_token

    return pages(page)


async def cancel(line: Line, audio_id: str) -> Job:
    """The sound's job, cancelled or ended before it could be."""
    request = pb.CancelRequest(audio_id=audio_id, request_id=request_id())
    return read_job((await line.call("AnalysisService/Cancel", request, pb.CancelResponse)).job)


async def reanalyze(line: Line, audio_id: str, everything: bool) -> Job:
    """The new job that does again what is stale, or everything."""
    request = pb.ReanalyzeRequest(audio_id=audio_id, request_id=request_id(), everything=everything)
    return read_job((await line.call("AnalysisService/Reanalyze", request, pb.ReanalyzeResponse)).job)
