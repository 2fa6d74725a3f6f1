"""The listings of a Markdown file, and what tests need to run them."""

import ast
import doctest
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FENCE = re.compile(
    r"(?:<!-- (?P<how>from|run by) (?P<where>[^>]*?) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Listing:
    """A fenced block. `how` and `where` say that it is from a file, or run by another test, if so."""

    kind: str
    text: str
    line: int
    how: str = ""
    where: str = ""

    @property
    def source(self) -> str:
        """The text that it shall be: a file, or one class or function of it as in "file.py: Name"."""
        path, _, name = self.where.partition(": ")
        text = (CHECKOUT / path).read_text("utf-8")
        if not name:
            return text
        found = [one for one in ast.parse(text).body if getattr(one, "name", "") == name]
        return "\n".join(text.splitlines()[found[0].lineno - 1 : found[0].end_lineno]) + "\n"

    @property
    def transcript(self) -> list[tuple[str, str]]:
        """Of a console: each command, and all that it shall print."""
        parts = re.split(r"^\$ ", self.text, flags=re.M)[1:]
        return [(command, printed) for command, _, printed in (part.partition("\n") for part in parts)]


def listings(document: Path) -> list[Listing]:
    text = document.read_text("utf-8")
    return [
        Listing(
            found["kind"],
            found["text"],
            text[: found.start()].count("\n") + 1,
            found["how"] or "",
            found["where"] or "",
        )
        for found in FENCE.finditer(text)
    ]


def disagreements(
    transcript: list[tuple[str, str]], run: Callable[[str], "subprocess.CompletedProcess[str]"]
) -> list[str]:
    """What the commands print instead of what the transcript has; "..." in it stands for anything."""
    checker, wrong = doctest.OutputChecker(), []
    for command, expected in transcript:
        done = run(command)
        if not checker.check_output(expected, done.stdout, doctest.ELLIPSIS):
            wrong.append(f"$ {command}\n{done.stdout}{done.stderr}")
    return wrong
