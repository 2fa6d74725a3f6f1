"""A table that was exported, as it comes back from a spreadsheet."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

MOST_BYTES = 256 * 2**20  # of a file: 100,000 sounds have about 50 MB
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}  # what a file may begin with
SEPARATORS = (",", ";", "\t")
_FORMULA = re.compile(
    r"'*(?:[\s\x00-\x1f\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00])"
)  # as the daemon's export has it
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Row:
    """A row: where it stands, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """What a cell says, without the apostrophe that kept it from being a formula."""
        return plain(self.cells.get(column) or "")


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file, with commas, semicolons or tabs between the cells; BadParameter where it is no table."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise typer.BadParameter(f"{path} has more than {MOST_BYTES // 2**20} MiB")
        with path.open("rb") as file:
            start = file.read(3)
        encoding = next((found for mark, found in MARKS.items() if start.startswith(mark)), "utf-8")
        with path.open(encoding=encoding, newline="") as text:
            yield from _read(path, text.readline(), text)
    except UnicodeError:
        raise typer.BadParameter(f"{path} is not in UTF-8: save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise typer.BadParameter(f"{path} is no CSV: {error}") from None
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror or error}") from None


def _read(path: Path, heading: str, text: Iterator[str]) -> Iterator[Row]:
    separator = max(SEPARATORS, key=heading.count)
    [columns] = csv.reader([heading], delimiter=separator)
    names = [column.strip() for column in columns]
    if not {"id", "name"} & {*names}:
        raise typer.BadParameter(f"{path} has no column id or name in its first line")
    reader = csv.reader(text, delimiter=separator, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(reader.line_num + 1, dict(zip(names, cells, strict=False)))


def plain(cell: str) -> str:
    """The text of a cell, without the apostrophe that an export put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def number(cell: str) -> float:
    """The number in a cell, with a point or a comma; ValueError where it is none, or may be two."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{cell[:40]!r} is no number")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        whole, part = text.split(",")
        raise ValueError(f"{cell!r} may be {whole}.{part} or {whole}{part}: write a point, or no comma")
    return float(text.replace(",", "."))


def words(cell: str) -> tuple[str, ...]:
    """The words of a cell, which semicolons stand between."""
    return tuple(word for part in cell.split(";") if (word := part.strip()))
