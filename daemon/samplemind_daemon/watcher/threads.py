"""Where a folder's files are looked at: never on the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Answer = TypeVar("Answer")


class Threads:
    """A few threads of one folder: a disk that hangs holds up nobody else."""

    def __init__(self, number: int) -> None:
        self._threads = ThreadPoolExecutor(number, "watch")

    async def run(self, deed: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
        """What `deed` answers, from one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: deed(*args, **kwargs))

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
