"""Comparing the sounds that the daemon keeps with one of them, or with a file that it does not keep."""

import os
from collections.abc import Iterable
from pathlib import Path

from samplemind.v1 import library_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.uploads import Progress, lend
from samplemind_client.values.likeness import Compatible, Similar, Weights, read_compatible, read_similar

DEADLINE = 300.0  # seconds: a file is heard first

Sample = str | os.PathLike[str]  # the id of a sound, or the path of a file


async def similar(
    line: Line,
    sample: Sample,
    weights: Weights,
    query: pb.Query,
    limit: int,
    descriptors: Iterable[str],
    progress: Progress | None,
) -> Similar:
    """The sounds that are most like the sample."""
    request = pb.SimilarRequest(
        sample=await _sample(line, sample, progress),
        weights=pb.Weights(rhythm=weights.rhythm, timbre=weights.timbre, harmony=weights.harmony),
        query=query,
        limit=limit,
        descriptors=descriptors,
    )
    answer = await line.call("LibraryService/Similar", request, pb.SimilarResponse, deadline=DEADLINE)
    return read_similar(answer)


async def compatible(
    line: Line,
    sample: Sample,
    stretch_limit: float,
    keep_pitch: bool,
    query: pb.Query,
    limit: int,
    descriptors: Iterable[str],
    progress: Progress | None,
) -> Compatible:
    """The sounds that fit the sample."""
    request = pb.CompatibleRequest(
        sample=await _sample(line, sample, progress),
        query=query,
        stretch_limit=stretch_limit,
        keep_pitch=keep_pitch,
        limit=limit,
        descriptors=descriptors,
    )
    answer = await line.call("LibraryService/Compatible", request, pb.CompatibleResponse, deadline=DEADLINE)
    return read_compatible(answer)


async def _sample(line: Line, sample: Sample, progress: Progress | None) -> pb.Sample:
    """A sound by its id; a file by its upload, or by the sound that the daemon has of it already."""
    if isinstance(sample, str):
        return pb.Sample(audio_id=sample)
    lent = await lend(line, Path(sample), progress)
    return pb.Sample(upload_id=lent) if isinstance(lent, str) else pb.Sample(audio_id=lent.id)
