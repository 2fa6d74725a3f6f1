"""Headers of WAV and of its kin for long files: RF64, BW64 and W64. Chunks, and what they claim."""

import struct
from collections.abc import Mapping

from .cannot import CannotDecode
from .file import File
from .header import MOST_CHUNKS, Header, check, truncated

Chunks = Mapping[bytes, tuple[int, int]]  # place and claimed size in bytes, of the first of each name

# Microsoft's registered format tags (mmreg.h); every other codec is known and refused, ADPCM first of all.
_CODECS = {1: "pcm_s", 3: "pcm_f", 6: "alaw", 7: "ulaw", 0x50: "mp2", 0x55: "mp3"}
_PACKED = ("mp2", "mp3")  # a frame of sound is no fixed number of bytes
_EXTENSIBLE = 0xFFFE  # the tag stands in the GUID that follows
_W64_END = bytes.fromhex("f3acd3118cd100c04f8edb8a")  # of the GUIDs that stand for a chunk's name
_ALL_ONES = 0xFFFF_FFFF
# Writers that cannot seek back leave these (ffmpeg all ones; sox 2 GiB less its buffer): no real sizes.
_UNKNOWN = (range(0x7FFF_F000, 0x8000_0000), range(0xFFFF_F000, 0x1_0000_0000))
_ROOT_IS_SET = 2  # flag of the acid chunk


def read_riff(file: File) -> Header:
    """The header of a RIFF, RF64 or BW64 file of the kind WAVE."""
    kind = file.at(8, 4)
    if kind != b"WAVE":
        name = kind.decode("ascii", "replace")
        raise CannotDecode("UNSUPPORTED_FORMAT", f"a RIFF file of the kind {name!r} is not a sound")
    container = "wav" if file.at(0, 4) == b"RIFF" else "rf64"
    return _header(file, container, _riff_chunks(file))


def read_w64(file: File) -> Header:
    """The header of a Sony Wave64 file."""
    return _header(file, "w64", _w64_chunks(file))


def _riff_chunks(file: File) -> Chunks:
    found: dict[bytes, tuple[int, int]] = {}
    offset = 12
    for _ in range(MOST_CHUNKS):
        head = file.at(offset, 8)
        if len(head) < 8:
            return found
        name, size = struct.unpack("<4sI", head)
        if name == b"data" and size == _ALL_ONES and b"ds64" in found:
            size = int.from_bytes(file.at(found[b"ds64"][0] + 8, 8), "little")
        found.setdefault(name, (offset + 8, size))
        offset += 8 + size
        if size & 1 and file.at(offset, 1) == b"\0":  # some writers forget to pad
            offset += 1
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST_CHUNKS:,} chunks")


def _w64_chunks(file: File) -> Chunks:
    found: dict[bytes, tuple[int, int]] = {}
    offset = 40
    for _ in range(MOST_CHUNKS):
        head = file.at(offset, 24)
        if len(head) < 24:
            return found
        size = int.from_bytes(head[16:], "little") - 24
        if size < 0:
            raise CannotDecode("UNDECODABLE", f"the chunk at byte {offset:,} claims less than its own head")
        if head[4:16] == _W64_END:
            found.setdefault(head[:4], (offset + 24, size))
        offset += 24 + size + (-size) % 8
    raise CannotDecode("UNDECODABLE", f"the file has more than {MOST_CHUNKS:,} chunks")


def _header(file: File, container: str, chunks: Chunks) -> Header:
    if b"fmt " not in chunks or b"data" not in chunks:
        missing = "fmt" if b"fmt " not in chunks else "data"
        raise CannotDecode("UNDECODABLE", f"the file ends without a {missing} chunk")
    codec, rate, channels, bits, frame = _format(file, *chunks[b"fmt "])
    place, size = chunks[b"data"]
    held = max(0, file.size - place)
    unknown = container != "w64" and (any(size in sizes for sizes in _UNKNOWN) or _unfinished(file, place, size))
    if size > held and not unknown:
        raise truncated(held, size)
    return Header(
        container,
        codec,
        rate,
        channels,
        bits,
        frames=None if unknown or codec in _PACKED else size // frame,
        libsndfile=not unknown,
        libav="w64" if container == "w64" else "wav",
        tags=_loop_tags(file, chunks),
        warnings=_warnings(file, container, unknown, size % frame if codec not in _PACKED else 0),
    )


def _format(file: File, place: int, size: int) -> tuple[str, int, int, int, int]:
    """Codec, rate in Hz, channels, bits a sample, and bytes a frame."""
    fmt = file.at(place, min(size, 40))
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


def _unfinished(file: File, place: int, size: int) -> bool:
    """Whether no size was written although sound follows, and not another chunk."""
    if size or file.size <= place:
        return False
    name, following = file.at(place, 4), int.from_bytes(file.at(place + 4, 4), "little")
    return not (name.isascii() and name.decode().isprintable() and place + 8 + following <= file.size)


def _warnings(file: File, container: str, unknown: bool, rest: int) -> tuple[str, ...]:
    warnings = []
    if unknown:
        warnings.append("the header does not say how long the sound is; it was heard to the end of the file")
    elif rest:
        warnings.append(f"the sound ends within a frame; its last {rest} bytes were left out")
    end = 8 + int.from_bytes(file.at(4, 4), "little")
    if container == "wav" and not unknown and end > 8 and (extra := file.size - end - (end & 1)) > 0:
        warnings.append(f"{extra:,} bytes follow the end of the sound file")
    return tuple(warnings)


def _loop_tags(file: File, chunks: Chunks) -> Mapping[str, str]:
    """What loop makers store: tempo and beats (acid chunk), and the root notes as MIDI numbers."""
    tags: dict[str, str] = {}
    acid = file.at(chunks[b"acid"][0], 24) if chunks.get(b"acid", (0, 0))[1] >= 24 else b""
    if len(acid) == 24:
        flags, root, _, _, beats, _, _, bpm = struct.unpack("<IHHfIHHf", acid)
        if 0 < bpm < 1_000:
            tags["acid_bpm"] = f"{bpm:g}"
        if 0 < beats < 1_000_000:
            tags["acid_beats"] = str(beats)
        if flags & _ROOT_IS_SET and root < 128:
            tags["acid_root"] = str(root)
    smpl = file.at(chunks[b"smpl"][0], 16) if chunks.get(b"smpl", (0, 0))[1] >= 16 else b""
    if len(smpl) == 16 and (root := int.from_bytes(smpl[12:], "little")) < 128:
        tags["smpl_root"] = str(root)
    return tags
