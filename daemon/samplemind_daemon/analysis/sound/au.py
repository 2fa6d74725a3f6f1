"""The header of a Sun or NeXT sound file."""

import struct

from .cannot import CannotDecode
from .file import File
from .header import UNKNOWN_LENGTH, Header, check, truncated

_ENCODINGS = {  # Sun's audio_filehdr.h: our name, and bytes a sample
    1: ("ulaw", 1), 2: ("pcm_s8", 1), 3: ("pcm_s16", 2), 4: ("pcm_s24", 3), 5: ("pcm_s32", 4),
    6: ("pcm_f32", 4), 7: ("pcm_f64", 8), 27: ("alaw", 1),
}  # fmt: skip
_UNKNOWN = 0xFFFF_FFFF


def read_au(file: File) -> Header:
    """The header of an AU file."""
    head = file.at(0, 24)
    if len(head) < 24:
        raise CannotDecode("UNDECODABLE", f"the file holds {len(head)} bytes, less than its header")
    start, size, encoding, rate, channels = struct.unpack(">IIIII", head[4:])
    if encoding not in _ENCODINGS:
        raise CannotDecode("UNSUPPORTED_FORMAT", f"AU sound of encoding {encoding} is not decoded here")
    check(rate, channels)
    codec, width = _ENCODINGS[encoding]
    held = max(0, file.size - start)
    if size != _UNKNOWN and size > held:
        raise truncated(held, size)
    return Header(
        "au",
        codec,
        rate,
        channels,
        8 * width,
        min(size, held) // (width * channels),
        libsndfile=True,
        libav="au",
        warnings=(UNKNOWN_LENGTH,) if size == _UNKNOWN else (),
    )
