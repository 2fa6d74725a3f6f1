"""Headers of the big-endian family: AIFF and AIFF-C, Sun AU, Apple CAF."""

import math
import struct

from .cannot import CannotDecode
from .file import File
from .header import MOST_CHUNKS, Header, check, truncated

# Apple's AIFF-C compression types, and Sun's encodings (audio_filehdr.h), with bytes a sample
_AIFC = {
    b"NONE": ("pcm_s", 0), b"twos": ("pcm_s", 0), b"sowt": ("pcm_s", 0), b"raw ": ("pcm_u", 1),
    b"in24": ("pcm_s", 3), b"in32": ("pcm_s", 4), b"fl32": ("pcm_f", 4), b"FL32": ("pcm_f", 4),
    b"fl64": ("pcm_f", 8), b"FL64": ("pcm_f", 8), b"ulaw": ("ulaw", 1), b"ULAW": ("ulaw", 1),
    b"alaw": ("alaw", 1), b"ALAW": ("alaw", 1),
}  # fmt: skip
_AU = {
    1: ("ulaw", 1), 2: ("pcm_s8", 1), 3: ("pcm_s16", 2), 4: ("pcm_s24", 3), 5: ("pcm_s32", 4),
    6: ("pcm_f32", 4), 7: ("pcm_f64", 8), 27: ("alaw", 1),
}  # fmt: skip
_CAF_SIMPLE = (b"lpcm", b"alaw", b"ulaw")
_UNKNOWN = 0xFFFF_FFFF


def read_aiff(file: File) -> Header:
    """The header of an AIFF or AIFF-C file."""
    if file.at(8, 4) not in (b"AIFF", b"AIFC"):
        kind = file.at(8, 4).decode("ascii", "replace")
        raise CannotDecode("UNSUPPORTED_FORMAT", f"an IFF file of the kind {kind!r} is not decoded here")
    chunks = _chunks(file, 12, ">4sI", even=True)
    if b"COMM" not in chunks or b"SSND" not in chunks:
        missing = "COMM" if b"COMM" not in chunks else "SSND"
        raise CannotDecode("UNDECODABLE", f"the file ends without a {missing} chunk")
    comm = file.at(chunks[b"COMM"][0], 22)
    if len(comm) < 18:
        raise CannotDecode("UNDECODABLE", f"the COMM chunk holds {len(comm)} bytes, not 18 or more")
    channels, frames, bits = struct.unpack(">HIH", comm[:8])
    rate = _extended(comm[8:18])
    kind = comm[18:22] if file.at(8, 4) == b"AIFC" else b"NONE"
    if kind not in _AIFC:
        name = kind.decode("ascii", "replace")
        raise CannotDecode("UNSUPPORTED_FORMAT", f"AIFF-C sound of the type {name!r} is not decoded here")
    check(rate, channels)
    codec, width = _AIFC[kind]
    width = width or (bits + 7) // 8
    if not 1 <= width <= 8:
        raise CannotDecode("IMPOSSIBLE_HEADER", f"the header claims {bits} bits a sample")
    place, size = chunks[b"SSND"]
    skipped = 8 + int.from_bytes(file.at(place, 4), "big")  # the offset to the first sample, and this itself
    held = max(0, min(size, file.size - place) - skipped)
    if frames * channels * width > held:
        raise truncated(held, frames * channels * width)
    codec = f"{codec}{8 * width}" if codec.startswith("pcm_") else codec
    return Header("aiff", codec, rate, channels, bits, frames, libsndfile=True, libav="aiff")


def read_au(file: File) -> Header:
    """The header of a Sun or NeXT file."""
    head = file.at(0, 24)
    if len(head) < 24:
        raise CannotDecode("UNDECODABLE", f"the file holds {len(head)} bytes, less than its header")
    start, size, encoding, rate, channels = struct.unpack(">IIIII", head[4:])
    if encoding not in _AU:
        raise CannotDecode("UNSUPPORTED_FORMAT", f"AU sound of encoding {encoding} is not decoded here")
    check(rate, channels)
    codec, width = _AU[encoding]
    held = max(0, file.size - start)
    if size != _UNKNOWN and size > held:
        raise truncated(held, size)
    frames = min(size, held) // (width * channels)
    return Header("au", codec, rate, channels, 8 * width, frames, libsndfile=True, libav="au")


def read_caf(file: File) -> Header:
    """The header of an Apple Core Audio file; what is compressed in it, the second decoder knows."""
    chunks = _chunks(file, 8, ">4sQ", even=False)
    if b"desc" not in chunks or b"data" not in chunks:
        missing = "desc" if b"desc" not in chunks else "data"
        raise CannotDecode("UNDECODABLE", f"the file ends without a {missing} chunk")
    desc = file.at(chunks[b"desc"][0], 32)
    if len(desc) < 32:
        raise CannotDecode("UNDECODABLE", f"the desc chunk holds {len(desc)} bytes, not 32")
    claimed, codec, flags, frame, _, channels, bits = struct.unpack(">d4sIIIII", desc)
    rate = int(claimed) if math.isfinite(claimed) and abs(claimed) < 2**63 else 0
    check(rate, channels)
    place, size = chunks[b"data"]
    held = max(0, file.size - place)
    if size > held and size != 2**64 - 1:  # minus one: not known, to the end
        raise truncated(held, size)
    if codec not in _CAF_SIMPLE:
        return Header("caf", codec.decode("ascii", "replace").strip(), rate, channels, bits, libav="caf")
    if frame == 0 or frame % channels:
        raise CannotDecode("IMPOSSIBLE_HEADER", f"the header claims {frame} bytes for {channels} channels")
    name = f"pcm_{'f' if flags & 1 else 's'}{8 * frame // channels}" if codec == b"lpcm" else codec.decode()
    frames = max(0, min(size, held) - 4) // frame  # the chunk begins with a count of edits
    return Header("caf", name, rate, channels, bits, frames, libsndfile=True, libav="caf")


def _chunks(file: File, offset: int, layout: str, even: bool) -> dict[bytes, tuple[int, int]]:
    """Place and claimed size in bytes, of the first chunk of each name."""
    found: dict[bytes, tuple[int, int]] = {}
    length = struct.calcsize(layout)
    for _ in range(MOST_CHUNKS):
        head = file.at(offset, length)
        if len(head) < length:
            return found
        name, size = struct.unpack(layout, head)
        found.setdefault(name, (offset + length, size))
        offset += length + size + (size & 1 if even else 0)
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST_CHUNKS:,} chunks")


def _extended(ten: bytes) -> int:
    """The whole part of an 80-bit extended float (Apple SANE, IEEE 754 double extended); 0 if beyond reason."""
    exponent, mantissa = int.from_bytes(ten[:2], "big") - 16_383, int.from_bytes(ten[2:], "big")
    return mantissa >> (63 - exponent) if 0 <= exponent <= 31 else 0
