"""Accounts."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from samplemind_daemon.model import Role, User
from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import Users


def add(db: Database, id: str, email: str, password: str | None, role: Role, moment: datetime) -> bool:
    """Make an account unless the e-mail address has one; whether it was made.

    Both ways write to the disk, so that the time taken does not tell which it was.
    """
    Users.insert(
        id=id, email=email, password=password, role=role, created_at=moment
    ).on_conflict(conflict_target=[Users.email], update={Users.email: email}).execute(db)  # fmt: skip
    return Users.select().where(Users.id == id).exists(db)


def find(db: Database, id: str) -> User | None:
    """The account with this id."""
    row = Users.select().where(Users.id == id).first(db)
    return user(row) if row else None


def find_login(db: Database, email: str) -> tuple[User, str | None] | None:
    """The account with this e-mail address, and the hash of its password if it has one."""
    row = Users.select().where(Users.email == email).first(db)
    return (user(row), row.password) if row else None


def find_owner(db: Database) -> User | None:
    """The account that the first start made."""
    row = Users.select().where(Users.role == Role.OWNER).order_by(Users.created_at).first(db)
    return user(row) if row else None


def password_hash(db: Database, id: str) -> str | None:
    """The hash of an account's password, if it has one."""
    found = Users.select(Users.password).where(Users.id == id).scalar(db)
    return None if found is None else str(found)


def set_password(db: Database, id: str, version: int, password: str) -> bool:
    """Give an account a new password unless its sessions were ended since `version` was read."""
    mine = (Users.id == id) & (Users.session_version == version)
    return bool(Users.update(password=password).where(mine).execute(db))


def disable(db: Database, id: str, disabled: bool = True) -> None:
    """Refuse whatever an account asks for from now on, or no longer."""
    Users.update(disabled=disabled).where(Users.id == id).execute(db)


def set_marks(db: Database, id: str, marks: Iterable[str]) -> None:
    """Give an account these marks and no others."""
    Users.update(marks=json.dumps(sorted(marks))).where(Users.id == id).execute(db)


def page(db: Database, limit: int) -> list[User]:
    """Up to `limit` accounts, the oldest first."""
    return [user(row) for row in Users.select().order_by(Users.created_at).limit(limit).execute(db)]


def user(row: Any) -> User:
    """A row of the table as the model has it."""
    return User(
        id=row.id,
        email=row.email,
        role=Role(row.role),
        marks=tuple(json.loads(row.marks)),
        created_at=row.created_at,
        has_password=row.password is not None,
        disabled=row.disabled,
        session_version=row.session_version,
    )
