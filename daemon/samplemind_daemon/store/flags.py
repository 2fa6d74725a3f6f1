"""Feature flags as they were set: what was never set is not here. Each change is kept with its author."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from samplemind_daemon.model import Audience, FlagChange, Override, Switch
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import FlagChanges, FlagOverrides, Flags, Users

KEPT = 1_000  # changes of a flag that are remembered


@dataclass(frozen=True)
class FlagStates:
    """All flags that were set, and all overrides by flag and user."""

    switches: Mapping[str, Switch] = field(default_factory=dict)
    overrides: Mapping[tuple[str, str], bool] = field(default_factory=dict)


def load(db: Database) -> FlagStates:
    """How all flags are set."""
    switches = {row.name: Switch(Audience(row.audience), row.percent) for row in Flags.select().execute(db)}
    overrides = {(row.flag, row.user): row.enabled for row in FlagOverrides.select().execute(db)}
    return FlagStates(switches, overrides)


def put(db: Database, name: str, switch: Switch, author: str, moment: datetime) -> FlagStates:
    """Set a flag for all, and note who did it; how all flags are set then."""
    before = load(db).switches.get(name, Switch())
    Flags.put(name=name, audience=switch.audience, percent=switch.percent).execute(db)
    if before != switch:
        _note(db, name, author, "", str(before), str(switch), moment)
    return load(db)


def override(
    db: Database, name: str, user: str, enabled: bool | None, author: str, moment: datetime
) -> FlagStates:
    """Set a flag for one user, or with None no more, and note who did it; how all flags are set then."""
    mine = (FlagOverrides.flag == name) & (FlagOverrides.user == user)
    before = FlagOverrides.select(FlagOverrides.enabled).where(mine).scalar(db)
    if enabled is None:
        FlagOverrides.delete().where(mine).execute(db)
    else:
        FlagOverrides.put(flag=name, user=user, enabled=enabled).execute(db)
    if before != enabled:
        _note(db, name, author, user, _word(before), _word(enabled), moment)
    return load(db)


def count_overrides(db: Database, name: str) -> int:
    """How many users a flag is set for by name."""
    return int(FlagOverrides.select().where(FlagOverrides.flag == name).count(db))


def overrides(db: Database, name: str, limit: int) -> list[Override]:
    """Whom a flag is set for by name, by e-mail address."""
    query = (
        FlagOverrides.select(FlagOverrides.user, Users.email, FlagOverrides.enabled)
        .join(Users, on=(Users.id == FlagOverrides.user))
        .where(FlagOverrides.flag == name)
        .order_by(Users.email)
        .limit(limit)
    )
    return [Override(user, email, bool(enabled)) for user, email, enabled in query.tuples().execute(db)]


def changes(db: Database, name: str, limit: int) -> list[FlagChange]:
    """The latest changes of a flag, the last one first."""
    query = FlagChanges.select().where(FlagChanges.flag == name)
    query = query.order_by(FlagChanges.at.desc(), FlagChanges.id.desc()).limit(limit)
    return [FlagChange(row.at, row.author, row.user, row.before, row.after) for row in query.execute(db)]


def _note(db: Database, name: str, author: str, user: str, before: str, after: str, moment: datetime) -> None:
    FlagChanges.insert(
        id=str(uuid4()), flag=name, at=moment, author=author, user=user, before=before, after=after
    ).execute(db)
    mine = FlagChanges.select(FlagChanges.id).where(FlagChanges.flag == name)
    old = mine.order_by(FlagChanges.at.desc(), FlagChanges.id.desc()).offset(KEPT)
    gone = [id for (id,) in old.tuples().execute(db)]
    FlagChanges.delete().where(FlagChanges.id.in_(gone)).execute(db)


def _word(enabled: bool | None) -> str:
    return {None: "as for all", True: "on", False: "off"}[enabled]
