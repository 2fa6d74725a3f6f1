"""Hashing takes its time, and gives way to the calls of others."""

import os
import sys
import threading
from pathlib import Path

import pytest

from samplemind_daemon.access.passwords import NICE, Passwords

TASKS = Path("/proc/self/task")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux asks it of a single thread")
async def test_threads_that_hash_come_after_the_others_and_nobody_else_does():
    before = {int(task.name) for task in TASKS.iterdir()}
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    passwords = Passwords()
    await passwords.hash("seven purple geese")
    hashing = {int(task.name) for task in TASKS.iterdir()} - before
    assert {os.getpriority(os.PRIO_PROCESS, one) for one in hashing} == {own + NICE}
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
    passwords.close()
