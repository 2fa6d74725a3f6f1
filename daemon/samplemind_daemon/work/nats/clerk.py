"""The clerk of a worker: asks daemons, and knows what of theirs is not to be had here."""

import asyncio

import structlog

from samplemind_daemon.model import Catalogue, Result
from samplemind_daemon.work.attachments import Attachments
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.live import Hearing
from samplemind_daemon.work.nats import messages, updates
from samplemind_daemon.work.nats.exchange import Exchange, NoAnswer
from samplemind_daemon.work.nats.messages import AGAIN, LOST, Answer, Begin, Later, Report
from samplemind_daemon.work.order import Order
from samplemind_daemon.work.outcome import Outcome
from samplemind_daemon.work.protocol import CannotUnderstand
from samplemind_daemon.work.recipes import offered

log = structlog.get_logger(__name__)

REPORT_SECONDS = 1.0  # between attempts to tell what came of a job
MOST_SAID = 1_000  # lacks that the log has, once each


class Clerk:
    """Speaks for the worker on this host."""

    def __init__(self, exchange: Exchange, crew: Crew, host: str) -> None:
        self._exchange, self._place, self._crew, self._host = exchange, exchange.place, crew, host
        self._offered: tuple[Catalogue, dict[str, str]] | None = None
        self._attachments, self._files = Attachments(), dict[str, str]()
        self._lacks: set[str] = set()
        self._telling: set[asyncio.Task[None]] = set()

    async def begin(self, job: str, token: str) -> Answer:
        """What a daemon says of a job; NoAnswer if none does."""
        question = Begin(job, token, self._host, self._prints(), self._files)
        answer = await self._exchange.ask(self._place.begin, messages.encode_begin(question))
        try:
            said = messages.decode_answer(answer)
        except CannotUnderstand as strange:
            raise NoAnswer(f"the answer is not understood: {strange}") from None
        if isinstance(said, Later):
            await self._learn(said)
        return said

    async def report(self, order: Order, outcome: Outcome) -> bool:
        """Tell what came of a job until a daemon has written it down; False if nobody wants it any more."""
        text = messages.encode_report(Report(order.job, order.token, order.origin, outcome))
        while True:
            try:
                answer = await self._exchange.ask(self._place.outcome, text)
                if answer != AGAIN:
                    return answer != LOST
            except NoAnswer as nobody:
                log.warning("no daemon takes what was heard; it is told again", why=str(nobody))
            await asyncio.sleep(REPORT_SECONDS)

    async def renew(self, tokens: list[str]) -> list[str]:
        """Which of these tokens give a right no more; the others' is good for half a minute from now on."""
        try:
            answer = await self._exchange.ask(self._place.renew, messages.encode_tokens(tokens))
            return messages.decode_tokens(answer)
        except CannotUnderstand as strange:
            raise NoAnswer(f"the answer is not understood: {strange}") from None

    def say(self, order: Order, update: Hearing | Result) -> None:
        """Let whoever follows the sound know."""
        if (text := updates.encode(update)) is not None and len(self._telling) < MOST_SAID:
            task = asyncio.get_running_loop().create_task(
                self._exchange.tell(self._place.live(order.audio), text)
            )
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def look(self) -> None:
        """See how the files are now that daemons have asked for."""
        self._files = await asyncio.to_thread(self._attachments.digests, list(self._files))

    async def _learn(self, later: Later) -> None:
        """Say once what is lacking, and look at the files that are needed besides."""
        if later.why not in self._lacks and len(self._lacks) < MOST_SAID:
            self._lacks.add(later.why)
            log.warning("this worker cannot do these jobs as it is", lacks=later.why)
        self._files = await asyncio.to_thread(self._attachments.digests, later.files)

    def _prints(self) -> dict[str, str]:
        """What the analyzers here are, by name."""
        catalogue = self._crew.catalogue
        if self._offered is None or self._offered[0] != catalogue:
            self._offered = catalogue, offered(catalogue)
        return self._offered[1]
