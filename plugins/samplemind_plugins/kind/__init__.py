"""What kind of sound it is: a song, a loop, a one-shot, speech or silence; and which drum a one-shot is."""

from collections.abc import Iterator

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, hookimpl

from .memory import Memory
from .oneshot import OneShot
from .weighing import SILENCE, phrase, weigh

KINDS = ("song", "loop", "one-shot", "speech", SILENCE)
UNSURE = 0.7


class Kind(Analyzer):
    """What kind of sound it is; this decides which other questions arise."""

    name, version = "kind", 1
    label = Output(
        kind=str,
        choices=KINDS,
        help="A loop holds whole beats and goes on from its end; an excerpt of a piece is a song",
    )

    def begin(self) -> None:
        self.memory = Memory()

    def update(self, block: Block) -> None:
        self.memory.add(block)

    def describe(self) -> Iterator[Finding]:
        outline = self.memory.recall()
        if not outline.seconds:
            raise CannotDescribe("there is no sound in it")
        (best, probability), *others = weigh(outline)
        doubt = f"it may as well be {phrase(others[0][0])}" if (probability or 1) < UNSURE else ""
        yield self.label(best, probability, others, doubt)


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Kind, OneShot]
