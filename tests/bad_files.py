"""Files that lie, break off or are no sound, made from a true one in many ways; each by its name."""

import io
import random
import struct
from collections.abc import Iterator

import numpy as np
import soundfile
from sound_files import format_chunk, sine, wave_file

DATA = (sine(0.2, channels=1) * 32_767).astype("<i2").tobytes()
FORMATS = ("FLAC", "OGG", "MP3", "AIFF", "CAF", "W64", "AU")
FRAME = 65_535  # samples of a FLAC frame, the most there may be


def bad_files() -> dict[str, bytes]:
    """Nearly 290 of them."""
    return dict([*_headers(), *_floats(), *_chunks(), *_strangers(), *_damaged()])


def _headers() -> Iterator[tuple[str, bytes]]:
    for rate in (0, 1, 999, 2**31, 2**32 - 1):
        yield f"rate-{rate}.wav", wave_file(DATA, head=format_chunk(rate=rate))
    for channels in (0, 33, 255, 1_024, 65_535):
        yield f"channels-{channels}.wav", wave_file(DATA, head=format_chunk(channels=channels))
    for bits in (0, 1, 7, 48, 65_535):
        yield f"bits-{bits}.wav", wave_file(DATA, head=format_chunk(bits=bits, frame=2))
    for frame in (0, 3, 65_535):
        yield f"frame-{frame}.wav", wave_file(DATA, head=format_chunk(frame=frame))
    for tag in (0, 2, 6, 7, 0x11, 0x31, 0x55, 0xFFFE, 0xFFFF):
        yield f"tag-{tag}.wav", wave_file(DATA, head=format_chunk(tag=tag))
    for claimed in (0, 1, 2**31 - 1, 2**32 - 2, 2**32 - 1):
        yield f"claims-{claimed}.wav", wave_file(DATA, claimed=claimed)
    sizes = struct.pack("<IQQQI", 28, 2**62, 2**62, 2**60, 0)
    huge = b"RF64\xff\xff\xff\xffWAVEds64" + sizes + format_chunk() + b"data\xff\xff\xff\xff" + DATA
    yield "claims-more.wav", huge
    streaminfo = (44_100 << 44 | 1 << 41 | 15 << 36 | 2**36 - 1).to_bytes(8, "big")
    yield "claims-18-days.flac", b"fLaC\x80\0\0\x22\x10\0\x10\0" + bytes(6) + streaminfo + bytes(16)


def _floats() -> Iterator[tuple[str, bytes]]:
    for value in (np.nan, np.inf, -np.inf, 3.4e38, 1e-40):
        head = format_chunk(tag=3, bits=32)
        yield f"float-{value}.wav", wave_file(np.full(4_000, value, "<f4").tobytes(), head=head)


def _chunks() -> Iterator[tuple[str, bytes]]:
    yield "chunks.wav", wave_file(DATA, before=b"JUNK\0\0\0\0" * 200_000)
    yield "chunk.wav", wave_file(DATA, before=b"LIST" + struct.pack("<I", 2**32 - 16))
    yield "two-formats.wav", wave_file(DATA, before=format_chunk(rate=8_000, channels=2))
    yield "atoms.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"\0\0\0\x08moov" * 50_000
    yield "blocks.flac", b"fLaC" + b"\x04\xff\xff\xff" + bytes(64)
    yield "tag.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(1_000)
    yield "frames.mp3", b"\xff\xfb\x90\0" * 5_000
    yield "page.ogg", b"OggS\0\2" + b"\xff" * 20 + b"\1\x1e\1vorbis" + b"\xff" * 22


def _strangers() -> Iterator[tuple[str, bytes]]:
    for name, content in {
        "one-byte": b"R", "four": b"RIFF", "text": b"no sound at all\n", "page": b"<html>", "zeros": bytes(65_536),
        "archive": b"PK\3\4" + bytes(99), "list": b"#EXTM3U\nfile:///etc/passwd\n", "quiet": wave_file(b""),
        "noise": random.Random(1).randbytes(65_536),
    }.items():  # fmt: skip
        yield f"{name}.wav", content


def _damaged() -> Iterator[tuple[str, bytes]]:
    whole = {kind: encoded(kind) for kind in FORMATS} | {"WAV": wave_file(DATA)}
    for kind, content in whole.items():
        for share in (1, 10, 50, 90):
            yield f"part-{share}.{kind}", content[: len(content) * share // 100]
        for seed in range(25):
            chance, changed = random.Random(seed), bytearray(content)
            for _ in range(4):
                changed[chance.randrange(64 if seed % 2 else len(changed))] = chance.randrange(256)
            yield f"changed-{seed}.{kind}", bytes(changed)


def encoded(kind: str) -> bytes:
    """Half a second of a sine in this format."""
    buffer = io.BytesIO()
    soundfile.write(buffer, sine(0.5), 44_100, format=kind)
    return buffer.getvalue()


def bomb(seconds: int, says_so: bool) -> bytes:
    """A FLAC file of silence, twelve bytes a second, that says how long it is or does not.

    Its frames have constant subframes, and CRCs as RFC 9639 has them.
    """
    count = seconds * 44_100 // FRAME
    total = count * FRAME if says_so else 0
    streaminfo = struct.pack(">HH", FRAME, FRAME) + bytes(6)
    streaminfo += (44_100 << 44 | 1 << 41 | 15 << 36 | total).to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80\0\0\x22" + streaminfo + b"".join(map(_frame, range(count)))


def _frame(number: int) -> bytes:
    head = b"\xff\xf8\x79\x18" + chr(number).encode("utf-8", "surrogatepass") + struct.pack(">H", FRAME - 1)
    head += bytes([_crc(head, 0x07, 8)])
    whole = head + bytes(6)
    return whole + struct.pack(">H", _crc(whole, 0x8005, 16))


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    rest, top = 0, 1 << (bits - 1)
    for byte in data:
        rest ^= byte << (bits - 8)
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & (2 * top - 1)
    return rest
