"""Files for other programs, of what a query finds."""

from .exports import Exports, Piece
from .lines import Lines
from .playlist import Playlist
from .rekordbox import Rekordbox
from .table import Table
from .track import Form

__all__ = ["Exports", "Form", "Lines", "Piece", "Playlist", "Rekordbox", "Table"]
