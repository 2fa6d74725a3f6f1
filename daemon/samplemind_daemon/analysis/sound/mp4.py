"""The outermost boxes of MP4, M4A and QuickTime files (ISO 14496-12): whether all of them are there."""

from .cannot import CannotDecode
from .chunks import MOST
from .file import File
from .header import Header, truncated


def read_mp4(file: File) -> Header:
    """The header of an MP4 file; what is in it, the second decoder knows."""
    names, offset = set(), 0
    for _ in range(MOST):
        head = file.at(offset, 16)
        if len(head) < 8:
            break
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:  # to the end of the file
            size = file.size - offset
        if size < 8 or not name.isascii():
            break
        if offset + size > file.size and name in (b"mdat", b"moov"):
            raise truncated(file.size, offset + size, f"bytes up to the end of its {name.decode()} box")
        names.add(name)
        offset += size
    else:
        raise CannotDecode("UNDECODABLE", f"the file has more than {MOST:,} boxes")
    if b"moov" not in names:
        raise CannotDecode("UNDECODABLE", "the file ends without a moov box, which says where its sound is")
    return Header("m4a", libav="mov")
