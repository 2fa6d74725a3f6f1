"""Feature flags: what they are for whom, set while the daemon runs."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import uuid4

import structlog
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.provider.no_op_provider import NoOpProvider

from samplemind_daemon.access.flags.names import DESCRIPTORS, PURPOSES
from samplemind_daemon.access.flags.provider import MARKS, StoreProvider
from samplemind_daemon.model import Audience, Caller, Flag, FlagChange, Override, Switch, User
from samplemind_daemon.refusals import Denied, Exhausted, Invalid, NotFound
from samplemind_daemon.store import Database, Store, flags, users
from samplemind_daemon.store.flags import FlagStates

log = structlog.get_logger(__name__)

MOST_OVERRIDES = 1_000  # a flag
CHANGES_SHOWN = 100


class Flags:
    """Evaluates flags through OpenFeature; a change counts from the next call on."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._states = FlagStates()
        self._domain = f"samplemind {uuid4()}"  # OpenFeature's registry is one for the whole process
        api.set_provider_and_wait(StoreProvider(lambda: self._states), self._domain)
        self._client = api.get_client(self._domain)

    async def open(self) -> None:
        """Know how the flags were set before."""
        self._states = await self._store.read(flags.load)

    def close(self) -> None:
        """Evaluate nothing any more."""
        api.set_provider(NoOpProvider(), self._domain)

    def is_on(self, name: str, user: User | None, key: str = "") -> bool:
        """Whether a flag is on for this user; with none, `key` stands for whoever it is."""
        context = EvaluationContext(user.id if user else key, {MARKS: list(user.marks) if user else []})
        return bool(self._client.get_boolean_value(name, True, context))

    def check(self, name: str, caller: Caller) -> None:
        """Return if a flag is on for the caller; Denied if not."""
        if not self.is_on(name, caller.user):
            raise Denied("FEATURE_OFF", f"{name!r} is not switched on for you.", facts={"flag": name})

    def hidden(self, user: User) -> frozenset[str]:
        """The first parts of the names of descriptors that are not shown to this user."""
        off = (flag for flag in DESCRIPTORS if not self.is_on(flag, user))
        return frozenset(part for flag in off for part in DESCRIPTORS[flag])

    def evaluate(self, user: User, names: Iterable[str]) -> dict[str, bool]:
        """What these flags, or all, are for a user; NotFound where there is no such one."""
        return {_known(name): self.is_on(name, user) for name in list(names) or PURPOSES}

    def known(self) -> list[Flag]:
        """All flags there are, by name."""
        return [self.get(name) for name in sorted(PURPOSES)]

    def get(self, name: str) -> Flag:
        """How a flag is set; NotFound if there is no such one."""
        named = [flag for flag, _ in self._states.overrides if flag == _known(name)]
        return Flag(name, PURPOSES[name], self._states.switches.get(name, Switch()), len(named))

    async def history(self, name: str) -> tuple[list[Override], list[FlagChange]]:
        """Whom a flag is set for by name, and its latest changes; NotFound if there is no such flag."""
        named = await self._store.read(flags.overrides, _known(name), MOST_OVERRIDES)
        return named, await self._store.read(flags.changes, name, CHANGES_SHOWN)

    async def set(self, author: User, name: str, switch: Switch) -> Flag:
        """Set a flag for all; NotFound if there is no such one, Invalid where a share is none."""
        if switch.audience is Audience.SHARE and not 0 <= switch.percent <= 100:
            why = {"percent": f"a share is 0 to 100 percent, not {switch.percent}"}
            raise Invalid("INVALID_FLAG", f"The flag cannot be set: {why['percent']}.", why)
        self._states = await self._store.write(flags.put, _known(name), switch, author.id, self._clock())
        log.info("a flag was set", flag=name, switch=str(switch), author=author.id)
        return self.get(name)

    async def override(self, author: User, name: str, whom: str, enabled: bool | None) -> Flag:
        """Set a flag for one user, named by id or e-mail address; with None, have it as for all again."""
        moment = self._clock()
        self._states = await self._store.write(_override, _known(name), whom, enabled, author.id, moment)
        log.info("a flag was set for a user", flag=name, enabled=enabled, author=author.id)
        return self.get(name)


def _override(
    db: Database, name: str, whom: str, enabled: bool | None, author: str, moment: datetime
) -> FlagStates:
    login = users.find_login(db, whom.strip().lower())
    user = login[0] if login else users.find(db, whom)
    if user is None:
        raise NotFound("USER_NOT_FOUND", f"There is no user {whom[:100]!r}.")
    if enabled is not None and flags.count_overrides(db, name) >= MOST_OVERRIDES:
        raise Exhausted("TOO_MANY_OVERRIDES", f"A flag is set for {MOST_OVERRIDES:,} users by name at most.")
    return flags.override(db, name, user.id, enabled, author, moment)


def _known(name: str) -> str:
    if name not in PURPOSES:
        raise NotFound("FLAG_NOT_FOUND", f"There is no flag {name[:60]!r}.")
    return name
