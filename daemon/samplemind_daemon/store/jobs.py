"""Jobs: rows that outlive the daemon. A lease gives the right to work on one; its token fences every write.

A sound has one open job at most, and a content is never heard by two workers at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from peewee import Value, fn

from samplemind_daemon.failpoint import reach
from samplemind_daemon.model import OPEN, Audio, Job, Lane, Lease, Media, Problem, Result, State
from samplemind_daemon.store import catalogue, events, job_changes, queue, results, sounds, turns
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Jobs

_WITH_ID = Prepared(Jobs.select().where(Jobs.id == Given("id")))
_OPEN_ON = Prepared(Jobs.select().where(Jobs.open_audio == Given("audio")))
LEASE = timedelta(seconds=30)  # renewed every few seconds by whoever holds it
PAUSES = (timedelta(seconds=1), timedelta(seconds=10))  # after the first crash, the second; then no more


def add(db: Database, audio: Audio, lane: Lane = Lane.BATCH, everything: bool = False, id: str = "") -> Job:
    """Queue a sound under this id, once: the same id again, or a job still open, is answered as it is.

    An interactive wish moves an open job ahead of the batches.
    """
    if id and (same := find(db, audio.user, id)) is not None:
        return same
    if (known := open_on(db, audio.id)) is not None:
        wishes: dict[str, Any] = {}
        if lane is Lane.INTERACTIVE and known.lane is not lane:
            wishes = {"lane": lane, "turn": turns.following(db, audio.user, lane)}
        if known.state is State.QUEUED:  # the content may have changed while it waited
            wishes |= {"sha256": audio.sha256} | ({"everything": True} if everything else {})
            if audio.sha256 != known.sha256:  # what it waited for is there
                wishes["not_before"] = now()
        if wishes:
            Jobs.update(**wishes).where(Jobs.id == known.id).execute(db)
        return _one(db, known.id)
    moment, id = now(), id or str(uuid4())
    Jobs.insert(
        id=id, user=audio.user, audio=audio.id, open_audio=audio.id, sha256=audio.sha256, state=State.QUEUED,
        lane=lane, everything=everything, created_at=moment, not_before=moment,
        turn=turns.following(db, audio.user, lane),
    ).execute(db)  # fmt: skip
    db.origins.keep(id)
    job = _one(db, id)
    events.record(db, audio.user, "audio.queued", sounds.move(db, audio, State.QUEUED), job)
    return job


def claim(db: Database, lanes: Sequence[Lane]) -> Lease | None:
    """Take the next job of these lanes, in this order, or None if there is none to do now."""
    for lane in lanes:
        if found := queue.due(db, lane, now(), 1):
            return take(db, found[0], str(uuid4()))
    return None


def take(db: Database, id: str, token: str) -> Lease:
    """Take this very job."""
    moment = now()
    job_changes.TAKE.run(db, id=id, token=token, moment=moment, until=moment + LEASE)
    tell(db, id, State.PROCESSING, None)
    reach("job.claimed")
    return Lease(_one(db, id), token)


def known(db: Database, ids: Collection[str]) -> set[str]:
    """Which of these jobs there are."""
    return {id for (id,) in Jobs.select(Jobs.id).where(Jobs.id.in_(list(ids))).tuples().execute(db)}


def extend(db: Database, tokens: Collection[str]) -> None:
    """Renew leases that are still held."""
    held = (Jobs.state == State.PROCESSING) & Jobs.lease.in_(list(tokens))
    Jobs.update(lease_expires_at=now() + LEASE).where(held).execute(db)


def keep(db: Database, lease: Lease, media: Media | None, found: Sequence[Result]) -> bool:
    """Keep what was found so far; False, and nothing kept, if the lease is lost."""
    if not _holds(db, lease):
        return False
    if media is not None:
        sounds.describe(db, lease.job.sha256, media)
    results.keep(db, lease.job.sha256, found)
    catalogue.hear(db, lease.job.sha256, found)
    return True


def complete(db: Database, lease: Lease, media: Media | None, found: Sequence[Result]) -> bool:
    """Keep what was found and end the job, in one; False, and nothing kept, if the lease is lost."""
    if not keep(db, lease, media, found):
        return False
    _end(db, lease.job.id, State.COMPLETED, None)
    reach("job.recorded")
    return True


def fail(db: Database, lease: Lease, problem: Problem) -> bool:
    """End the job with a problem of the sound's own; False if the lease is lost."""
    if _holds(db, lease):
        _end(db, lease.job.id, State.FAILED, problem)
        return True
    return False


