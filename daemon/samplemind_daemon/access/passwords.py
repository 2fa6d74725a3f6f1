"""Passwords: hashed so that guessing is dear, few at a time so that hashing is not."""

import asyncio
import os
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_urlsafe
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from samplemind_daemon.access.guessable import is_guessable
from samplemind_daemon.refusals import Exhausted, Invalid

SHORTEST, LONGEST = 8, 128  # characters
AT_ONCE = 2
WAITING = 16  # more are refused at once: at about 20 ms each, the last one waits 0.2 s
WAIT_SECONDS = 2.0
NICE = 5  # of the threads that hash, as of the workers that somebody waits for

Answer = TypeVar("Answer")


class Passwords:
    """Hashes and verifies, with argon2id at the OWASP floor: 19 MiB, 2 passes, 1 lane."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, "argon2", initializer=_give_way)
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._unknown = self._hasher.hash(token_urlsafe())
        self.verified = 0  # verifications so far

    async def hash(self, password: str) -> str:
        """The encoded hash to keep; Exhausted when too many are asked for."""
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def verify(self, password: str, encoded: str | None) -> bool:
        """Whether this is the password behind the hash. Without a hash it takes as long, and it is not."""
        right = await self._run(lambda: self._matches(password, encoded or self._unknown))
        return right and encoded is not None

    def expect_room(self) -> None:
        """Return if one more can be hashed or verified soon; Exhausted if not, before anything is looked up for it."""
        if self._waiting >= WAITING:
            raise _too_many()

    def close(self) -> None:
        """Wait for what is running."""
        self._threads.shutdown()

    def _matches(self, password: str, encoded: str) -> bool:
        self.verified += 1
        try:
            return self._hasher.verify(encoded, _normal(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        self.expect_room()
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._seats.acquire()
        except TimeoutError:
            raise _too_many() from None
        finally:
            self._waiting -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._seats.release()


def check_password(password: str, email: str, field: str) -> None:
    """Return if it may become the password of the account; Invalid, naming the request's field, if not."""
    if not SHORTEST <= len(_normal(password)) <= LONGEST:
        why = f"a password has {SHORTEST} to {LONGEST} characters, this one has {len(_normal(password))}"
    elif is_guessable(_normal(password), email):
        why = "this password is one of the first that a guesser tries; choose a longer or a stranger one"
    else:
        return
    raise Invalid("INVALID_PASSWORD", f"This password cannot be used: {why}.", {field: why})


def _normal(password: str) -> str:
    """Alike on every keyboard: an accented letter has two spellings in Unicode."""
    return unicodedata.normalize("NFC", password)


def _give_way() -> None:
    """Have this thread come after those that take calls in, or refuse them; Linux alone asks that of one thread."""
    if sys.platform == "linux":
        os.nice(NICE)


def _too_many() -> Exhausted:
    return Exhausted("TOO_MANY_SIGN_INS", "Too many sign-ins are going on; try again soon.", retry_seconds=1)
