"""Files for other programs, of what a query finds."""

from .exports import PIECE, Exports, Piece
from .lines import Lines
from .playlist import Playlist
from .rekordbox import Rekordbox
from .table import Table
from .track import Form

__all__ = ["PIECE", "Exports", "Form", "Lines", "Piece", "Playlist", "Rekordbox", "Table"]
