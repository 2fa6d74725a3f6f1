"""What must be true of all that was done by several machines, asked of the database, the brokers and the bucket."""

import subprocess
import sys
from collections.abc import Iterator
from os import environ

from commanding import wait_for
from machines import Machines
from ordeal import Ordeal

_STATES = "SELECT state, COUNT(*) FROM {} WHERE \"user\" = '{}' GROUP BY state"
_NOT_ONE_JOB = "SELECT audio FROM jobs WHERE \"user\" = '{}' GROUP BY audio HAVING COUNT(*) <> 1"
_NOT_TOLD_ONCE = """
    SELECT audios.id FROM audios LEFT JOIN events ON events.audio = audios.id AND kind = 'audio.completed'
    WHERE audios.user = '{}' GROUP BY audios.id HAVING COUNT(kind) <> 1
"""
_RESULTS = """
    SELECT found, COUNT(*) FROM (
        SELECT COUNT(*) AS found FROM audios JOIN results USING (sha256) WHERE "user" = '{}' GROUP BY sha256
    ) AS each GROUP BY found
"""
_HELD = "SELECT id FROM jobs WHERE \"user\" = '{}' AND (lease IS NOT NULL OR open_audio IS NOT NULL)"


def wrongs(ordeal: Ordeal) -> list[str]:
    """A sentence for each thing that is not as it must be."""
    return [*_of_work(ordeal), *_of_events(ordeal), *_of_leftovers(ordeal.machines)]


def _of_work(ordeal: Ordeal) -> Iterator[str]:
    ask, user = ordeal.machines.database.do, ordeal.user
    sounds = {sha256 for (sha256,) in ask(f"SELECT sha256 FROM audios WHERE \"user\" = '{user}'")}
    if lost := ordeal.promised() - sounds:
        yield f"{len(lost)} sounds that were promised to be kept are not there"
    if bare := sounds - ordeal.machines.kept():
        yield f"the bytes of {len(bare)} sounds are not in the bucket"
    for table in ("audios", "jobs"):
        if (states := dict(ask(_STATES.format(table, user)))) != {"completed": len(sounds)}:
            yield f"of {len(sounds)} {table}: {states}"
    if several := ask(_NOT_ONE_JOB.format(user)):
        yield f"{len(several)} sounds have not one job"
    if len(found := ask(_RESULTS.format(user))) != 1 or found[0][1] != len(sounds):
        yield f"results a content, and of how many: {found}"
    if held := ask(_HELD.format(user)):
        yield f"{len(held)} jobs are still held or open"


def _of_events(ordeal: Ordeal) -> Iterator[str]:
    ask, user = ordeal.machines.database.do, ordeal.user
    if untold := ask(_NOT_TOLD_ONCE.format(user)):
        yield f"the end of {len(untold)} jobs was not told once"
    rows = ask(f"SELECT sequence FROM events WHERE \"user\" = '{user}' ORDER BY sequence")
    numbers = [number for (number,) in rows]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "events are not numbered without gap and repetition"
    for one in ordeal.followers:
        if one.numbers != numbers:
            yield f"a follower saw {len(one.numbers)} of {len(numbers)} events, {len(set(one.numbers))} different"


def _of_leftovers(machines: Machines) -> Iterator[str]:
    try:
        wait_for(lambda: machines.hints() == 0, 60)  # one that nobody could take is removed after a while
    except AssertionError:
        yield f"{machines.hints()} hints are left in the stream"
    command = [sys.executable, "-m", "samplemind_daemon", "check", "--home", str(machines.daemons[0].home)]
    done = subprocess.run(command, env=environ | machines.environment, capture_output=True, text=True)
    if done.returncode:
        yield f"samplemindd check: {done.stdout}{done.stderr}"
