"""An analyzer, examined: what it promises by its contract, and what it does to real files."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from samplemind_daemon.analysis.plan import Registry, effective, plan
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.hiring import Hiring
from samplemind_daemon.work.protocol import Done, Examine, Failed, Task

LONGEST_SECONDS = 600.0  # that a look into its promises may take


async def broken_promise(hiring: Hiring, analyzer: str, seconds: float = LONGEST_SECONDS) -> str:
    """The first promise of the contract that an analyzer breaks, as a sentence; empty if it keeps them all.

    It is looked into in a worker of its own, so that whatever it does there costs that worker only.
    Raises CannotStart if none comes up.
    """
    worker = await hiring.hire(nice=0)
    try:
        await worker.say(Examine(analyzer))
        async with asyncio.timeout(seconds):
            match await worker.hear():
                case Done():
                    return ""
                case Failed(_, message):
                    return message
                case other:
                    return f"its worker said what no worker may say: {type(other).__name__}"
    except TimeoutError:
        return f"it is not done within {seconds:g} s"
    except TaskFailed as failed:
        return failed.message
    finally:
        await worker.close()


async def failures(crew: Crew, registry: Registry, analyzer: str, files: Iterable[Path]) -> list[str]:
    """What goes wrong where an analyzer hears these files, together with those it builds upon."""
    wrong = []
    names = plan([analyzer], registry)
    settings = {name: effective(registry[name], {}) for name in names}
    for file in files:
        try:
            heard = await crew.run(Task(str(file), names, settings))
        except TaskFailed as failed:
            wrong.append(f"{file.stem}: {failed.message}")
            continue
        reasons = {one.reason for one in heard.found.get(analyzer, ()) if one.status == "failed"}
        wrong += [f"{file.stem}: {reason}" for reason in sorted(reasons)]
    return wrong
