"""Likeness and what fits, between the wire and the model."""

from collections.abc import Collection, Iterable, Mapping

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.library.comparisons import MOST, Asked
from samplemind_daemon.library.likeness import AS_THEY_COME
from samplemind_daemon.model import Aspects, Match, Neighbour, Query, Wish
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service.pages import fit
from samplemind_daemon.service.wire_analysis import descriptors
from samplemind_daemon.service.wire_sound import audio, text

FEW = 20  # sounds, where no limit is said


def asked(request: pb.SimilarRequest | pb.CompatibleRequest, query: Query) -> Asked:
    """What is compared with what; Invalid for a limit below none."""
    if request.limit < 0:
        why = {"limit": f"{request.limit} is less than nothing"}
        raise Invalid("INVALID_LIMIT", "A limit is 0 or more.", why)
    limit = min(request.limit or FEW, MOST)
    return Asked(request.sample.audio_id, request.sample.upload_id, query, limit)


def weights(message: pb.Weights) -> Aspects:
    """How much each aspect counts."""
    said = Aspects(message.rhythm, message.timbre, message.harmony)
    return said if any(vars(said).values()) else AS_THEY_COME


def wish(request: pb.CompatibleRequest) -> Wish:
    """What may be done to a sound so that it fits."""
    return Wish(request.stretch_limit or Wish().stretch_limit, request.keep_pitch)


def found(known: Analysis, names: Collection[str]) -> pb.Found:
    """A sound with the descriptors of these names."""
    return pb.Found(audio=audio(known.audio), descriptors=descriptors(known.results, names))


def similar(near: Iterable[Neighbour], found: Mapping[str, pb.Found], compared: int) -> pb.SimilarResponse:
    """As many neighbours as a reply holds, of those that are still there."""
    known = (_neighbour(one, found[one.audio]) for one in near if one.audio in found)
    return pb.SimilarResponse(neighbours=fit(known), compared=compared)


def compatible(
    matches: Iterable[Match], found: Mapping[str, pb.Found], compared: int
) -> pb.CompatibleResponse:
    """As many matches as a reply holds, of those that are still there."""
    known = (_match(one, found[one.audio]) for one in matches if one.audio in found)
    return pb.CompatibleResponse(matches=fit(known), compared=compared)


def _neighbour(one: Neighbour, found: pb.Found) -> pb.Neighbour:
    return pb.Neighbour(found=found, distance=one.distance, distances=pb.Weights(**vars(one.distances)))


def _match(one: Match, found: pb.Found) -> pb.Match:
    reasons = [
        pb.Reason(aspect=why.aspect, score=why.score, sentence=text(why.sentence)) for why in one.reasons
    ]
    return pb.Match(found=found, score=one.score, speed=one.speed, semitones=one.semitones, reasons=reasons)
