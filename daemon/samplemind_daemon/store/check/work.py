"""I1 and I3: what was accepted is there and gets done, and nobody holds a job without a lease."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from peewee import JOIN

from samplemind_daemon.model import OPEN, State
from samplemind_daemon.store import jobs, sounds
from samplemind_daemon.store.check.fault import Fault
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Audios, Contents, Events, Jobs, Uploads


def faults(db: Database) -> Iterator[Fault]:
    """Sounds that are lost, or wait for nothing; jobs on nothing, or in nobody's hands."""
    return chain(_nameless(db), _lost(db), _jobless(db), _soundless(db), _unheld(db), _misfiled(db))


def _nameless(db: Database) -> Iterator[Fault]:
    query = Audios.select(Audios.id, Audios.sha256, Audios.size).join(
        Contents, JOIN.LEFT_OUTER, on=(Contents.sha256 == Audios.sha256)
    )
    for id, sha256, size in query.where(Contents.sha256.is_null()).tuples().execute(db):
        yield Fault(
            "I1", f"sound {id}", f"its content {sha256} is not known", partial(_introduce, sha256, size)
        )


def _introduce(sha256: str, size: int, db: Database) -> str:
    sounds.introduce(db, sha256, size)
    return "its content is known again"


def _lost(db: Database) -> Iterator[Fault]:
    """Uploads that were answered with a sound which is gone although nobody deleted it."""
    deleted = {
        id for (id,) in Events.select(Events.audio).where(Events.kind == "audio.deleted").tuples().execute(db)
    }
    query = Uploads.select(Uploads.id, Uploads.name, Uploads.audio).join(
        Audios, JOIN.LEFT_OUTER, on=(Audios.id == Uploads.audio)
    )
    gone = query.where(Uploads.audio.is_null(False) & Audios.id.is_null())
    for id, name, audio in gone.tuples().execute(db):
        if audio not in deleted:
            yield Fault("I1", f"upload {id}", f"its sound {audio} ({name!r}) is gone and was never deleted")


def _jobless(db: Database) -> Iterator[Fault]:
    """Sounds in a state that their open job is not in, or that wait without one."""
    query = Audios.select(Audios.id, Audios.user, Audios.state, Jobs.state).join(
        Jobs, JOIN.LEFT_OUTER, on=(Jobs.open_audio == Audios.id)
    )
    waiting = Audios.state.in_(sorted(OPEN))
    wrong = (waiting & Jobs.id.is_null()) | (Jobs.id.is_null(False) & (Jobs.state != Audios.state))
    for id, user, state, job in query.where(wrong).tuples().execute(db):
        what = f"it is {state}, and its job is {job}" if job else f"it is {state}, and has no job"
        yield Fault("I1", f"sound {id}", what, partial(_queue, user, id))


def _queue(user: str, id: str, db: Database) -> str:
    audio = sounds.find(db, user, id)
    assert audio is not None
    job = jobs.open_on(db, id)
    if job is None:
        jobs.add(db, audio)
        return "it is queued"
    jobs.tell(db, job.id, job.state, None)
    return f"it is {job.state} as its job is"


def _soundless(db: Database) -> Iterator[Fault]:
    query = Jobs.select(Jobs.id).join(Audios, JOIN.LEFT_OUTER, on=(Audios.id == Jobs.audio))
    for (id,) in query.where(Audios.id.is_null()).tuples().execute(db):
        yield Fault("I1", f"job {id}", "its sound is gone", partial(_forget, id))


def _forget(id: str, db: Database) -> str:
    Jobs.delete().where(Jobs.id == id).execute(db)
    return "it is forgotten"


def _unheld(db: Database) -> Iterator[Fault]:
    """Jobs at work whose holder has not been heard of since its lease ran out."""
    dead = Jobs.lease.is_null() | Jobs.lease_expires_at.is_null() | (Jobs.lease_expires_at < now())
    query = Jobs.select(Jobs.id).where((Jobs.state == State.PROCESSING) & dead)
    for (id,) in query.tuples().execute(db):
        yield Fault("I3", f"job {id}", "it is at work, and nobody holds it", partial(_requeue, id))


def _requeue(id: str, db: Database) -> str:
    jobs.requeue(db, [id])
    return "it is queued again"


def _misfiled(db: Database) -> Iterator[Fault]:
    """Jobs whose lease, or whose place in the queue, is not that of their state."""
    is_open = Jobs.state.in_(sorted(OPEN))
    held = (Jobs.state != State.PROCESSING) & Jobs.lease.is_null(False)
    shut = is_open & (Jobs.open_audio.is_null() | (Jobs.open_audio != Jobs.audio))
    query = Jobs.select(Jobs.id, Jobs.state, Jobs.audio)
    wrong = held | shut | (~is_open & Jobs.open_audio.is_null(False))
    for id, state, audio in query.where(wrong).tuples().execute(db):
        yield Fault(
            "I3", f"job {id}", f"it is {state}, and filed as if it were not", partial(_file, id, state, audio)
        )


def _file(id: str, state: str, audio: str, db: Database) -> str:
    changes: dict[str, Any] = {"open_audio": audio if state in OPEN else None}
    if state != State.PROCESSING:
        changes |= {"lease": None, "lease_expires_at": None}
    Jobs.update(**changes).where(Jobs.id == id).execute(db)
    return f"it is filed as {state}"
