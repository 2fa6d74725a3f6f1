"""The desk: where a daemon answers workers. What it says is in the database, or is written into it."""

import asyncio
import os

import structlog
from structlog.contextvars import bound_contextvars

from samplemind_daemon.model import Lease
from samplemind_daemon.origin import ORIGIN
from samplemind_daemon.refusals import Exhausted, Unavailable
from samplemind_daemon.store import Database, Store, files, jobs, queue, sounds
from samplemind_daemon.store.blobs import Blobs
from samplemind_daemon.store.moments import now
from samplemind_daemon.work import outcome
from samplemind_daemon.work.books import Books
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.nats import messages
from samplemind_daemon.work.nats.dispatcher import Dispatcher
from samplemind_daemon.work.nats.exchange import Exchange
from samplemind_daemon.work.nats.messages import AGAIN, COUNTED, LOST, Begin, Given, Later, Over
from samplemind_daemon.work.nats.pieces import PIECE_BYTES, refused, served
from samplemind_daemon.work.order import Order
from samplemind_daemon.work.outcome import Failed, Outdated, Unsettled
from samplemind_daemon.work.recipes import Recipes
from samplemind_daemon.work.sources import NotSettled, Sources, TakenInAgain

log = structlog.get_logger(__name__)

QUEUE = "daemons"
URL_SECONDS = 600.0  # that an address of a content is good for


class Desk:
    """Answers workers: which job, whether it is still wanted, its bytes, and what came of it."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        recipes: Recipes,
        books: Books,
        dispatcher: Dispatcher,
        instance: str,
    ) -> None:
        self._store, self._blobs, self._recipes, self._books = store, blobs, recipes, books
        self._dispatcher, self._instance = dispatcher, instance
        self._sources = Sources(store, blobs)
        self._turned_away: set[tuple[str, str]] = set()  # who was, and why, as the log has it already

    async def open(self, exchange: Exchange) -> None:
        """Answer from now on, in turns with the other daemons."""
        place = exchange.place
        await exchange.answer(place.begin, self._begin, QUEUE)
        await exchange.answer(place.renew, self._renew, QUEUE)
        await exchange.answer(place.outcome, self._report, QUEUE)
        await exchange.answer(place.content(self._instance), self._piece, packed=False)

    def close(self) -> None:
        """Look at no more files."""
        self._sources.close()

    async def _begin(self, text: bytes) -> bytes:
        asked = messages.decode_begin(text)
        if (later := self._lacking(asked)) is not None:
            return messages.encode_answer(later)
        lease = await self._store.write(_take, asked.job, asked.token)
        self._dispatcher.forget(asked.job)
        if lease is None:
            return messages.encode_answer(Over())
        origin = self._store.origin(lease.job.id).step()
        ORIGIN.set(origin)
        with bound_contextvars(**origin.ids, job=lease.job.id, audio=lease.job.audio):
            try:
                order = await self._books.begin(lease, origin)
            except (Exhausted, Unavailable):
                await self._books.put_back(lease)
                raise
            except Exception as bug:
                log.exception("a job went wrong")
                await self._books.give_up(lease, bug)
                order = None
        if order is None:
            return messages.encode_answer(Over())
        return messages.encode_answer(Given(order, *await self._whereabouts(order)))

    async def _whereabouts(self, order: Order) -> tuple[str, str]:
        """The address of the bytes, "" where they have none, and the daemon on whose disk they are otherwise."""
        audio = await self._store.read(sounds.find, order.user, order.audio)
        if audio is None or audio.folder is None:
            url = await self._blobs.run(self._blobs.url, order.sha256, URL_SECONDS)
            return url or "", self._instance
        return "", await self._store.read(files.machine, audio) or self._instance

    def _lacking(self, asked: Begin) -> Later | None:
        """Why this worker would find something else than the daemons say is to be found; None if it would not."""
        recipe = self._recipes.current
        other = sorted(name for name, print in recipe.prints.items() if asked.prints.get(name) != print)
        wanted = sorted(recipe.digests)
        if not other and all(asked.files.get(path) == recipe.digests[path] for path in wanted):
            return None
        why = (
            f"other versions of {', '.join(other[:10])}"
            if other
            else f"not the same in {', '.join(wanted[:10])}"
        )
        if (asked.host, why) not in self._turned_away and len(self._turned_away) < 1_000:
            self._turned_away.add((asked.host, why))
            log.warning(
                "a worker is given no jobs: it has other plugins or files", host=asked.host, lacks=why
            )
        return Later(why, tuple(wanted[: messages.MOST_NAMES]))

    async def _renew(self, text: bytes) -> bytes:
        tokens = messages.decode_tokens(text)
        held = await self._store.write(_extend, tokens)
        return messages.encode_tokens([token for token in tokens if token not in held])

    async def _report(self, text: bytes) -> bytes:
        report = messages.decode_report(text)
        lease = await self._store.read(jobs.held, report.job, report.token)
        if lease is None:
            return LOST
        ORIGIN.set(report.origin)
        with bound_contextvars(**report.origin.ids, job=lease.job.id, audio=lease.job.audio):
            try:
                await self._books.enter(lease, report.outcome)
            except (Exhausted, Unavailable) as full:  # no fault of the sound
                log.error("what was heard could not be kept", why=full.message)
                return AGAIN
            except Exception as bug:
                log.exception("a job went wrong")
                await self._books.give_up(lease, bug)
        self._dispatcher.forget(report.job)
        return COUNTED

    async def _piece(self, text: bytes) -> bytes:
        """A piece of the bytes of a sound that is at work; what the outcome is where they cannot be had."""
        wanted = messages.decode_piece(text)
        lease = await self._store.read(jobs.held, wanted.job, wanted.token)
        if lease is None:
            return refused(outcome.encode(Outdated()))
        try:
            return served(await self._read(lease, wanted.offset, min(wanted.length, PIECE_BYTES)))
        except TaskFailed as failed:
            return refused(outcome.encode(Failed(failed.reason, failed.message)))
        except NotSettled:
            return refused(outcome.encode(Unsettled()))
        except TakenInAgain:
            return refused(outcome.encode(Outdated()))

    async def _read(self, lease: Lease, offset: int, length: int) -> bytes:
        audio = await self._store.read(sounds.find, lease.job.user, lease.job.audio)
        if audio is None or audio.sha256 != lease.job.sha256:
            raise TakenInAgain
        source = await self._sources.source(audio)
        await self._sources.check(source, audio)
        if not source.path:
            raise TaskFailed("SOURCE_GONE", f"The bytes of {audio.name!r} are not kept as a file.")
        return await asyncio.to_thread(_cut, source.path, offset, length)


def _take(db: Database, job: str, token: str) -> Lease | None:
    """The right to a job by this token, which may have been given already; None if it is not to be begun now."""
    if (lease := jobs.held(db, job, token)) is not None:
        return lease
    return jobs.take(db, job, token) if queue.is_due(db, job, now()) else None


def _extend(db: Database, tokens: list[str]) -> set[str]:
    jobs.extend(db, tokens)
    return queue.at_work(db, tokens)


def _cut(path: bytes, offset: int, length: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return os.pread(file.fileno(), length, offset)
    except OSError as error:
        raise TaskFailed("SOURCE_GONE", f"The file cannot be read: {error.strerror}.") from None