def crash(db: Database, lease: Lease, problem: Problem) -> bool:
    """Note that the sound broke its worker: it is tried again after a pause, or quarantined in the end."""
    if not _holds(db, lease):
        return False
    crashes = Jobs.select(Jobs.crashes).where(Jobs.id == lease.job.id).scalar(db) + 1
    turn = turns.current(db, lease.job.lane)  # an early one would let whoever comes next begin as early
    Jobs.update(crashes=crashes, turn=turn).where(Jobs.id == lease.job.id).execute(db)
    if crashes > len(PAUSES):
        _end(db, lease.job.id, State.QUARANTINED, problem)
    else:
        requeue(db, [lease.job.id], now() + PAUSES[crashes - 1])
    return True


def put_back(db: Database, lease: Lease, not_before: datetime | None = None) -> bool:
    """Queue the job again as if it had never been started, until that moment if one is given."""
    if not _holds(db, lease):
        return False
    Jobs.update(attempts=Jobs.attempts - 1).where(Jobs.id == lease.job.id).execute(db)
    requeue(db, [lease.job.id], not_before)
    reach("job.released")
    return True


def catch_up(db: Database, lease: Lease) -> bool:
    """Queue the job again if its sound has got another content meanwhile; whether it has."""
    audio = sounds.find(db, lease.job.user, lease.job.audio)
    if audio is None or audio.sha256 == lease.job.sha256 or not _holds(db, lease):
        return False
    Jobs.update(sha256=audio.sha256).where(Jobs.id == lease.job.id).execute(db)
    requeue(db, [lease.job.id])
    return True


def cancel(db: Database, user: str, audio: str) -> Job | None:
    """End the user's open job on a sound; None if there is none. A worker's lease is void from here on."""
    job = open_on(db, audio)
    if job is None or job.user != user:
        return None
    _end(db, job.id, State.CANCELLED, Problem("CANCELLED", "It was cancelled."))
    return _one(db, job.id)


def recover(db: Database, expired_only: bool = True) -> int:
    """Queue again what a dead daemon, or a lost holder, left in work; how many jobs it were."""
    lost = Jobs.state == State.PROCESSING
    if expired_only:
        lost &= Jobs.lease_expires_at < now()
    ids = [id for (id,) in Jobs.select(Jobs.id).where(lost).tuples().execute(db)]
    requeue(db, ids)
    return len(ids)


def follow_clock(db: Database) -> int:
    """Bring jobs that wait for a time no pause can reach back to now, in their order: the clock was set back.

    How many jobs it were.
    """
    moment, moved = now(), 0
    for lane in Lane:
        waiting = (Jobs.state == State.QUEUED) & (Jobs.lane == lane)
        latest = Jobs.select(fn.MAX(Jobs.not_before)).where(waiting).scalar(db)
        if latest is None or latest <= moment + PAUSES[-1] + LEASE:
            continue
        ahead = (latest - moment) // timedelta(microseconds=1)
        late = waiting & (Jobs.not_before > moment)
        moved += (
            Jobs.update(not_before=Jobs.not_before - Value(ahead, converter=False)).where(late).execute(db)
        )
    return moved


def find(db: Database, user: str, id: str) -> Job | None:
    """The user's job, if there is such a one."""
    row = _WITH_ID.row(db, id=id)
    return _job(row) if row and row.user == user else None


def latest_on(db: Database, audio: str) -> Job | None:
    """The last job on a sound."""
    row = Jobs.select().where(Jobs.audio == audio).order_by(Jobs.created_at.desc()).first(db)
    return _job(row) if row else None


