"""One order, from the bytes to the outcome. It takes a crew, and no database."""

from collections.abc import Callable, Sequence

import structlog

from samplemind_daemon.model import Descriptor, Media, Result
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.tally import NOBODY, Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import (
    CannotStart,
    CrewStopped,
    TaskFailed,
    TooMuchMemory,
    WorkerDied,
    WorkerStuck,
)
from samplemind_daemon.work.live import Hearing
from samplemind_daemon.work.order import Order, Part
from samplemind_daemon.work.outcome import Broke, Failed, Heard, Outcome, Outdated, Unheard, Unsettled
from samplemind_daemon.work.protocol import Found, Progress, Task
from samplemind_daemon.work.sources import Bytes, NotSettled, TakenInAgain

log = structlog.get_logger(__name__)

Say = Callable[[Hearing | Result], None]  # what is told while a sound is heard


class OtherPlugins(Exception):
    """The worker has other plugins than those that the order was made for."""


class Hearings:
    """Has sounds heard by the crew, one order at a time for whoever calls."""

    def __init__(self, crew: Crew, bytes: Bytes, tally: Tally = NOBODY) -> None:
        self._crew, self._bytes, self._tally = crew, bytes, tally

    async def hear(self, order: Order, say: Say) -> Outcome:
        """Do what is ordered; progress and findings are said as they come. To cancel it ends the hearing at once."""
        try:
            return Heard(*await self._find_out(order, order.parts, say))
        except (CannotStart, CrewStopped) as nobody:
            return Unheard(str(nobody))
        except (Exhausted, Unavailable) as short:  # no fault of the sound
            return Unheard(short.message)
        except NotSettled:
            return Unsettled()
        except (OtherPlugins, TakenInAgain):
            return Outdated()
        except (WorkerDied, WorkerStuck, TooMuchMemory) as broke:
            return await self._make_good(order, broke, say)
        except TaskFailed as failed:
            return Failed(failed.reason, failed.message)

    async def _make_good(self, order: Order, broke: TaskFailed, say: Say) -> Broke:
        """How a worker broke, and, where there is no other try, what all others find."""
        log.warning(
            "a sound broke its worker",
            attempt=order.attempt,
            reason=broke.reason, why=broke.message, stderr=broke.details,
        )  # fmt: skip
        self._tally.broke(broke.analyzer)
        why = f"{broke.message} while {broke.analyzer} was at work" if broke.analyzer else broke.message
        if not broke.analyzer or not order.is_last:
            return Broke(broke.reason, why, broke.analyzer)
        return Broke(broke.reason, why, broke.analyzer, *await self._others(order, broke.analyzer, say))

    async def _others(self, order: Order, culprit: str, say: Say) -> tuple[Media | None, tuple[Result, ...]]:
        """What all find that do not build upon the analyzer that breaks its workers."""
        try:
            return await self._find_out(order, order.without(culprit), say)
        except (TaskFailed, CrewStopped, NotSettled, OtherPlugins, TakenInAgain, Exhausted, Unavailable):
            return None, ()  # there is more that is wrong with it

    async def _find_out(
        self, order: Order, parts: Sequence[Part], say: Say
    ) -> tuple[Media | None, tuple[Result, ...]]:
        if not parts:
            return None, ()
        by_name = {part.analyzer: part for part in parts}
        async with self._bytes.at_hand(order) as path:
            try:
                heard = await self._crew.run(
                    _task(order, parts, path),
                    order.lane,
                    lambda message: self._pass_on(by_name, message, say),
                )
            except TaskFailed as failed:
                if failed.reason == "NO_ANALYZER":
                    raise OtherPlugins from failed
                raise
        return heard.media, tuple(_result(by_name[name], found) for name, found in heard.found.items())

    def _pass_on(self, parts: dict[str, Part], message: Progress | Found, say: Say) -> None:
        if isinstance(message, Progress):
            return say(Hearing(message.fraction))
        failed = any(one.status == "failed" for one in message.descriptors)
        self._tally.heard(message.analyzer, message.took_seconds, failed)
        if failed:
            log.warning("an analyzer failed", analyzer=message.analyzer, why=_why(message))
        if (result := _found(parts[message.analyzer], message.descriptors)) is not None:
            say(result)


def _task(order: Order, parts: Sequence[Part], path: str) -> Task:
    todo = tuple(part.analyzer for part in parts)
    settings = {part.analyzer: part.settings for part in parts}
    ids = {name: str(value) for name, value in structlog.contextvars.get_contextvars().items()}
    return Task(path, todo, settings, order.known, order.longest_seconds, order.attachments, ids)


def _result(part: Part, descriptors: tuple[Descriptor, ...]) -> Result:
    found = _found(part, descriptors)
    if found is None:
        raise OtherPlugins
    return found


def _found(part: Part, descriptors: tuple[Descriptor, ...]) -> Result | None:
    """What was found, marked as ordered; None if another version of the analyzer has found it."""
    if any(one.version != part.version for one in descriptors):
        return None
    return Result(part.analyzer, part.version, part.fingerprint, descriptors)


def _why(message: Found) -> str:
    return next((one.reason for one in message.descriptors if one.status == "failed"), "")
