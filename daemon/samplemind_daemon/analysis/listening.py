"""One sound and the analyzers that listen to it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from samplemind_daemon.analysis.finding import CannotReport, descriptor, weigh
from samplemind_daemon.model import Descriptor
from samplemind_sdk import Analyzer, Block, CannotDescribe, Estimate, Status

Said = tuple[str, tuple[Descriptor, ...]]  # an analyzer's name, and what it found


class Listening:
    """One sound, many analyzers: one that fails costs its own outputs, never the others'.

    `plan` holds analyzers after those they build upon; `known` are descriptors that were found
    earlier, by analyzers that are not in the plan. `on_turn` is told whose turn it is, and "" once it is nobody's.
    """

    def __init__(
        self,
        plan: Iterable[type[Analyzer]],
        settings: Mapping[str, Mapping[str, Any]],
        known: Iterable[Descriptor] = (),
        on_turn: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._plan, self._on_turn = tuple(plan), on_turn
        self._known = {one.name: _estimate(one) for one in known}
        self._failures: dict[str, str] = {}
        self._analyzers: dict[str, Analyzer] = {}
        for kind in self._plan:
            on_turn(kind.name)
            try:
                self._analyzers[kind.name] = kind(**settings.get(kind.name, {}))
            except Exception as error:
                self._failures[kind.name] = _sentence(error)
        on_turn("")

    @property
    def needs_sound(self) -> bool:
        """Whether any of the analyzers listens, and not only reasons about what others found."""
        return any(kind.listens() for kind in self._plan)

    def hear(self, block: Block, only: Collection[str] | None = None) -> None:
        """Let every analyzer, or those of these names, hear the next stretch of the sound."""
        for name, analyzer in self._analyzers.items():
            if name in self._failures or (only is not None and name not in only):
                continue
            self._on_turn(name)
            try:
                analyzer.update(block)
            except Exception as error:
                self._failures[name] = _sentence(error)
        self._on_turn("")

    def now(self) -> Iterator[Descriptor]:
        """What holds at this moment, of the analyzers that have meters."""
        for kind in self._plan:
            if not kind.meters or kind.name in self._failures:
                continue
            try:
                said = dict(self._analyzers[kind.name].now())
                for name, output in kind.meters.items():
                    if name in said:
                        yield descriptor(kind, output, said[name])
            except Exception as error:
                self._failures[kind.name] = _sentence(error)

    def describe(self, only: Collection[str] | None = None) -> Iterator[Said]:
        """What each analyzer has found so far, in plan order; listening may go on afterwards.

        With names, what those analyzers have found, and those that they build upon.
        """
        found = dict(self._known)
        for kind in self._plan if only is None else self._built_upon(only):
            said = self._describe(kind, found)
            self._on_turn("")
            found |= {one.name: _estimate(one) for one in said}
            yield kind.name, said

    def _built_upon(self, names: Collection[str]) -> list[type[Analyzer]]:
        """The analyzers of these names and those that they take inputs from, in plan order."""
        needed = set(names)
        for kind in reversed(self._plan):
            if kind.name in needed:
                needed |= {taken.source.partition(".")[0] for taken in kind.inputs.values()}
        return [kind for kind in self._plan if kind.name in needed]

    def _describe(self, kind: type[Analyzer], found: Mapping[str, Estimate]) -> tuple[Descriptor, ...]:
        if kind.name in self._failures:
            return _nothing(kind, Status.FAILED, self._failures[kind.name])
        self._on_turn(kind.name)
        try:
            analyzer = self._analyzers[kind.name]
            _give_inputs(analyzer, found)
            return _findings(kind, analyzer)
        except CannotDescribe as cannot:
            return _nothing(kind, cannot.status, cannot.reason)
        except Exception as error:
            return _nothing(kind, Status.FAILED, _sentence(error))


def _give_inputs(analyzer: Analyzer, found: Mapping[str, Estimate]) -> None:
    """Set the inputs; an estimate without a value counts as not known."""
    for name, taken in analyzer.inputs.items():
        estimate = found.get(taken.source)
        if estimate is None or estimate.value is None:
            if not taken.optional:
                why = f": {estimate.reason}" if estimate is not None and estimate.reason else ""
                status = Status.UNMEASURABLE if estimate is None else estimate.status
                raise CannotDescribe(f"{taken.source} is not known{why}", status)
            estimate = None
        setattr(analyzer, name, estimate)


def _findings(kind: type[Analyzer], analyzer: Analyzer) -> tuple[Descriptor, ...]:
    findings: dict[str, Descriptor] = {}
    for name, estimate in analyzer.describe():
        if name not in kind.outputs:
            raise CannotReport(f"{kind.name} reported {name}, which it does not declare")
        if name in findings:
            raise CannotReport(f"{kind.name} reported {name} twice")
        findings[name] = descriptor(kind, kind.outputs[name], estimate)
    weigh(kind.name, findings.values())
    return tuple(findings.values())


def _nothing(kind: type[Analyzer], status: Status, reason: str) -> tuple[Descriptor, ...]:
    """Every output of the analyzer, without a value, for one reason."""
    unknown = Estimate(None, status=status, reason=reason)
    return tuple(descriptor(kind, output, unknown) for output in kind.outputs.values())


def _estimate(known: Descriptor) -> Estimate:
    return Estimate(known.value, known.confidence, known.candidates, Status(known.status), known.reason)


def _sentence(error: Exception) -> str:
    return ": ".join(filter(None, (type(error).__name__, str(error))))
