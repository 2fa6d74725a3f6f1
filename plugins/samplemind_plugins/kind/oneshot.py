"""Which drum a one-shot is."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Input, Output, Status, Tape, mono

from ..convolution import Convolution
from ..convolution import load as load_networks
from ..kernel import Kernel, load
from ..network import softmax
from .strike import hear, versions
from .weighing import QUIETEST, phrase

DRUMS = (
    "clap",
    "closed hi-hat",
    "cowbell",
    "crash cymbal",
    "kick",
    "open hi-hat",
    "percussion",
    "ride cymbal",
    "rimshot",
    "shaker",
    "snare",
    "tambourine",
    "tom",
)
NOTE = "note"
HEARD = 8.0  # seconds, silence before the stroke included
UNSURE = 0.6  # effects, which have no class, are mostly below it
LIKELY = 0.02  # candidates below are left out


class OneShot(Analyzer):
    """Which drum a one-shot is, or that it is a note of another instrument."""

    name, version = "oneshot", 2
    kind: Any = Input("kind.label")
    label = Output(
        kind=str,
        choices=(*DRUMS, NOTE),
        help="Percussion is congas, bongos, wood blocks and the like; a note is of an instrument that is no drum",
    )

    def begin(self) -> None:
        self.tape = Tape(HEARD)

    def update(self, block: Block) -> None:
        self.tape.add(mono(block))

    def describe(self) -> Iterator[Finding]:
        if self.kind is not None and self.kind.value != "one-shot":
            raise CannotDescribe(f"it is no one-shot, but {phrase(self.kind.value)}")
        sound = self.tape.signal
        if not len(sound) or abs(sound - sound.mean()).max() < QUIETEST:
            raise CannotDescribe(f"nothing is heard in the first {HEARD:g} s", Status.UNMEASURABLE)
        evidence, pictures = zip(*map(hear, versions(sound)), strict=True)
        probabilities = softmax(classifier().logits(evidence) + networks().logits(pictures))
        ranked = sorted(
            zip(classifier().classes, map(float, probabilities), strict=True), key=lambda one: -one[1]
        )
        (best, probability), *others = ranked
        doubt = (
            "others are about as likely, or it is an effect, which has no label"
            if probability < UNSURE
            else ""
        )
        yield self.label(best, probability, [one for one in others if one[1] >= LIKELY], doubt)


@cache
def classifier() -> Kernel:
    """The fitted classifier that is shipped: see docs/models/oneshot.md."""
    return load(__package__, "oneshot.npz")


@cache
def networks() -> Convolution:
    """Networks that see the spectrogram, and say the same classes in the same order."""
    return load_networks(__package__, "oneshot_pictures.npz")
