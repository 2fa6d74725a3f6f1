"""What kind of file it is, told by its content and never by its name; only what is listed is decoded."""

from collections.abc import Callable

from .aiff import read_aiff
from .au import read_au
from .caf import read_caf
from .cannot import CannotDecode
from .file import File
from .flac import read_flac
from .header import Header, beginning
from .mp4 import read_mp4
from .mpeg import mpeg_frame, read_adts, read_mpeg, skip_id3
from .ogg import read_ogg
from .riff import read_riff, read_w64

_W64 = b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000")
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_READERS: tuple[tuple[int, bytes, Callable[[File], Header]], ...] = (  # place, mark, and who reads on
    (0, b"RIFF", read_riff),
    (0, b"RF64", read_riff),
    (0, b"BW64", read_riff),
    (0, _W64, read_w64),
    (0, b"FORM", read_aiff),
    (0, b".snd", read_au),
    (0, b"caff", read_caf),
    (0, b"OggS", read_ogg),
    *((4, name, read_mp4) for name in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")),
)
_SECOND: tuple[tuple[bytes, str, str], ...] = (  # marks of what only the second decoder knows; its name there
    (b"wvpk", "wavpack", "wv"),
    (b"MAC ", "ape", "ape"),
    (b"TTA1", "tta", "tta"),
    (b"tBaK", "tak", "tak"),
    (b"MP+", "musepack", "mpc"),
    (b"MPCK", "musepack", "mpc8"),
    (_ASF, "asf", "asf"),
    (b"\x1a\x45\xdf\xa3", "matroska", "matroska"),
)
_REFUSED: tuple[tuple[int, bytes, str], ...] = (  # known, so that the sentence can name them
    (0, b"#EXTM3U", "a playlist"),
    (0, b"[playlist]", "a playlist"),
    (0, b"ffconcat", "a playlist"),
    (0, b"MThd", "MIDI, notes without sound"),
    (0, b"DSD ", "DSD sound (DSF)"),
    (0, b"FRM8", "DSD sound (DFF)"),
    (0, b"OFR ", "OptimFROG sound"),
    (0, b"Extended Module: ", "a tracker module"),
    (44, b"SCRM", "a tracker module"),
    *((1_080, mark, "a tracker module") for mark in (b"M.K.", b"M!K!", b"4CHN", b"6CHN", b"8CHN", b"FLT4")),
    (0, b"IMPM", "a tracker module"),
    (0, b"Creative Voice File", "a Creative voice file"),
    (0, b"\xf0\x7e", "a MIDI sample dump"),
    (0, b"NIST_1A", "a NIST Sphere file"),
    (0, b"#!AMR", "AMR speech"),
    (0, b"FLV\x01", "Flash video"),
    (0, b"\x00\x00\x01\xba", "an MPEG program stream"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x89PNG", "a picture"),
    (0, b"GIF8", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
)
_LOOKED_AT = 1_088  # bytes: up to the end of the farthest mark


def probe(file: File) -> Header:
    """The header of a file; raises CannotDecode where it is not one that may be decoded, and intact so far."""
    if file.size == 0:
        raise CannotDecode("EMPTY", "the file is empty: it has 0 bytes")
    head = file.at(0, _LOOKED_AT)
    for place, mark, read in _READERS:
        if head.startswith(mark, place):
            return read(file)
    for place, mark, kind in _REFUSED:
        if head.startswith(mark, place):
            raise CannotDecode("UNSUPPORTED_FORMAT", f"the file is {kind}, which is not decoded here")
    return _tagged(file)


def _tagged(file: File) -> Header:
    """The header of what may follow an ID3 tag."""
    start = skip_id3(file)
    head = file.at(start, 16)
    if head.startswith(b"fLaC"):
        return read_flac(file, start)
    for mark, container, name in _SECOND:
        if head.startswith(mark):
            return Header(container, libav=name, start=start)
    found = read_adts(file, start) or read_mpeg(file, start)
    if found is not None:
        return found
    if start >= file.size:
        raise CannotDecode("EMPTY", f"the file holds a tag of {start:,} bytes and no sound")
    frame = mpeg_frame(head)
    if frame is not None and not frame.size:
        raise CannotDecode("UNSUPPORTED_FORMAT", "MPEG sound of a free bit rate is not decoded here")
    where = f"behind a tag of {start:,} bytes it begins" if start else "it begins"
    raise CannotDecode("UNDECODABLE", f"the file is no sound known here: {where} with {beginning(head)}")
