"""What the sounds of a library are compared with: one of them, or one that is heard for this and not kept."""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from samplemind_daemon.library.analyses import going_down, no_sound
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.model import OPEN, Audio, Profile, Result, State, Upload
from samplemind_daemon.refusals import Exhausted, Invalid, Unavailable, Untimely
from samplemind_daemon.store import Database, Store, profiles, sounds, vectors
from samplemind_daemon.work.failures import (
    CannotStart,
    CrewStopped,
    TaskFailed,
    TooMuchMemory,
    WorkerDied,
    WorkerStuck,
)
from samplemind_daemon.work.trials import Trials

MOST_AT_ONCE, MOST_OF_ONE = 8, 2  # samples that are heard or wait for it: of all users, of one
MOST_REMEMBERED = 200  # of all users
REMEMBERED_SECONDS = 600.0  # that a heard sample may be asked about again, with other weights say


@dataclass(frozen=True)
class Sample:
    """A sound to compare others with."""

    sha256: str
    profile: Profile


class Samples:
    """Finds samples; those that are not kept are heard in memory, and their uploads forgotten after that."""

    def __init__(self, store: Store, uploads: Uploads, trials: Trials) -> None:
        self._store, self._uploads, self._trials = store, uploads, trials
        self._heard: OrderedDict[tuple[str, str], tuple[float, Sample]] = OrderedDict()
        self._hearing: Counter[str] = Counter()  # by user

    async def stored(self, user: str, id: str) -> Sample:
        """A sound of the user; NotFound if there is no such one, Untimely if it has not been heard."""
        return await self._store.read(_stored, user, id)

    async def sent(self, user: str, upload: str) -> Sample:
        """An upload of the user whose bytes were all sent; its upload is forgotten, and what was heard is for a while.

        Raises NotFound, Untimely where bytes are missing or it is finished, Invalid where it cannot be heard,
        Exhausted where too many are heard, Unavailable where nobody can hear it. To cancel it ends the hearing.
        """
        if (known := self._recall(user, upload)) is not None:
            return known
        with self._place(user):
            found, path = await self._uploads.whole(user, upload)
            try:
                heard = await self._trials.hear(path, profiles.ANALYZERS)
            except CrewStopped:
                raise going_down() from None
            except (CannotStart, WorkerDied, WorkerStuck, TooMuchMemory) as broke:
                raise Unavailable(
                    broke.reason, f"The sample was not heard: {broke.message}.", retry_seconds=1
                ) from broke
            except TaskFailed as failed:
                await self._uploads.discard(found)
                why = {"sample": failed.message}
                raise Invalid(failed.reason, f"The sample cannot be heard: {failed.message}", why) from failed
        sample = self._remember(found, heard)
        await self._uploads.discard(found)
        return sample

    @contextmanager
    def _place(self, user: str) -> Iterator[None]:
        if self._hearing.total() >= MOST_AT_ONCE or self._hearing[user] >= MOST_OF_ONE:
            most = f"At most {MOST_OF_ONE} samples of a user are heard at a time, and {MOST_AT_ONCE} of all."
            raise Exhausted("TOO_MANY_SAMPLES", most, retry_seconds=1)
        self._hearing[user] += 1
        try:
            yield
        finally:
            self._hearing[user] -= 1
            self._hearing += Counter()  # users who wait for nothing go

    def _recall(self, user: str, upload: str) -> Sample | None:
        until, sample = self._heard.get((user, upload), (0.0, None))
        return sample if time.monotonic() < until else None

    def _remember(self, upload: Upload, heard: list[Result]) -> Sample:
        sample = Sample(upload.sha256, profiles.profile(profiles.columns(heard)))
        self._heard[upload.user, upload.id] = time.monotonic() + REMEMBERED_SECONDS, sample
        while len(self._heard) > MOST_REMEMBERED:
            self._heard.popitem(last=False)
        return sample


def _stored(db: Database, user: str, id: str) -> Sample:
    audio = sounds.find(db, user, id)
    if audio is None:
        raise no_sound(id)
    profile = vectors.find(db, audio)
    if profile is None:
        raise Untimely("NOT_ANALYSED", _why_not(audio))
    return Sample(audio.sha256, profile)


def _why_not(audio: Audio) -> str:
    if audio.state in OPEN or audio.state is State.UPLOADED:
        return f"{audio.name!r} has not been analysed yet."
    return f"{audio.name!r} has not been analysed{f': {audio.problem.message}' if audio.problem else '.'}"
