"""Passwords are guessed slowly, and guessing locks nobody out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from samplemind_daemon.access.purses import Limit, Overdrawn, Purses
from samplemind_daemon.access.signing import SigningKey, keyed
from samplemind_daemon.model import User
from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.store import Store, familiars

HERE = Limit(10, 300)  # wrong passwords for one account from one place
ANYWHERE = Limit(100, 300)  # ... from all places together that the account has never signed in from


class Guesses:
    """Counts wrong passwords, for accounts that exist and for those that do not alike.

    An account's own places are counted each for itself: whoever guesses from elsewhere, however many
    they are, never keeps the account's holder out of where he signed in before.
    """

    def __init__(self, store: Store, key: SigningKey, purses: Purses, clock: Callable[[], datetime]) -> None:
        self._store, self._purses, self._clock = store, purses, clock
        self._secret = key.secret("places")

    async def admit(self, email: str, user: User | None, place: str) -> "Guess":
        """A guess that may be made now; Exhausted if there were too many."""
        digest = self._digest(place)
        known = await self._store.read(familiars.knows, user.id if user else "", digest, self._clock())
        account = sha256(email.encode(errors="replace")).hexdigest()[:32]
        limits = [(f"guess/{account}/{digest[:32]}", HERE)]
        if not known:
            limits.append((f"guess/{account}", ANYWHERE))
        return Guess(self._purses, limits)

    async def note_right(self, user: User, place: str) -> None:
        """Remember that the user signs in from this place."""
        await self._store.write(familiars.note, user.id, self._digest(place), self._clock())

    def _digest(self, place: str) -> str:
        return keyed(self._secret, place).hex()


class Guess:
    """One guess, counted when it begins and given back when it was right, or came to no answer."""

    def __init__(self, purses: Purses, limits: list[tuple[str, Limit]]) -> None:
        self._purses, self._limits = purses, limits
        self.right = False

    @contextmanager
    def counted(self) -> Iterator["Guess"]:
        """Count it unless `right` is set inside, or it raises."""
        taken: list[tuple[str, Limit]] = []
        try:
            for purse, limit in self._limits:
                self._purses.spend(purse, [limit])
                taken.append((purse, limit))
            yield self
        except Overdrawn as overdrawn:
            self._give_back(taken)
            raise _too_many(overdrawn) from None
        except BaseException:
            self._give_back(taken)
            raise
        if self.right:
            self._give_back(taken)

    def _give_back(self, taken: list[tuple[str, Limit]]) -> None:
        for purse, limit in taken:
            self._purses.give_back(purse, [limit])


def _too_many(overdrawn: Overdrawn) -> Exhausted:
    minutes = overdrawn.limit.seconds // 60
    return Exhausted(
        "TOO_MANY_GUESSES",
        f"There were too many wrong passwords for this account in the last {minutes} minutes; try again later.",
        retry_seconds=overdrawn.wait_seconds,
    )
