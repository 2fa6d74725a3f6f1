"""Results on stdout, and how far things are on stderr, if that is a terminal."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from samplemind_daemon.commands.output import Report, printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class Screen:
    """Where a command line shows what came of each file; `count` says how many there will be."""

    def __init__(self, as_json: bool, count: Callable[[], int]) -> None:
        self._as_json, self._count = as_json, count
        self._heard = 0
        self._under_way: dict[str, float] = {}  # how far each file is, from 0 to 1
        self._bar: Bar | None = None
        self._line: TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._bar, self._line = _bar(self._count())
            self._bar.start()
        return self

    def __exit__(self, *why: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def progress(self, file: str, fraction: float) -> None:
        """A file is that far."""
        if self._bar is not None:
            self._under_way[file] = fraction
            self._move(file)

    def show(self, report: Report) -> None:
        """Print what came of a file."""
        text = report.as_json() if self._as_json else report.as_text()
        self._apart(lambda: _print(text))
        self.tick(report.file)

    def tick(self, file: str) -> None:
        """A file is done, and nothing is printed of it."""
        self._heard += 1
        self._under_way.pop(file, None)
        self._move(file)

    def note(self, sentence: str) -> None:
        """Print a sentence on stderr."""
        self._apart(lambda: print(printable(sentence), file=sys.stderr))

    def _move(self, file: str) -> None:
        if self._bar is not None and self._line is not None:
            done = self._heard + sum(self._under_way.values())
            self._bar.update(self._line, completed=done, description=printable(file)[-40:])

    def _apart(self, deed: Callable[[], None]) -> None:
        """Do it while the bar is out of the way, where both would share a terminal."""
        apart = self._bar is not None and sys.stdout.isatty()
        if apart and self._bar is not None:
            self._bar.stop()
        deed()
        if apart and self._bar is not None:
            self._bar.start()


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
