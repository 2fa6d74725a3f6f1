"""What a sound is like, as a place among others: near it are the sounds that are like it."""

from collections.abc import Iterator

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, hookimpl
from samplemind_sdk.features import HOP

from .gathered import Numbers
from .harmony import Harmony
from .layout import EDGES, scale
from .rhythm import Rhythm
from .timbre import Timbre


class Similarity(Analyzer):
    """A vector whose plain distance to another says how unlike two sounds are.

    Numbers 0 to 39 are its rhythm at any tempo, 40 to 91 its timbre, 92 to 127 its harmony in any key.
    For a distance by one aspect compare these alone, or weigh them; as they come, rhythm weighs 0.7,
    timbre 1 and harmony 0.5. What the distance is worth is measured in docs/models/similarity.md.
    """

    name, version = "similarity", 1
    vector = Output(many=True, low=-4, high=4, help="128 numbers; distance is Euclidean")
    edges = Output(kind=int, many=True, low=0, high=EDGES[-1],
                   help="Where rhythm, timbre and harmony begin in it, and where it ends")  # fmt: skip

    def begin(self) -> None:
        self._rhythm, self._timbre, self._harmony = Rhythm(), Timbre(), Harmony()
        self._samples = 0

    def update(self, block: Block) -> None:
        self._samples += block.length
        if block.length:
            for aspect in (self._rhythm, self._timbre, self._harmony):
                aspect.add(block)

    def parts(self) -> dict[str, Numbers]:
        """What was heard, not yet standardised; CannotDescribe if that is nothing."""
        if self._samples < HOP:
            raise CannotDescribe("the sound is shorter than 12 ms, too short to be like another")
        timbre = self._timbre.parts()
        if timbre is None:
            raise CannotDescribe("silence is like nothing else")
        return {**self._rhythm.parts(), **timbre, **self._harmony.parts()}

    def describe(self) -> Iterator[Finding]:
        yield self.vector([round(float(number), 4) for number in scale().vector(self.parts())])
        yield self.edges(EDGES)


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Similarity]
