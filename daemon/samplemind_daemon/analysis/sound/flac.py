"""The header of a FLAC stream (RFC 9639)."""

from .cannot import CannotDecode
from .chunks import MOST
from .file import File
from .header import Header, check, truncated

_STREAMINFO = 0


def read_flac(file: File, start: int) -> Header:
    """The header of the FLAC stream that begins at byte `start`."""
    head = file.at(start, 42)
    if len(head) < 42 or head[4] & 0x7F != _STREAMINFO:
        raise CannotDecode("UNDECODABLE", "the FLAC stream does not begin with its stream information")
    packed = int.from_bytes(head[18:26], "big")  # 20 bits rate, 3 channels - 1, 5 bits - 1, 36 frames
    rate, channels, bits = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
    frames = packed & (2**36 - 1)
    check(rate, channels)
    _sound_start(file, start + 4)
    return Header("flac", "flac", rate, channels, bits, frames or None, libsndfile=frames > 0, libav="flac")


def _sound_start(file: File, offset: int) -> int:
    """Where the metadata blocks end; raises CannotDecode if the file ends before they do."""
    for _ in range(MOST):
        head = file.at(offset, 4)
        offset += 4 + int.from_bytes(head[1:], "big")
        if len(head) < 4 or offset > file.size:
            raise truncated(file.size, offset, "bytes that its metadata alone takes")
        if head[0] & 0x80:
            return offset
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST:,} metadata blocks")
