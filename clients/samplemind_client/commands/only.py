"""Choosing among the descriptors of a sound."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from samplemind_client.values.analysis import Descriptor

Only = Annotated[
    str, typer.Option(metavar="NAMES", help="Only these descriptors or analyzers, as in tempo.bpm,key.")
]


def names(only: str) -> tuple[str, ...]:
    """The names in the option, which commas stand between."""
    return tuple(name for part in only.split(",") if (name := part.strip()))


def chosen(found: "Iterable[Descriptor]", only: tuple[str, ...]) -> "list[Descriptor]":
    """The descriptors that are named, or whose analyzer is; all if nothing is named."""
    return [one for one in found if not only or {one.name, one.name.partition(".")[0]} & {*only}]
