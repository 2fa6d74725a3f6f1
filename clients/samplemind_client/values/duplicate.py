"""Sounds that are there more than once."""

from dataclasses import dataclass

from samplemind.v1 import library_pb2 as pb
from samplemind_client.values.moment import word
from samplemind_client.values.sound import Sound, read_sound


@dataclass(frozen=True)
class DuplicateGroup:
    """Sounds that are the same by "bytes", "audio" or "recording": the best encoding first, up to 100 of them."""

    sameness: str
    sounds: tuple[Sound, ...]
    total: int
    differences: tuple[str, ...]  # "name", "folder", "container", "codec", "sample_rate", "bit_depth", …


def write_sameness(name: str) -> "pb.Sameness.ValueType":
    """How near sounds must be; ValueError for what is none."""
    return pb.Sameness.Value(f"SAMENESS_{name.upper()}")


def read_group(message: pb.DuplicateGroup) -> DuplicateGroup:
    """The group in a message."""
    name = word(pb.Sameness.DESCRIPTOR, message.sameness, "SAMENESS_")
    sounds = tuple(map(read_sound, message.audios))
    return DuplicateGroup(name, sounds, message.total, tuple(message.differences))
