"""Writing into the files of watch folders: previewed, applied, undone, and made whole after a crash."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from samplemind_daemon.library.writing import planning
from samplemind_daemon.library.writing.keeping import Keeping
from samplemind_daemon.library.writing.planning import Wants
from samplemind_daemon.library.writing.scribe import Scribe
from samplemind_daemon.library.writing.template import check_template
from samplemind_daemon.library.writing.values import TAGS
from samplemind_daemon.model import FileChange, Write, WritePlan, WriteState
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound, Unavailable, Untimely
from samplemind_daemon.store import Store, writes
from samplemind_daemon.store.moments import now

log = structlog.get_logger(__name__)

PLAN_LIFE, UNDO_LIFE = timedelta(hours=1), timedelta(days=7)
MOST_FILES = 5_000  # of a plan
STEP = 100  # plans that are forgotten at a time


class Writes:
    """All users' writes. Those of one user follow one after the other."""

    def __init__(self, store: Store, keeping: Keeping, scribe: Scribe, wants: Wants) -> None:
        self._store, self._keeping, self._scribe, self._wants = store, keeping, scribe, wants
        self._busy: set[str] = set()  # users
        self._at_work = asyncio.Event()
        self._ending = False

    async def preview(
        self, user: str, id: str, plan: WritePlan, audios: Sequence[str]
    ) -> tuple[Write, list[FileChange]]:
        """A plan under this id, with all that it would change. Raises Invalid."""
        check_plan(plan)
        if len(audios) > MOST_FILES:
            why = {"plan": f"it is of {len(audios):,} sounds"}
            raise Invalid("TOO_MANY_FILES", f"At most {MOST_FILES:,} files are written at once.", why)
        subjects = await self._store.read(planning.look, user, audios)
        made = await asyncio.to_thread(lambda: list(planning.changes(id, plan, subjects, self._wants)))
        write = await self._store.write(writes.add, id, user, plan, now() + PLAN_LIFE, made)
        return write, await self._store.read(writes.changes, id)

    async def apply(self, user: str, id: str) -> tuple[Write, list[FileChange]]:
        """Do what was previewed, file by file; the plan as it is then, and its files that were written or not.

        Where it was interrupted it goes on. Raises NotFound, Untimely past its hour, Exhausted while another of the
        user's is at work, Unavailable when the daemon ends.
        """
        async with self._alone(user):
            write = await self._find(user, id)
            left = await self._store.read(writes.changes, id, (WriteState.PLANNED,))
            if left:
                if write.expires_at < now():
                    raise Untimely(
                        "WRITE_EXPIRED", "This preview is more than an hour old: make another one."
                    )
                await self._store.write(writes.apply, id, now() + UNDO_LIFE)
            for change in left:
                self._go_on()
                await self._scribe.write(user, write.plan, change)
            ended = (WriteState.DONE, WriteState.FAILED, WriteState.REFUSED)
            return await self._find(user, id), await self._store.read(writes.changes, id, ended)

    async def undo(self, user: str, id: str) -> list[FileChange]:
        """Put the files back, the last one first; each as it is then, with a problem where it was not.

        Raises NotFound, Untimely where nothing was applied, Exhausted and Unavailable as `apply`.
        """
        async with self._alone(user):
            write = await self._find(user, id)
            if not write.applied:
                raise Untimely("NOT_APPLIED", "This plan was not applied: there is nothing to undo.")
            done = await self._store.read(writes.changes, id, (WriteState.DONE,), last_first=True)
            ended = []
            for change in done:
                self._go_on()
                ended.append(await self._scribe.undo(user, change))
            return ended

    async def recover(self) -> int:
        """Finish or take back whatever the daemon before this one was at; how many files it were."""
        left = await self._store.read(writes.open_changes)
        for change in left:
            user = await self._store.read(writes.owner, change.write)
            ended = await self._scribe.recover(user, change)
            log.warning(
                "a file was being written when the daemon ended", file=ended.write, state=str(ended.state)
            )
        return len(left)

    async def tidy(self) -> None:
        """Forget plans that are not good any more, and what is kept for nothing."""
        while old := await self._store.read(writes.expired, now(), STEP):
            await self._store.write(writes.forget, old)
            await asyncio.to_thread(self._keeping.drop, old)
        there = await asyncio.to_thread(self._keeping.there)
        known = await self._store.read(writes.known, there)
        await asyncio.to_thread(self._keeping.drop, there - known)

    async def close(self) -> None:
        """Begin with no other file, and wait for those that are being written."""
        self._ending = True
        while self._busy:
            self._at_work.clear()
            await self._at_work.wait()

    async def _find(self, user: str, id: str) -> Write:
        write = await self._store.read(writes.find, user, id)
        if write is None:
            raise NotFound("WRITE_NOT_FOUND", f"There is no plan {id[:60]!r}, or it is not kept any more.")
        return write

    @asynccontextmanager
    async def _alone(self, user: str) -> AsyncIterator[None]:
        if user in self._busy:
            raise Exhausted("WRITING", "Other files of yours are being written now.", retry_seconds=5)
        self._go_on()
        self._busy.add(user)
        try:
            yield
        finally:
            self._busy.discard(user)
            self._at_work.set()

    def _go_on(self) -> None:
        if self._ending:
            raise Unavailable("GOING_DOWN", "The daemon is going down; ask again soon.", retry_seconds=1)


def check_automatic(plan: WritePlan) -> None:
    """Raise Invalid unless a folder may be told to write this by itself; nothing is what most are told."""
    if plan:
        check_plan(plan)


def check_plan(plan: WritePlan) -> None:
    """Raise Invalid unless the plan says what to write, and only what can be."""
    if not plan:
        raise Invalid(
            "EMPTY_PLAN", "A plan has tags, a sidecar or a template.", {"plan": "it writes nothing"}
        )
    if unknown := sorted(set(plan.tags) - set(TAGS)):
        why = {"tags": f"there is no {unknown[0][:60]!r}"}
        raise Invalid("UNKNOWN_TAG", f"Tags are {', '.join(TAGS)}, not {unknown[0][:60]!r}.", why)
    if plan.template:
        check_template(plan.template)
