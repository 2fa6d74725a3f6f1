"""Columns for people, a row at a time, so that a long list begins at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samplemind_client.commands.output import shown


@dataclass(frozen=True)
class Column:
    """A column of so many cells of a terminal; the last of a row may be longer."""

    title: str
    width: int
    right: bool = False


def head(columns: Sequence[Column]) -> str:
    """The row of titles."""
    return row(columns, (column.title for column in columns))


def row(columns: Sequence[Column], texts: Iterable[str]) -> str:
    """Texts under their titles, cut where they are too long."""
    from rich.cells import cell_len, set_cell_size

    cells = []
    for number, (column, text) in enumerate(zip(columns, map(shown, texts), strict=True), start=1):
        if number == len(columns):
            cells.append(text)
        elif column.right:
            cells.append(" " * (column.width - cell_len(text)) + text)
        else:
            whole = cell_len(text) <= column.width
            cells.append(
                set_cell_size(text if whole else set_cell_size(text, column.width - 1) + "…", column.width)
            )
    return "  ".join(cells).rstrip()
