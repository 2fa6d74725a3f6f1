"""What was found and the work of finding it, from the model to the wire."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from samplemind.v1 import analysis_pb2 as pb
from samplemind_daemon.library.analyses import Analysis, Queued, Update
from samplemind_daemon.model import Descriptor, Job, Lane, Result, State, is_asked_for
from samplemind_daemon.service import pages
from samplemind_daemon.service.moments import timestamp
from samplemind_daemon.service.pages import FRAME, LARGEST_REPLY
from samplemind_daemon.service.wire_sound import audio, problem, text
from samplemind_daemon.work.live import Hearing

ROOM = 16 * 1024  # bytes of a reply that are left for what stands around the findings
STATES = {
    State.QUEUED: pb.JOB_STATE_QUEUED,
    State.PROCESSING: pb.JOB_STATE_PROCESSING,
    State.COMPLETED: pb.JOB_STATE_COMPLETED,
    State.FAILED: pb.JOB_STATE_FAILED,
    State.CANCELLED: pb.JOB_STATE_CANCELLED,
    State.QUARANTINED: pb.JOB_STATE_QUARANTINED,
}
LANES = {Lane.INTERACTIVE: pb.LANE_INTERACTIVE, Lane.BATCH: pb.LANE_BATCH}
STATUSES = {
    "ok": pb.DESCRIPTOR_STATUS_OK,
    "low_confidence": pb.DESCRIPTOR_STATUS_LOW_CONFIDENCE,
    "not_applicable": pb.DESCRIPTOR_STATUS_NOT_APPLICABLE,
    "unmeasurable": pb.DESCRIPTOR_STATUS_UNMEASURABLE,
    "failed": pb.DESCRIPTOR_STATUS_FAILED,
}


def job(known: Job) -> pb.Job:
    """A piece of work."""
    return pb.Job(
        id=known.id,
        audio_id=known.audio,
        state=STATES[known.state],
        lane=LANES[known.lane],
        attempts=known.attempts,
        problem=problem(known.problem),
        created_at=timestamp(known.created_at),
        started_at=timestamp(known.started_at),
        finished_at=timestamp(known.finished_at),
    )


def updates(update: Update) -> Iterator[pb.AnalyzeResponse]:
    """What happens to a sound, message by message."""
    match update:
        case Queued(waiting, ahead):
            yield pb.AnalyzeResponse(queued=pb.Queued(job=job(waiting), ahead=ahead))
        case Hearing(fraction):
            yield pb.AnalyzeResponse(decoding=pb.Decoding(fraction=fraction))
        case Result() as result:
            for one in descriptors([result]):
                yield pb.AnalyzeResponse(finding=fit([one])[0])
        case analysis_known:
            yield pb.AnalyzeResponse(result=analysis(analysis_known))


def analysis(known: Analysis, names: Collection[str] | None = None) -> pb.Analysis:
    """All that is known of a sound, or the descriptors of these names; with none, all but lists.

    What would make it longer than a reply may be is left without its value, the largest first.
    """
    message = pb.Analysis(audio=audio(known.audio), job=job(known.job) if known.job else None)
    found = descriptors(known.results, names)
    message.descriptors.extend(fit(found, message.ByteSize()))
    return message


def descriptors(results: Iterable[Result], names: Collection[str] | None = None) -> list[pb.Descriptor]:
    """Findings, each with the fingerprint of its recipe, as in `analysis`."""
    return [
        _descriptor(one, result.fingerprint)
        for result in results
        for one in result.descriptors
        if names is None or (is_asked_for(one.name, names) if names else not isinstance(one.value, tuple))
    ]


def fit(found: list[pb.Descriptor], taken: int = 0) -> list[pb.Descriptor]:
    """The findings, without the largest values where one reply does not hold them all beside `taken` bytes.

    Where it holds not even all their names, the last ones are left out.
    """
    sizes = [one.ByteSize() + FRAME for one in found]
    excess = sum(sizes) + taken + ROOM - LARGEST_REPLY
    for size, one in sorted(zip(sizes, found, strict=True), key=lambda pair: -pair[0]):
        if excess <= 0:
            break
        _strip(one)
        excess -= size - one.ByteSize() - FRAME
    return pages.fit(found, taken + ROOM)


def value(known: Any) -> pb.Value | None:
    """A number, a word or a list of them; None, which leaves a field absent, where nothing is known.

    A list of names, each with its probability, becomes labels; one of other lists, or of this and
    that, a list of words: each part as JSON, a word as it is.
    """
    match known:
        case None:
            return None
        case tuple():
            return _list(known)
        case str():
            return pb.Value(text=text(known))
        case int():
            return pb.Value(integer=int(known))  # a truth value too
    return pb.Value(number=known)


def _descriptor(known: Descriptor, fingerprint: str) -> pb.Descriptor:
    return pb.Descriptor(
        name=known.name,
        value=value(known.value),
        unit=text(known.unit),
        confidence=known.confidence,
        status=STATUSES.get(known.status, pb.DESCRIPTOR_STATUS_UNSPECIFIED),
        candidates=[pb.Candidate(value=value(one), confidence=sure) for one, sure in known.candidates],
        reason=text(known.reason),
        made_by=known.made_by,
        version=min(known.version, 2**31 - 1),
        fingerprint=fingerprint,
    )


def _list(many: tuple[Any, ...]) -> pb.Value:
    kinds = {type(one) for one in many}
    if kinds == {int}:
        return pb.Value(integers=pb.Integers(values=many))
    if kinds <= {int, float}:
        return pb.Value(numbers=pb.Numbers(values=many))
    if all(map(_is_label, many)):
        labels = [pb.Label(name=text(name), probability=sure) for name, sure in many]
        return pb.Value(labels=pb.Labels(values=labels))
    words = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in many]
    return pb.Value(texts=pb.Texts(values=map(text, words)))


def _is_label(one: Any) -> bool:
    """Whether it is a name with a number; across processes and the store, a Label is a pair."""
    return isinstance(one, tuple) and [type(part) for part in one] == [str, float]


def _strip(found: pb.Descriptor) -> None:
    """Take the value out of a finding and say why."""
    size = found.ByteSize()
    found.ClearField("value")
    found.ClearField("candidates")
    found.ClearField("confidence")
    found.status = pb.DESCRIPTOR_STATUS_UNMEASURABLE
    found.reason = f"its value takes {size:,} bytes, which is too much for this message"
