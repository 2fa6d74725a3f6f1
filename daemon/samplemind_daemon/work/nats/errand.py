"""One job at a worker, from the hint to the report."""

import asyncio
from functools import partial
from uuid import uuid4

import structlog
from structlog.contextvars import bind_contextvars

from samplemind_daemon.origin import ORIGIN
from samplemind_daemon.work.hearings import Hearings
from samplemind_daemon.work.local_engine import CHANGES, TRIES
from samplemind_daemon.work.nats.clerk import Clerk
from samplemind_daemon.work.nats.exchange import NoAnswer
from samplemind_daemon.work.nats.messages import Answer, Given, Later
from samplemind_daemon.work.nats.pieces import Pieces
from samplemind_daemon.work.nats.stream import Hint
from samplemind_daemon.work.order import Order
from samplemind_daemon.work.outcome import Broke, Outcome, Outdated, Unheard
from samplemind_daemon.work.rest import Rest

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0  # between attempts to ask
DECLINED_SECONDS = 5.0  # before a job that cannot be done here is offered again


class Errand:
    """A job that is done here, if a daemon gives it out. To cancel `run` ends it at once."""

    def __init__(self, hint: Hint, clerk: Clerk, hearings: Hearings, pieces: Pieces, rest: Rest) -> None:
        self._hint, self._clerk, self._hearings, self._pieces, self._rest = (
            hint,
            clerk,
            hearings,
            pieces,
            rest,
        )
        self.job, self.lane, self.token = hint.job, hint.lane, str(uuid4())
        self._order: Order | None = None

    @property
    def is_begun(self) -> bool:
        """Whether a daemon has given it out."""
        return self._order is not None

    async def run(self) -> None:
        """Do the job, and tell what came of it until somebody has written it down."""
        try:
            given = await self._begin()
            if given is None:
                return
            self._order = order = given.order
            ORIGIN.set(order.origin)
            bind_contextvars(**order.origin.ids, job=order.job, audio=order.audio)
            log.info("a job is begun", attempt=order.attempt, lane=order.lane)
            outcome = await self._hear(given)
            if isinstance(outcome, Unheard):
                log.error("a job cannot be done here now", why=outcome.why)
                self._rest.begin()
            else:
                self._rest.forget()
            counts = await self._clerk.report(order, outcome)
            log.info("a job ended", outcome=type(outcome).__name__.lower(), counts=counts)
        finally:
            self._pieces.forget(self.token)

    async def give_back(self) -> None:
        """Let the job wait again as if it had never been started."""
        if self._order is not None:
            await self._clerk.report(self._order, Unheard("the worker ends"))

    async def _begin(self) -> Given | None:
        """The order, if there is something to do. The hint is settled, or left to others."""
        answer = await self._ask()
        if answer is None or isinstance(answer, Later):
            await self._hint.decline(DECLINED_SECONDS)
            return None
        await self._hint.settle()
        return answer if isinstance(answer, Given) else None

    async def _ask(self) -> Answer | None:
        """What a daemon says; None if none does. The right may have been given and the answer lost: asked again by
        the same token, it is given again.
        """
        for _ in range(TRIES):
            try:
                return await self._clerk.begin(self.job, self.token)
            except NoAnswer as nobody:
                log.warning("no daemon says what is to be done", why=str(nobody))
            await asyncio.sleep(AGAIN_SECONDS)
        self._rest.begin()
        return None

    async def _hear(self, given: Given) -> Outcome:
        """What comes of the job; where the plugins or the file change meanwhile, it is begun anew."""
        for _ in range(TRIES):
            self._pieces.know(given)
            try:
                outcome = await self._hearings.hear(given.order, partial(self._clerk.say, given.order))
            except Exception as bug:
                log.exception("a job went wrong")
                return Broke("INTERNAL", f"It could not be done here: {type(bug).__name__}.")
            if not isinstance(outcome, Outdated):
                return outcome
            again = await self._ask()
            if not isinstance(again, Given):
                return outcome
            given = again
        return CHANGES
