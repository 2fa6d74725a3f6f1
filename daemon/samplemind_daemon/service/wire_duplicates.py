"""Sounds that are there more than once, between the wire and the model."""

from collections.abc import Sequence

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.duplicates import Place
from samplemind_daemon.model import DuplicateGroup, Sameness
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.pages import LARGEST_REPLY, fit, page_start, page_token
from samplemind_daemon.service.wire_sound import audio

PAGE, LONGEST_PAGE = 50, 200  # groups
ROOM = 4 * 1024  # bytes for what stands around the sounds of a group

_SAMENESS = {
    pb.SAMENESS_UNSPECIFIED: Sameness.RECORDING,
    pb.SAMENESS_BYTES: Sameness.BYTES,
    pb.SAMENESS_AUDIO: Sameness.AUDIO,
    pb.SAMENESS_RECORDING: Sameness.RECORDING,
}

_NUMBERS = {how: number for number, how in _SAMENESS.items()}  # the last one of each


def sameness(request: pb.DuplicatesRequest) -> Sameness:
    """How near sounds must be; Invalid for what is not known here."""
    if request.sameness not in _SAMENESS:
        why = {"sameness": f"{request.sameness} is none"}
        raise Invalid("INVALID_SAMENESS", f"There is no sameness {request.sameness}.", why)
    return _SAMENESS[request.sameness]


def size(request: pb.DuplicatesRequest) -> int:
    """How many groups to answer; Invalid for fewer than none."""
    if request.page_size < 0:
        why = {"page_size": f"{request.page_size} is less than nothing"}
        raise Invalid("INVALID_PAGE_SIZE", "A page_size is 0 or more.", why)
    return min(request.page_size or PAGE, LONGEST_PAGE)


def start(user: str, request: pb.DuplicatesRequest) -> Place | None:
    """The place that the page begins after."""
    found = page_start(_query(user, request), request.page_token, int)
    return None if found is None else (int(found[0]), found[1])


def answer(
    user: str, request: pb.DuplicatesRequest, groups: Sequence[tuple[Place, DuplicateGroup]], is_last: bool
) -> pb.DuplicatesResponse:
    """A page of groups, as many as fit."""
    shown = fit([group(one) for _, one in groups])
    whole = is_last and len(shown) == len(groups)
    token = "" if whole or not shown else page_token(_query(user, request), *groups[len(shown) - 1][0])
    return pb.DuplicatesResponse(groups=shown, next_page_token=token)


def group(known: DuplicateGroup) -> pb.DuplicateGroup:
    """Sounds that are the same, as many as one reply holds."""
    return pb.DuplicateGroup(
        sameness=_NUMBERS[known.sameness],
        audios=fit(map(audio, known.audios), LARGEST_REPLY // 2 + ROOM),
        total=known.total,
        differences=known.differences,
    )


def _query(user: str, request: pb.DuplicatesRequest) -> tuple[str, ...]:
    return "duplicates", user, str(int(sameness(request)))
