"""What an engine is to the rest of the daemon: whoever has the jobs of the database done, here or elsewhere."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Protocol

from samplemind_daemon.model import Job
from samplemind_daemon.work.crew import CrewStatus
from samplemind_daemon.work.live import Endings, Follower


class Engine(Protocol):
    """Has the jobs of the database done, and never loses one."""

    requeued: int  # jobs that the last daemon had left in work

    async def start(self) -> None:
        """Begin to have jobs done, those too that a dead daemon left in work."""

    def wake(self) -> None:
        """There may be new jobs."""

    def follow(self, audio: str) -> AbstractContextManager[Follower]:
        """What happens to a sound from now on, live, for as long as the context lasts."""

    def await_ends(self, audios: Collection[str]) -> AbstractContextManager[Endings]:
        """Which of many sounds are over from now on, for as long as the context lasts."""

    def let_go(self) -> None:
        """Tell all who follow that nothing more will come: the daemon is going down."""

    async def cancel(self, user: str, audio: str) -> Job | None:
        """End the user's open job on a sound, and the worker that is at it; None if there is no open job."""

    async def drain(self, seconds: float) -> None:
        """Have no more jobs done; those at work here get so long, and wait again after that."""

    async def spread(self, wake: Callable[[set[str]], None]) -> Callable[[set[str]], None]:
        """What to call with the users whose things something happened to: `wake` is then, here and at other daemons."""

    def status(self) -> CrewStatus:
        """How those are who do the jobs."""
