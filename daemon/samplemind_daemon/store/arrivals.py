"""New files of a watch folder, by the hundred: kept and queued as one by one, in a tenth of the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from samplemind_daemon.model import Lane, Place, State
from samplemind_daemon.store import catalogue, events, turns
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.prepared import Given, Prepared
from samplemind_daemon.store.tables import Audios, Contents, Jobs


@dataclass(frozen=True)
class Arrival:
    """A new file: where it lies, what it is called and what it holds."""

    place: Place
    name: str
    sha256: str


def add(db: Database, user: str, folder: str, arrivals: Sequence[Arrival]) -> None:
    """Keep up to a few hundred new sounds and queue each, with the events that `sounds.add` and `jobs.add` record."""
    if not arrivals:
        return
    moment = now()
    contents = [{"sha256": one.sha256, "size": one.place.size, "created_at": moment} for one in arrivals]
    audios = [_audio(user, folder, one) | {"state_at": moment, "created_at": moment} for one in arrivals]
    first, since = turns.following(db, user, Lane.BATCH), {"created_at": moment, "not_before": moment}
    jobs = [_job(audio) | {"turn": first + place, **since} for place, audio in enumerate(audios)]
    for row in contents:
        _CONTENT.run(db, **row)
    for audio, job in zip(audios, jobs, strict=True):
        _AUDIO.run(db, **audio)
        _JOB.run(db, **job)
    catalogue.refresh(db, [audio["id"] for audio in audios])
    notes = []
    for audio, job in zip(audios, jobs, strict=True):
        about = {"audio": audio["id"], "folder": folder, "name": audio["name"]}
        notes += [
            {"kind": "audio.added", "job": "", **about},
            {"kind": "audio.queued", "job": job["id"], **about},
        ]
    events.record_many(db, user, notes)


def _audio(user: str, folder: str, one: Arrival) -> dict[str, Any]:
    place = one.place
    return {
        "id": str(uuid4()), "user": user, "name": one.name, "state": State.QUEUED, "size": place.size,
        "sha256": one.sha256, "folder": folder, "path": place.path, "mtime_ns": place.mtime_ns,
        "device": place.device, "inode": place.inode,
    }  # fmt: skip


def _job(audio: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "user": audio["user"], "audio": audio["id"], "open_audio": audio["id"],
        "sha256": audio["sha256"], "state": State.QUEUED, "lane": Lane.BATCH,
    }  # fmt: skip


def _given(*names: str) -> dict[str, Given]:
    return {name: Given(name) for name in names}


_CONTENT = Prepared(Contents.insert(**_given("sha256", "size", "created_at")).on_conflict_ignore())
_AUDIO = Prepared(
    Audios.insert(
        **_given(
            "id", "user", "name", "state", "state_at", "size", "sha256", "folder", "path", "mtime_ns", "device",
            "inode", "created_at",
        )
    )
)  # fmt: skip
_JOB = Prepared(
    Jobs.insert(
        **_given(
            "id", "user", "audio", "open_audio", "sha256", "state", "lane", "created_at", "not_before", "turn"
        )
    )
)
