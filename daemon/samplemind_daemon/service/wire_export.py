"""Exports, between the wire and the model."""

from collections.abc import Sequence

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.export import Form, Lines, Piece, Playlist, Rekordbox, Table
from samplemind_daemon.refusals import Invalid


def form(asked: int, names: Sequence[str]) -> Form:
    """The kind of file that is asked for, with the descriptors of these names where it tells any; Invalid for none."""
    match asked:
        case pb.EXPORT_FORMAT_CSV:
            return Table(names)
        case pb.EXPORT_FORMAT_JSONL:
            return Lines(names)
        case pb.EXPORT_FORMAT_M3U8:
            return Playlist()
        case pb.EXPORT_FORMAT_REKORDBOX:
            return Rekordbox()
    why = {"format": f"{asked} is no format that is known here"}
    raise Invalid("INVALID_FORMAT", f"This cannot be exported: {why['format']}.", why)


def piece(known: Piece) -> pb.ExportResponse:
    """A piece of a file."""
    return pb.ExportResponse(data=known.data, done=known.done, total=known.total)