def latest_on_many(db: Database, audios: Sequence[str]) -> dict[str, Job]:
    """The last job on each of up to 1,000 sounds."""
    rows = Jobs.select().where(Jobs.audio.in_(list(audios))).order_by(Jobs.created_at).execute(db)
    return {row.audio: _job(row) for row in rows}


def open_on(db: Database, audio: str) -> Job | None:
    """The job on a sound that is still to be done."""
    row = _OPEN_ON.row(db, audio=audio)
    return _job(row) if row else None


def ahead(db: Database, job: Job) -> int:
    """How many queued jobs would be taken before this one."""
    mine = Jobs.select(Jobs.turn, Jobs.not_before).where(Jobs.id == job.id).get(db)
    before = (Jobs.turn < mine.turn) | ((Jobs.turn == mine.turn) & (Jobs.not_before < mine.not_before))
    before &= (Jobs.lane == job.lane) & (Jobs.turn <= mine.turn)  # the latter for the index
    if job.lane is Lane.BATCH:
        before |= Jobs.lane == Lane.INTERACTIVE
    return int(Jobs.select().where((Jobs.state == State.QUEUED) & before).count(db))


def count_open(db: Database, user: str) -> int:
    """How many of the user's jobs are still to be done."""
    return int(Jobs.select().where((Jobs.user == user) & Jobs.state.in_(sorted(OPEN))).count(db))


def count_states(db: Database, user: str) -> dict[str, int]:
    """How many of the user's jobs are in each state."""
    query = Jobs.select(Jobs.state, fn.COUNT(Jobs.id)).where(Jobs.user == user).group_by(Jobs.state)
    return dict(query.tuples().execute(db))


def next_due(db: Database) -> datetime | None:
    """When the next queued job that must wait may start."""
    moment, found = now(), []
    for lane in Lane:
        waiting = (Jobs.state == State.QUEUED) & (Jobs.lane == lane) & (Jobs.not_before > moment)
        found += Jobs.select(Jobs.not_before).where(waiting).order_by(Jobs.not_before).limit(1).execute(db)
    return min((one.not_before for one in found), default=None)


def held(db: Database, id: str, token: str) -> Lease | None:
    """The right to work on a job, if this token still gives it."""
    row = _WITH_ID.row(db, id=id)
    return Lease(_job(row), token) if row and row.lease == token and row.state == State.PROCESSING else None


def _holds(db: Database, lease: Lease) -> bool:
    return held(db, lease.job.id, lease.token) is not None


def _end(db: Database, id: str, state: State, problem: Problem | None) -> None:
    job_changes.END.run(db, id=id, state=state, moment=now(), **_why(problem))
    tell(db, id, state, problem)


def requeue(db: Database, ids: Sequence[str], not_before: datetime | None = None) -> None:
    """Let jobs wait again: until that moment, or where they stood before they were taken."""
    for id in ids:
        Jobs.update(
            state=State.QUEUED, not_before=not_before or Jobs.not_before, lease=None, lease_expires_at=None
        ).where(Jobs.id == id).execute(db)  # fmt: skip
        tell(db, id, State.QUEUED, None)


def tell(db: Database, id: str, state: State, problem: Problem | None) -> None:
    """Put the job's sound into the same state, and record it as an event."""
    job = _one(db, id)
    if (audio := sounds.find(db, job.user, job.audio)) is not None:
        audio = sounds.move(db, audio, state, problem)
        events.record(db, job.user, f"audio.{state}", audio, job, problem=problem)


def _why(problem: Problem | None) -> dict[str, str]:
    reason, message = (problem.reason, problem.message) if problem else ("", "")
    return {"reason": reason, "message": message}


def _one(db: Database, id: str) -> Job:
    return _job(_WITH_ID.row(db, id=id))


def _job(row: Any) -> Job:
    return Job(
        id=row.id,
        user=row.user,
        audio=row.audio,
        sha256=row.sha256,
        state=State(row.state),
        lane=Lane(row.lane),
        attempts=row.attempts,
        crashes=row.crashes,
        everything=row.everything,
        problem=Problem(row.reason, row.message) if row.reason else None,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
