"""Where the time goes while a sound is heard: decoding, shared features, and each analyzer apart from them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import process_time
from typing import Any

from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.sound import open_sound
from samplemind_sdk import Analyzer, Block

Seconds = dict[str, float]


class Stopwatch:
    """Processor time by what it went into; what runs inside something else counts as its own."""

    def __init__(self) -> None:
        self.seconds: Seconds = defaultdict(float)
        self._open: list[str] = []
        self._since = process_time()

    def begin(self, what: str) -> None:
        """From now on the time is that of `what`."""
        self._book()
        self._open.append(what)

    def end(self) -> None:
        """From now on it is again that of what was under way before."""
        self._book()
        self._open.pop()

    def _book(self) -> None:
        now = process_time()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


class Memo(dict[Any, Any]):
    """What a block has computed, with the time of each feature: a miss begins it, and its value ends it."""

    def __init__(self, watch: Stopwatch) -> None:
        super().__init__()
        self._watch = watch

    def __contains__(self, compute: Any) -> bool:
        if found := super().__contains__(compute):
            return found
        self._watch.begin(f"feature {_named(compute)}")
        return False

    def __setitem__(self, compute: Any, value: Any) -> None:
        super().__setitem__(compute, value)
        self._watch.end()


def hear_watched(path: str, kinds: Iterable[type[Analyzer]]) -> Seconds:
    """Hear the whole file, and say where the seconds of processor time went."""
    watch = Stopwatch()
    listening = Listening(kinds, {})
    for name, analyzer in listening._analyzers.items():
        analyzer.update = _timed(watch, name, analyzer.update)  # type: ignore[method-assign]
        analyzer.describe = _timed_through(watch, name, analyzer.describe)  # type: ignore[method-assign]
    watch.begin("decoding and cutting")
    with open_sound(path) as sound:
        for block in sound.blocks():
            watch.begin("handing round")
            listening.hear(replace(block, _memo=Memo(watch)))
            watch.end()
    watch.end()
    watch.begin("handing round")
    for _ in listening.describe():
        pass
    watch.end()
    return dict(watch.seconds)


def _timed(watch: Stopwatch, name: str, update: Callable[[Block], None]) -> Callable[[Block], None]:
    def timed(block: Block) -> None:
        watch.begin(name)
        update(block)
        watch.end()

    return timed


def _timed_through(
    watch: Stopwatch, name: str, describe: Callable[[], Iterator[Any]]
) -> Callable[[], Iterator[Any]]:
    def timed() -> Iterator[Any]:
        watch.begin(name)
        try:
            yield from list(describe())
        finally:
            watch.end()

    return timed


def _named(compute: Callable[..., Any]) -> str:
    """A feature of the SDK by its name, one of a plugin's with the plugin's."""
    package, _, module = compute.__module__.partition(".")
    name = compute.__qualname__.lstrip("_")
    return name if package == "samplemind_sdk" else f"{module.partition('.')[0]}.{name}"
