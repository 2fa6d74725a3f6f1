"""What tells that two files hold the same sound."""

from base64 import b64encode
from collections.abc import Iterator

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, hookimpl, parameter

from .digest import Digest
from .print import Print


class Identity(Analyzer):
    """A digest of the decoded samples, and a print that stays nearly the same in another encoding.

    They are for programs to compare, as docs/models/identity.md says. They are measurements and have no confidence.
    """

    name, version = "identity", 1
    every_sample = parameter(
        False,
        help="Whether the digest is SHA-256 of every sample, at ten times the cost; sums of 16 otherwise",
    )
    audio = Output(
        kind=str, help="The same for the same decoded samples, whatever the container and its tags are"
    )
    print = Output(
        kind=str, many=True,
        help="Base64 of a word of 32 bits for each 11.6 ms of the first minute, and of its dB below the loudest",
    )  # fmt: skip

    def begin(self) -> None:
        self._digest, self._print = Digest(self.every_sample), Print()
        self._heard = False

    def update(self, block: Block) -> None:
        self._digest.add(block)
        self._print.add(block)
        self._heard = True

    def describe(self) -> Iterator[Finding]:
        if not self._heard:
            raise CannotDescribe("there is no sound in it")
        yield self.audio(self._digest.value())
        if (found := self._print.value()) is not None:
            yield self.print([b64encode(part).decode() for part in found])


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    return [Identity]
