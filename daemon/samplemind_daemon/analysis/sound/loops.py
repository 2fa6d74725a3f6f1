"""What loop makers and samplers store in chunks of their own, as tags: numbers in words, nothing judged."""

import struct
from collections.abc import Mapping

ACID_SIZE, SMPL_SIZE, BASC_SIZE, INST_SIZE = 24, 60, 18, 2  # bytes of each chunk that are read

_ONE_SHOT, _ROOT_IS_SET = 1, 2  # flags of the acid chunk, as Sony's ACID writes them
_SCALES = {1: "minor", 2: "major"}  # of the basc chunk; others say that it fits neither or both


def acid_tags(content: bytes) -> Mapping[str, str]:
    """The acid chunk of a WAV file: kind, tempo in BPM, beats, and the root as a MIDI note."""
    if len(content) < ACID_SIZE:
        return {}
    flags, root, _, _, beats, _, _, bpm = struct.unpack("<IHHfIHHf", content[:ACID_SIZE])
    tags = {"acid.kind": "one-shot" if flags & _ONE_SHOT else "loop"}
    if 0 < bpm < 1_000:
        tags["acid.tempo"] = f"{bpm:g}"
    if 0 < beats < 1_000_000:
        tags["acid.beats"] = str(beats)
    if flags & _ROOT_IS_SET and root < 128:
        tags["acid.root_note"] = str(root)
    return tags


def smpl_tags(content: bytes) -> Mapping[str, str]:
    """The smpl chunk of a WAV file (RIFF MCI, 1994): root as a MIDI note, cents above it, loop in samples."""
    if len(content) < 36:
        return {}
    root, fraction, _, _, loops = struct.unpack("<5I", content[12:32])
    tags = {}
    if root < 128:
        tags["smpl.root_note"] = str(root)
        tags["smpl.fine_tune"] = f"{100 * fraction / 2**32:.4g}"
    if loops and len(content) >= SMPL_SIZE:
        start, end = struct.unpack("<2I", content[44:52])
        tags |= {"smpl.loop_start": str(start), "smpl.loop_end": str(end)}
    return tags


def basc_tags(content: bytes) -> Mapping[str, str]:
    """The basc chunk of an Apple loop, laid out as libsndfile reads it: kind, beats, meter, root and scale."""
    if len(content) < BASC_SIZE:
        return {}
    _, beats, root, scale, upper, lower, kind = struct.unpack(">2I5H", content[:BASC_SIZE])
    tags = {"basc.kind": "one-shot" if kind == 1 else "loop"}
    if 0 < beats < 1_000_000:
        tags["basc.beats"] = str(beats)
    if 0 < upper < 100 and 0 < lower < 100:
        tags["basc.meter"] = f"{upper}/{lower}"
    if 0 < root < 128:
        tags["basc.root_note"] = str(root)
        if scale in _SCALES:
            tags["basc.scale"] = _SCALES[scale]
    return tags


def inst_tags(content: bytes) -> Mapping[str, str]:
    """The INST chunk of an AIFF file (Apple, 1989): root as a MIDI note, and cents above it."""
    if len(content) < INST_SIZE:
        return {}
    root, cents = struct.unpack(">Bb", content[:INST_SIZE])
    return {"inst.root_note": str(root), "inst.fine_tune": str(cents)} if root < 128 else {}
