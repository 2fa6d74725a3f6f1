"""What a row of a table says otherwise than what is known of its sound."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from samplemind_client.commands.correct import LISTS, NAMES
from samplemind_client.commands.sheet import Row, number, words

if TYPE_CHECKING:
    from samplemind_client.values.analysis import Descriptor, Value
    from samplemind_client.values.correction import Correction

TOLD = 0.5  # probability from which on an export tells a label
COLUMNS = tuple(NAMES.values())
_METRE = re.compile(r"\d{1,2} ?/ ?\d{1,2}")


def changes(row: Row, id: str, known: "Mapping[str, Descriptor]") -> "Iterator[Correction | ValueError]":
    """The corrections of a row's cells, and what is wrong with those that say nothing.

    An empty cell, or one that says what is known, changes nothing.
    """
    from samplemind_client.values.correction import Correction

    for name in COLUMNS:
        cell = row.text(name).strip()
        if not cell:
            continue
        try:
            value = _value(name, cell)
        except ValueError as why:
            yield ValueError(f"{name}: {why}")
            continue
        before = known[name].value if name in known else None
        if not _is_same(value, before):
            yield Correction(id, name, value)


def said(name: str, value: "Value") -> str:
    """A value in a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return "; ".join(_told(value)) or "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(name: str, cell: str) -> "Value":
    if name == "tempo.bpm":
        return number(cell)
    if name in LISTS.values():
        return words(cell)
    if name == "meter.signature" and not _METRE.fullmatch(cell):
        raise ValueError(f"{cell[:40]!r} is no metre such as 4/4; did a spreadsheet make a date of it?")
    return cell


def _is_same(value: "Value", before: "Value") -> bool:
    if isinstance(value, tuple):
        return isinstance(before, tuple) and list(map(str, value)) == _told(before)
    if isinstance(value, str):
        return isinstance(before, str) and value.casefold() == before.casefold()
    return (
        isinstance(value, float) and isinstance(before, float) and math.isclose(value, before, rel_tol=1e-9)
    )


def _told(values: "tuple[object, ...]") -> list[str]:
    """The words, and the labels that an export tells."""
    return [
        one[0] if isinstance(one, tuple) else str(one)
        for one in values
        if not isinstance(one, tuple) or one[1] >= TOLD
    ]
