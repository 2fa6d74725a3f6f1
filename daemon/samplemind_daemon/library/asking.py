"""What a wish to have sounds analysed comes to: a job, new or known."""

from collections.abc import Sequence
from datetime import datetime

from samplemind_daemon.model import OPEN, Audio, Job, Lane, State
from samplemind_daemon.refusals import Exhausted, Untimely
from samplemind_daemon.store import Database, answers, jobs, results, sounds
from samplemind_daemon.store.moments import now
from samplemind_daemon.work.recipes import Recipe


def first_made(db: Database, user: str, request: str, method: str) -> datetime:
    """When the user first made a request whose answer is a stream: now, unless it is a retry within a day.

    Raises Untimely where the request's id was used for another call.
    """
    moment = now()
    if not request:
        return moment
    if (known := answers.find(db, user, request)) is None:
        answers.keep(db, user, request, f"{method} moment", moment.isoformat().encode())
        return moment
    if known[0] != f"{method} moment":
        raise Untimely("REQUEST_ID_REUSED", f"The request_id {request} was used for another call.")
    return datetime.fromisoformat(known[1].decode())


def ask(
    db: Database, user: str, ids: Sequence[str], lane: Lane, began: datetime, recipe: Recipe, most: int
) -> dict[str, Job]:
    """The job that answers the wish, made at `began`, for each of the user's sounds among these.

    That is the open one, or the last one if it ended since the wish was made or if there is nothing
    to be done, or a new one. Raises Exhausted where the user would have more than `most` open.
    """
    found = sounds.find_many(db, user, ids)
    last = jobs.latest_on_many(db, list(found))
    count, answered = jobs.count_open(db, user), {}
    for audio in found.values():
        job = last.get(audio.id)
        if job is None or not _answers(db, job, audio, began, recipe):
            if job is None or job.state not in OPEN:
                room_for_one(count, most)
                count += 1
            job = jobs.add(db, audio, lane)
        answered[audio.id] = job
    return answered


def room_for_one(count: int, most: int) -> None:
    """Return if one more job may be open beside `count`; Exhausted if not."""
    if count >= most:
        raise Exhausted("TOO_MANY_JOBS", f"At most {most} sounds can wait.", retry_seconds=60)


def _answers(db: Database, job: Job, audio: Audio, began: datetime, recipe: Recipe) -> bool:
    """Whether the last job on a sound leaves nothing to be done."""
    if job.finished_at is None:
        return False
    if job.finished_at >= began or job.state is State.QUARANTINED:
        return True
    if job.state is not State.COMPLETED or job.sha256 != audio.sha256:
        return False
    return not recipe.todo(recipe.fresh(results.prints(db, audio.sha256), audio.media))
