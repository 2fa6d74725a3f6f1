"""Uploads on their way in. Their bytes lie in staging; how many there are, the file itself says."""

from datetime import timedelta
from typing import Any

from samplemind_daemon.model import Upload
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.tables import Uploads

LIFE = timedelta(days=1)  # an upload not finished by then is given up


def add(db: Database, user: str, id: str, name: str, size: int, sha256: str) -> Upload:
    """Open an upload under this id, once."""
    moment = now()
    Uploads.insert(
        id=id, user=user, name=name, size=size, sha256=sha256, created_at=moment, expires_at=moment + LIFE
    ).on_conflict_ignore().execute(db)
    return _upload(Uploads.select().where((Uploads.id == id) & (Uploads.user == user)).get(db))


def find(db: Database, user: str, id: str) -> Upload | None:
    """The user's upload, if there is such a one."""
    row = Uploads.select().where((Uploads.id == id) & (Uploads.user == user)).first(db)
    return _upload(row) if row else None


def count_open(db: Database, user: str) -> int:
    """How many uploads of the user are not finished."""
    return int(Uploads.select().where((Uploads.user == user) & Uploads.audio.is_null()).count(db))


def finish(db: Database, id: str, audio: str) -> None:
    """Remember which sound an upload became: finishing it again answers that one."""
    Uploads.update(audio=audio).where(Uploads.id == id).execute(db)


def discard(db: Database, user: str, id: str) -> bool:
    """Forget an upload of the user that is not finished; whether there was one."""
    mine = (Uploads.id == id) & (Uploads.user == user)
    return bool(Uploads.delete().where(mine & Uploads.audio.is_null()).execute(db))


def unfinished(db: Database) -> set[str]:
    """The uploads of all users that may still be sent to."""
    query = Uploads.select(Uploads.id).where(Uploads.audio.is_null())
    return {id for (id,) in query.tuples().execute(db)}


def forget(db: Database, limit: int = 1_000) -> int:
    """Drop up to `limit` uploads that have expired; how many it were."""
    old = Uploads.select(Uploads.id).where(Uploads.expires_at < now()).limit(limit)
    ids = [id for (id,) in old.tuples().execute(db)]
    Uploads.delete().where(Uploads.id.in_(ids)).execute(db)
    return len(ids)


def _upload(row: Any) -> Upload:
    return Upload(row.id, row.user, row.name, row.size, row.sha256, row.audio, row.expires_at)
