"""Frames of MPEG audio (ISO 11172-3, 13818-3) and of AAC in ADTS (ISO 13818-7), found by content."""

from collections.abc import Callable
from dataclasses import dataclass

from .cannot import CannotDecode
from .file import File
from .header import Header

_SEARCHED = 2**16  # bytes of junk before the first frame that are looked through
_RATES = (44_100, 48_000, 32_000)  # Hz, of MPEG 1; halved for MPEG 2, quartered for 2.5
_KBITS = {  # by (MPEG 1?, layer)
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_AAC_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)
_CODEC_DELAY = 4  # frames that encoder and decoder together may take off a claim


@dataclass(frozen=True)
class Frame:
    """One frame, by its head."""

    codec: str
    rate: int  # Hz
    channels: int
    samples: int  # that it holds of each channel
    size: int  # bytes, with its head
    side: int = 0  # bytes between the head and where a Xing header would be


def read_mpeg(file: File, start: int) -> Header | None:
    """The header of MPEG audio from byte `start` on, or None if no two frames follow each other there."""
    found = _first(file, start, mpeg_frame)
    if found is None:
        return None
    offset, frame = found
    warnings = () if offset == start else (f"{offset - start:,} bytes that are not sound precede the sound",)
    claimed = _claimed(file.at(offset + 4 + frame.side, 120))
    frames = claimed * frame.samples if claimed else None
    slack = _CODEC_DELAY * frame.samples
    return Header(
        frame.codec,
        frame.codec,
        frame.rate,
        frame.channels,
        frames=frames,
        slack=slack,
        libav="mp3",
        warnings=warnings,
    )


def read_adts(file: File, start: int) -> Header | None:
    """The header of bare AAC from byte `start` on, or None if no two frames follow each other there."""
    found = _first(file, start, adts_frame, searched=1)
    if found is None:
        return None
    return Header("aac", "aac", libav="aac")  # HE-AAC doubles rate and channels: the decoder will tell


def mpeg_frame(head: bytes) -> Frame | None:
    """The MPEG frame that these 4 bytes begin, or None."""
    word = int.from_bytes(head[:4], "big")
    if len(head) < 4 or word >> 21 != 0x7FF:
        return None
    version, layer, padding = word >> 19 & 3, 4 - (word >> 17 & 3), word >> 9 & 1
    kbits_index, rate_index = word >> 12 & 15, word >> 10 & 3
    if version == 1 or layer == 4 or rate_index == 3 or kbits_index == 15 or word & 3 == 2:
        return None
    first = version == 3
    rate = _RATES[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    samples = 384 if layer == 1 else 576 if layer == 3 and not first else 1_152
    channels = 1 if word >> 6 & 3 == 3 else 2
    if kbits_index == 0:  # "free": the size is nowhere
        return Frame(f"mp{layer}", rate, channels, samples, 0)
    slot = 4 if layer == 1 else 1
    kbits = _KBITS[first, layer][kbits_index - 1]
    size = (samples * kbits * 125 // (rate * slot) + padding) * slot
    side = (32 if channels == 2 else 17) if first else (17 if channels == 2 else 9)
    return Frame(f"mp{layer}", rate, channels, samples, size, side)


def adts_frame(head: bytes) -> Frame | None:
    """The ADTS frame that these 7 bytes begin, or None."""
    word = int.from_bytes(head[:7], "big")
    if len(head) < 7 or word >> 44 != 0xFFF or head[1] & 6:
        return None
    rate_index, size = head[2] >> 2 & 15, word >> 13 & 0x1FFF
    if rate_index >= len(_AAC_RATES) or size < 7:
        return None
    return Frame("aac", _AAC_RATES[rate_index], 0, 1_024, size)


def _first(
    file: File, start: int, parse: Callable[[bytes], Frame | None], searched: int = _SEARCHED
) -> tuple[int, Frame] | None:
    """Place and head of the first frame that another of its kind, or the end of the file, follows."""
    view = file.at(start, searched + 8)
    at = view.find(b"\xff")
    while 0 <= at < searched:
        frame = parse(view[at : at + 8])
        if frame is not None and _followed(file, start + at, frame, parse):
            return start + at, frame
        at = view.find(b"\xff", at + 1)
    return None


def _followed(file: File, place: int, frame: Frame, parse: Callable[[bytes], Frame | None]) -> bool:
    if not frame.size:
        return False
    end = place + frame.size
    following = parse(file.at(end, 8))
    if following is None:
        return end == file.size or file.at(end, 3) in (b"TAG", b"APE")
    return (following.codec, following.rate) == (frame.codec, frame.rate)


def _claimed(head: bytes) -> int | None:
    """How many frames follow, by the Xing header that LAME and others write."""
    if head[:4] in (b"Xing", b"Info") and len(head) >= 12 and head[7] & 1:
        return int.from_bytes(head[8:12], "big") or None
    return None


def skip_id3(file: File) -> int:
    """The byte after all ID3v2 tags at the start of the file (id3.org, v2.4, section 3.1)."""
    offset = 0
    for _ in range(16):
        head = file.at(offset, 10)
        if len(head) < 10 or head[:3] != b"ID3" or max(head[6:10]) > 127:
            break
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        offset += 10 + size + (10 if head[5] & 0x10 else 0)
    if offset > file.size:
        claim = f"an ID3 tag of {offset:,} bytes in a file of {file.size:,}"
        raise CannotDecode("TRUNCATED", f"the file ends early: it claims {claim}")
    return offset
