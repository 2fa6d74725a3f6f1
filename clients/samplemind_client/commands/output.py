"""Results on stdout, for people or for programs; on stderr all else, with a bar where that is a terminal."""

import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class Output:
    """Where a command prints what came of it, and how far it is."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._done = 0
        self._under_way: dict[str, float] = {}  # how far each item is, from 0 to 1
        self._bar: Bar | None = None
        self._line: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def put(self, fields: Mapping[str, Any], text: str) -> None:
        """Print one thing: its fields as a JSON object on one line, or a text of one or more lines."""
        whole = encoded(fields) if self.as_json else text
        self._apart(lambda: _print(whole))

    def note(self, sentence: str) -> None:
        """Print a sentence on stderr."""
        self._apart(lambda: print(f"samplemind: {shown(sentence)}", file=sys.stderr, flush=True))

    def expect(self, count: Callable[[], int]) -> None:
        """Show from now on how many of so many items are done, if stderr is a terminal."""
        if sys.stderr.isatty():
            self._bar, self._line = _bar(count())
            self._bar.start()

    def progress(self, item: str, fraction: float) -> None:
        """An item is that far."""
        if self._bar is not None:
            self._under_way[item] = fraction
            self._move(item)

    def done(self, item: str) -> None:
        """An item is done, well or not."""
        self._done += 1
        self._under_way.pop(item, None)
        self._move(item)

    def _move(self, item: str) -> None:
        if self._bar is not None and self._line is not None:
            done = self._done + sum(self._under_way.values())
            self._bar.update(self._line, completed=done, description=shown(item)[-40:])

    def _apart(self, deed: Callable[[], None]) -> None:
        """Do it while the bar is out of the way."""
        if self._bar is None:
            return deed()
        self._bar.stop()
        deed()
        self._bar.start()


def printable(text: str) -> str:
    """Text that can be encoded: bytes of a file's name that are no text become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shown(text: str) -> str:
    """Text on one line of a terminal, which it cannot command."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in printable(text))


def encoded(fields: Mapping[str, Any]) -> str:
    """Fields as JSON on one line, with null for each number that is none."""
    try:
        return json.dumps(fields, ensure_ascii=False, allow_nan=False)
    except ValueError:  # it is rare, and to look for it in every list takes longer than all the rest
        return json.dumps(finite(fields), ensure_ascii=False, allow_nan=False)


def finite(value: Any) -> Any:
    """The value with None for each number that is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [finite(one) for one in value]
    return value


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _bar(total: int) -> "tuple[Bar, TaskID]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % of {task.total}"),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    return bar, bar.add_task("", total=total)
