"""Headers of WAV and of its kin for long files: RF64, BW64 and W64. Chunks, and what they claim."""

import struct
from collections.abc import Mapping

from .cannot import CannotDecode
from .chunks import MOST, Chunk, need, read, read_chunks
from .file import File
from .header import UNKNOWN_LENGTH, Header, check, truncated
from .loops import ACID_SIZE, SMPL_SIZE, acid_tags, smpl_tags

Chunks = Mapping[bytes, Chunk]

# Microsoft's registered format tags (mmreg.h); every other codec is known and refused, ADPCM first of all.
_CODECS = {1: "pcm_s", 3: "pcm_f", 6: "alaw", 7: "ulaw", 0x50: "mp2", 0x55: "mp3"}
_PACKED = ("mp2", "mp3")  # a frame of sound is no fixed number of bytes
_EXTENSIBLE = 0xFFFE  # the tag stands in the GUID that follows
_W64_END = bytes.fromhex("f3acd3118cd100c04f8edb8a")  # of the GUIDs that stand for a chunk's name
# Writers that cannot seek back leave these (ffmpeg all ones; sox 2 GiB less its buffer): no real sizes.
_UNKNOWN = (range(0x7FFF_F000, 0x8000_0000), range(0xFFFF_F000, 0x1_0000_0000))


def read_riff(file: File) -> Header:
    """The header of a RIFF, RF64 or BW64 file of the kind WAVE."""
    kind = file.at(8, 4)
    if len(kind) < 4:
        raise CannotDecode("UNDECODABLE", f"the file holds {file.size} bytes, less than its header")
    if kind != b"WAVE":
        name = kind.decode("ascii", "replace")
        raise CannotDecode("UNSUPPORTED_FORMAT", f"a RIFF file of the kind {name!r} is not a sound")
    container = "wav" if file.at(0, 4) == b"RIFF" else "rf64"
    return _header(file, container, read_chunks(file, 12, "<4sI", padded=True))


def read_w64(file: File) -> Header:
    """The header of a Sony Wave64 file."""
    return _header(file, "w64", _w64_chunks(file))


def _w64_chunks(file: File) -> Chunks:
    found: dict[bytes, Chunk] = {}
    offset = 40
    for _ in range(MOST):
        head = file.at(offset, 24)
        if len(head) < 24:
            return found
        size = int.from_bytes(head[16:], "little") - 24
        if size < 0:
            raise CannotDecode("UNDECODABLE", f"the chunk at byte {offset:,} claims less than its own head")
        if head[4:16] == _W64_END:
            found.setdefault(head[:4], Chunk(offset + 24, size))
        offset += 24 + size + (-size) % 8
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST:,} chunks")


def _header(file: File, container: str, chunks: Chunks) -> Header:
    fmt, data = need(chunks, b"fmt ", b"data")
    codec, rate, channels, bits, frame = _format(file, fmt)
    size = data.size
    held = max(0, file.size - data.place)
    unknown = container != "w64" and (any(size in sizes for sizes in _UNKNOWN) or _unfinished(file, data))
    if size > held and not unknown:
        raise truncated(held, size)
    return Header(
        container,
        codec,
        rate,
        channels,
        bits,
        frames=None if unknown or codec in _PACKED else size // frame,
        libsndfile=not unknown and codec not in _PACKED,
        libav="w64" if container == "w64" else "wav",
        tags=_loop_tags(file, chunks),
        warnings=_warnings(file, container, unknown, size % frame if codec not in _PACKED else 0),
    )


def _format(file: File, chunk: Chunk) -> tuple[str, int, int, int, int]:
    """Codec, rate in Hz, channels, bits a sample, and bytes a frame."""
    fmt = file.at(chunk.place, min(chunk.size, 40))
    if len(fmt) < 16:
        raise CannotDecode("UNDECODABLE", f"the fmt chunk holds {len(fmt)} bytes, not 16 or more")
    tag, channels, rate, _, frame, bits = struct.unpack("<HHIIHH", fmt[:16])
    if tag == _EXTENSIBLE and len(fmt) >= 40:
        tag = int.from_bytes(fmt[24:26], "little")
    if tag not in _CODECS:
        raise CannotDecode("UNSUPPORTED_FORMAT", f"WAV sound of format 0x{tag:04X} is not decoded here")
    check(rate, channels)
    codec = _CODECS[tag]
    if codec in _PACKED:
        return codec, rate, channels, 0, 1
    width = frame // channels
    if not 1 <= width <= 8 or frame % channels or not 0 < bits <= 8 * width:
        claim = f"the header claims {frame} bytes for {channels} channels of {bits} bits"
        raise CannotDecode("IMPOSSIBLE_HEADER", claim)
    if codec.startswith("pcm_"):
        codec = "pcm_u8" if width == 1 else f"{codec}{8 * width}"
    return codec, rate, channels, bits, frame


def _unfinished(file: File, data: Chunk) -> bool:
    """Whether no size was written although sound follows, and not another chunk."""
    if data.size or file.size <= data.place:
        return False
    name, following = file.at(data.place, 4), int.from_bytes(file.at(data.place + 4, 4), "little")
    return not (name.isascii() and name.decode().isprintable() and data.place + 8 + following <= file.size)


def _warnings(file: File, container: str, unknown: bool, rest: int) -> tuple[str, ...]:
    warnings = []
    if unknown:
        warnings.append(UNKNOWN_LENGTH)
    elif rest:
        warnings.append(f"the sound ends within a frame; its last {rest} bytes were left out")
    end = 8 + int.from_bytes(file.at(4, 4), "little")
    if container == "wav" and not unknown and end > 8 and (extra := file.size - end - (end & 1)) > 0:
        warnings.append(f"{extra:,} bytes follow the end of the sound file")
    return tuple(warnings)


def _loop_tags(file: File, chunks: Chunks) -> Mapping[str, str]:
    """What loop makers and samplers store."""
    acid, smpl = chunks.get(b"acid"), chunks.get(b"smpl")
    return {**acid_tags(read(file, acid, ACID_SIZE)), **smpl_tags(read(file, smpl, SMPL_SIZE))}
