"""What the parts of the daemon tell of their work, to whoever keeps count."""

from typing import Protocol


class Tally(Protocol):
    """Is told of everything that happens often; each call must be cheap, and may come from any thread."""

    def called(self, method: str, code: str, seconds: float) -> None:
        """An rpc ended: its full name, the name of its status, and how long it took."""

    def received(self, size: int) -> None:
        """So many bytes of an upload were kept."""

    def wrote(self, seconds: float) -> None:
        """A transaction took so long, the waiting for the disk included."""

    def ended(self, outcome: str, seconds: float) -> None:
        """A job left the workers: the state that it is in now, and how long it was at work."""

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None:
        """An analyzer has heard a file in so many seconds, or has failed to."""

    def broke(self, analyzer: str) -> None:
        """A worker died, hung or took too much while this analyzer was at work; "" where none was."""

    def spared(self, fresh: int, made: int) -> None:
        """Of the results of a sound so many were fresh, and so many had to be made."""


class Everyone:
    """Tells several."""

    def __init__(self, *tallies: Tally) -> None:
        self._tallies = tallies

    def called(self, method: str, code: str, seconds: float) -> None:
        """Tell them; and so below."""
        for one in self._tallies:
            one.called(method, code, seconds)

    def received(self, size: int) -> None:
        for one in self._tallies:
            one.received(size)

    def wrote(self, seconds: float) -> None:
        for one in self._tallies:
            one.wrote(seconds)

    def ended(self, outcome: str, seconds: float) -> None:
        for one in self._tallies:
            one.ended(outcome, seconds)

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None:
        for one in self._tallies:
            one.heard(analyzer, seconds, failed)

    def broke(self, analyzer: str) -> None:
        for one in self._tallies:
            one.broke(analyzer)

    def spared(self, fresh: int, made: int) -> None:
        for one in self._tallies:
            one.spared(fresh, made)


class Nobody:
    """Keeps no count."""

    def called(self, method: str, code: str, seconds: float) -> None:
        """Forget it; and so below."""

    def received(self, size: int) -> None: ...

    def wrote(self, seconds: float) -> None: ...

    def ended(self, outcome: str, seconds: float) -> None: ...

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None: ...

    def broke(self, analyzer: str) -> None: ...

    def spared(self, fresh: int, made: int) -> None: ...


NOBODY = Nobody()
