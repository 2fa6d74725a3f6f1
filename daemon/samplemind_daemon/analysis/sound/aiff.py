"""The header of an AIFF or AIFF-C file (Apple, 1989 and 1991)."""

import struct
from collections.abc import Mapping

from .cannot import CannotDecode
from .chunks import Chunk, need, read, read_chunks
from .file import File
from .header import Header, check, truncated
from .loops import BASC_SIZE, INST_SIZE, basc_tags, inst_tags

_TYPES = {  # of compression: our name for it, and bytes a sample; 0 if the header tells
    b"NONE": ("pcm_s", 0), b"twos": ("pcm_s", 0), b"sowt": ("pcm_s", 0), b"raw ": ("pcm_u", 1),
    b"in24": ("pcm_s", 3), b"in32": ("pcm_s", 4), b"fl32": ("pcm_f", 4), b"FL32": ("pcm_f", 4),
    b"fl64": ("pcm_f", 8), b"FL64": ("pcm_f", 8), b"ulaw": ("ulaw", 1), b"ULAW": ("ulaw", 1),
    b"alaw": ("alaw", 1), b"ALAW": ("alaw", 1),
}  # fmt: skip


def read_aiff(file: File) -> Header:
    """The header of an IFF file that holds AIFF sound."""
    form = file.at(8, 4)
    if form not in (b"AIFF", b"AIFC"):
        raise CannotDecode("UNSUPPORTED_FORMAT", f"an IFF file of the kind {_text(form)} is not decoded here")
    chunks = read_chunks(file, 12, ">4sI", padded=True)
    common, sound = need(chunks, b"COMM", b"SSND")
    head = file.at(common.place, 22)
    if len(head) < 18:
        raise CannotDecode("UNDECODABLE", f"the COMM chunk holds {len(head)} bytes, not 18 or more")
    channels, frames, bits = struct.unpack(">HIH", head[:8])
    rate = _extended(head[8:18])
    check(rate, channels)
    codec, width = _codec(head[18:22] if form == b"AIFC" else b"NONE", bits)
    skipped = 8 + int.from_bytes(file.at(sound.place, 4), "big")  # to the first sample
    held = max(0, min(sound.size, file.size - sound.place) - skipped)
    if frames * channels * width > held:
        raise truncated(held, frames * channels * width)
    tags = _loop_tags(file, chunks)
    return Header("aiff", codec, rate, channels, bits, frames, libsndfile=True, libav="aiff", tags=tags)


def _loop_tags(file: File, chunks: Mapping[bytes, Chunk]) -> Mapping[str, str]:
    """What loop makers and samplers store."""
    basc, inst = chunks.get(b"basc"), chunks.get(b"INST")
    return {**basc_tags(read(file, basc, BASC_SIZE)), **inst_tags(read(file, inst, INST_SIZE))}


def _codec(kind: bytes, bits: int) -> tuple[str, int]:
    """Our name for a type of compression, and its bytes a sample."""
    if kind not in _TYPES:
        sentence = f"AIFF-C sound of the type {_text(kind)} is not decoded here"
        raise CannotDecode("UNSUPPORTED_FORMAT", sentence)
    codec, width = _TYPES[kind]
    width = width or (bits + 7) // 8
    if not 1 <= width <= 4 and codec == "pcm_s":
        raise CannotDecode("IMPOSSIBLE_HEADER", f"the header claims {bits:,} bits a sample, not 1 to 32")
    return (f"{codec}{8 * width}" if codec.startswith("pcm_") else codec), width


def _extended(ten: bytes) -> int:
    """The whole part of an 80-bit float (IEEE 754 double extended, as Apple's SANE has it); 0 beyond reason."""
    exponent, mantissa = int.from_bytes(ten[:2], "big") - 16_383, int.from_bytes(ten[2:], "big")
    return mantissa >> (63 - exponent) if 0 <= exponent <= 31 else 0


def _text(mark: bytes) -> str:
    return repr(mark.decode("ascii", "replace"))
