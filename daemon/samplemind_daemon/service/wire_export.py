"""Exports, between the wire and the model."""

from collections.abc import Collection

from samplemind.v1 import library_pb2 as pb
from samplemind_daemon.library.export import Form, Lines, Piece, Playlist, Rekordbox, Table
from samplemind_daemon.library.export.table import columns
from samplemind_daemon.model import Catalogue
from samplemind_daemon.refusals import Invalid


def form(request: pb.ExportRequest, catalogue: Catalogue, hidden: Collection[str]) -> Form:
    """The kind of file that is asked for; Invalid for none, and for descriptors that there are not."""
    match request.format:
        case pb.EXPORT_FORMAT_CSV:
            return Table(columns(request.descriptors, catalogue, hidden))
        case pb.EXPORT_FORMAT_JSONL:
            return Lines(columns(request.descriptors, catalogue, hidden))
        case pb.EXPORT_FORMAT_M3U8:
            return Playlist()
        case pb.EXPORT_FORMAT_REKORDBOX:
            return Rekordbox()
    why = {"format": f"{request.format} is no format that is known here"}
    raise Invalid("INVALID_FORMAT", f"This cannot be exported: {why['format']}.", why)


def piece(known: Piece) -> pb.ExportResponse:
    """A piece of a file."""
    return pb.ExportResponse(data=known.data, done=known.done, total=known.total)
