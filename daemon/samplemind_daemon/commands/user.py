"""`samplemindd user`: the accounts of this machine's daemon, whether it runs or not."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, NoReturn, TypeVar

import typer

from samplemind_daemon.access.remembered import LIFE
from samplemind_daemon.commands.output import printable
from samplemind_daemon.model import Role, User
from samplemind_daemon.refusals import CannotServe, Refusal
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.store import CannotOpen, Database, Store, leaving, users
from samplemind_daemon.store.blobs import open_blobs, prove

FAILED, BAD_SETTING, CANNOT_START = 1, 2, 78
MOST = 10_000  # accounts that are listed
T = TypeVar("T")

user = typer.Typer(help="List accounts, mark them beta or premium, and keep them out or let them in again.")

Home = Annotated[Path | None, typer.Option(help="The folder that holds all the daemon keeps.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
Mark = Annotated[Literal["beta", "premium"], typer.Argument(help="The mark.")]


@user.command("list")
def list_users(as_json: AsJson = False, home: Home = None) -> None:
    """List the accounts."""
    for one in _do(home, lambda db: users.page(db, MOST)):
        typer.echo(_line(one, as_json))


@user.command()
def mark(email: Email, mark: Mark, as_json: AsJson = False, home: Home = None) -> None:
    """Give an account a mark: features may be on for beta or premium users only."""
    _change(email, as_json, home, lambda db, one: users.set_marks(db, one.id, {*one.marks, mark}))


@user.command()
def unmark(email: Email, mark: Mark, as_json: AsJson = False, home: Home = None) -> None:
    """Take a mark from an account."""
    _change(email, as_json, home, lambda db, one: users.set_marks(db, one.id, {*one.marks} - {mark}))


@user.command()
def disable(email: Email, as_json: AsJson = False, home: Home = None) -> None:
    """Refuse whatever an account asks for, from the next call on; its streams end within seconds."""

    def deed(db: Database, one: User) -> None:
        if one.role is Role.OWNER:
            _end(f"{one.email} is the owner, and stays so", FAILED)
        users.disable(db, one.id)

    _change(email, as_json, home, deed)


@user.command()
def enable(email: Email, as_json: AsJson = False, home: Home = None) -> None:
    """Let an account in again."""
    _change(email, as_json, home, lambda db, one: users.disable(db, one.id, False))


@user.command()
def remove(email: Email, home: Home = None) -> None:
    """Take an account out with its sounds, jobs, events and keys, at once.

    The bytes that it sent and nobody else has go within a minute, by the daemon, or by the next one.
    """

    def name(db: Database) -> User | None:
        found = users.find_login(db, email.strip().lower())
        return found[0] if found else None

    one = _do(home, name)
    if one is None:
        _end(f"there is no account {printable(email)!r}", FAILED)
    if not _do(home, lambda db: leaving.shut_out(db, one.id)):
        _end(f"{one.email} is the owner, and stays so", FAILED)
    try:
        prove(load(home=home))
        blobs = open_blobs(load(home=home))
    except CannotServe as cannot:
        _end(str(cannot), CANNOT_START)
    time.sleep(LIFE.total_seconds())  # as long as a daemon that runs may let it in still
    try:
        while gone := _do(home, lambda db: leaving.forget_sounds(db, one.id)):
            blobs.let_leave(gone)
    except Refusal as refused:
        _end(f"{refused} Some of its bytes go within two days only; do it again for the rest", FAILED)
    _do(home, lambda db: leaving.forget_account(db, one.id))
    typer.echo(printable(f"{one.email}  removed"))


def _change(email: str, as_json: bool, home: Path | None, deed: Callable[[Database, User], None]) -> None:
    """Do the deed to an account and print what it is then."""

    def change(db: Database) -> User | None:
        found = users.find_login(db, email.strip().lower())
        if found is None:
            return None
        deed(db, found[0])
        return users.find(db, found[0].id)

    changed = _do(home, change)
    if changed is None:
        _end(f"there is no account {printable(email)!r}", FAILED)
    time.sleep(LIFE.total_seconds())  # as above
    typer.echo(_line(changed, as_json))


def _do(home: Path | None, deed: Callable[[Database], T]) -> T:
    """Run the deed in one transaction on the daemon's database."""
    try:
        place = load(home=home).place
        if isinstance(place, Path) and not place.is_file():
            _end(f"there is no daemon at home: {place} is missing", BAD_SETTING)
        return asyncio.run(_run(place, deed))
    except CannotConfigure as wrong:
        _end(str(wrong), BAD_SETTING)
    except CannotOpen as cannot:
        _end(str(cannot), CANNOT_START)


async def _run(place: Path | str, deed: Callable[[Database], T]) -> T:
    store = Store(place)
    try:
        store.migrate()
        return await store.write(deed)
    finally:
        store.close()


def _line(one: User, as_json: bool) -> str:
    if as_json:
        marks, created = list(one.marks), one.created_at.isoformat()
        fields = {
            "email": one.email,
            "id": one.id,
            "role": one.role,
            "marks": marks,
            "disabled": one.disabled,
        }
        return json.dumps(fields | {"created_at": created}, ensure_ascii=False)
    notes = [*one.marks, *(["disabled"] if one.disabled else [])]
    return printable(f"{one.email}  {one.role}  {' '.join(notes)}".rstrip())


def _end(sentence: str, status: int) -> NoReturn:
    typer.echo(f"samplemindd user: {sentence}", err=True)
    raise typer.Exit(status)
