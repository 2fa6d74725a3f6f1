"""The header of an Ogg file (RFC 3533), and whether its last page is whole."""

from .cannot import CannotDecode
from .file import File
from .header import Header, beginning, check, truncated

_MOST_PAGE = 27 + 255 + 255 * 255  # bytes
_LAST = 4  # flag of the last page of a stream
_SPEEX, _THEORA = b"Speex   ", b"\x80theora"


def read_ogg(file: File) -> Header:
    """The header of the first stream of sound in an Ogg file."""
    page = file.at(0, _MOST_PAGE)
    if len(page) < 28 or len(page) < 27 + page[26]:
        raise CannotDecode("UNDECODABLE", f"the file holds {len(page)} bytes, less than one Ogg page")
    first = page[27 + page[26] :]
    last = _last_page(file)
    warnings = _ending(file, last)
    # A chain of streams: libsndfile hears the first link only, and says nothing.
    single = last[1][14:18] == page[14:18]
    if first.startswith(b"\x01vorbis") and len(first) >= 16:
        channels, rate = first[11], int.from_bytes(first[12:16], "little")
        check(rate, channels)
        return Header("ogg", "vorbis", rate, channels, libsndfile=single, libav="ogg", warnings=warnings)
    if first.startswith(b"OpusHead") and len(first) >= 10:
        check(48_000, first[9])  # Opus decodes to 48 kHz, whatever went in (RFC 7845)
        return Header("ogg", "opus", 48_000, first[9], libsndfile=single, libav="ogg", warnings=warnings)
    if first.startswith(b"\x7fFLAC"):
        return Header("ogg", "flac", libsndfile=single, libav="ogg", warnings=warnings)
    if first.startswith((_SPEEX, _THEORA, b"fishead\0")):
        return Header("ogg", libav="ogg", warnings=warnings)
    raise CannotDecode(
        "UNSUPPORTED_FORMAT", f"an Ogg stream that begins with {beginning(first)} is not decoded here"
    )


def _last_page(file: File) -> tuple[int, bytes]:
    """Where the last page begins, and all bytes from there on; none if it lies too far back."""
    offset = max(0, file.size - _MOST_PAGE)
    tail = file.at(offset, _MOST_PAGE)
    at = tail.rfind(b"OggS\0")
    page = tail[at:] if at >= 0 else b""
    return (offset + at, page) if len(page) > 26 and len(page) >= 27 + page[26] else (0, b"")


def _ending(file: File, last: tuple[int, bytes]) -> tuple[str, ...]:
    """What is odd about the last page; raises CannotDecode if the file ends within it."""
    place, page = last
    if not page:
        return ("something that is not sound follows the end of the sound file",)
    size = 27 + page[26] + sum(page[27 : 27 + page[26]])
    if size > len(page):
        raise truncated(file.size, place + size, "bytes up to the end of its last page")
    if size < len(page):
        return (f"{len(page) - size:,} bytes follow the end of the sound file",)
    return () if page[5] & _LAST else ("the stream is not marked as ended: it may go on elsewhere",)
