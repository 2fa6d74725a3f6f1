"""The header of an Apple Core Audio file."""

import struct

from .cannot import CannotDecode
from .chunks import need, read_chunks
from .file import File
from .header import UNKNOWN_LENGTH, Header, check, truncated

_SIMPLE = (b"lpcm", b"alaw", b"ulaw")
_UNKNOWN = 2**64 - 1  # bytes: to the end of the file
_IS_FLOAT = 1  # flag of linear PCM
_EDITS = 4  # bytes before the first sample: a count of edits


def read_caf(file: File) -> Header:
    """The header of a CAF file; what is compressed in it, a decoder knows."""
    description, data = need(read_chunks(file, 8, ">4sQ"), b"desc", b"data")
    fields = file.at(description.place, 32)
    if len(fields) < 32:
        raise CannotDecode("UNDECODABLE", f"the desc chunk holds {len(fields)} bytes, not 32")
    claimed, codec, flags, frame, _, channels, bits = struct.unpack(">d4sIIIII", fields)
    rate = int(claimed) if 0 < claimed < 2**32 else 0  # false for NaN too
    check(rate, channels)
    held = max(0, file.size - data.place)
    if data.size > held and data.size != _UNKNOWN:
        raise truncated(held, data.size)
    warnings = (UNKNOWN_LENGTH,) if data.size == _UNKNOWN else ()
    if codec not in _SIMPLE:
        name = codec.decode("ascii", "replace").strip()
        first = codec == b"alac"  # its last packet is shorter; FFmpeg takes the missing part off once more
        return Header("caf", name, rate, channels, bits, libsndfile=first, libav="caf", warnings=warnings)
    width = frame // channels
    if not 1 <= width <= 8 or frame % channels:
        raise CannotDecode("IMPOSSIBLE_HEADER", f"the header claims {frame} bytes for {channels} channels")
    name = codec.decode()
    if codec == b"lpcm":
        name = f"pcm_{'f' if flags & _IS_FLOAT else 's'}{8 * width}"
    frames = max(0, min(data.size, held) - _EDITS) // frame
    return Header("caf", name, rate, channels, bits, frames, libsndfile=True, libav="caf", warnings=warnings)
