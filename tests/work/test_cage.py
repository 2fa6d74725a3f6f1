"""A plugin does its worst in a cage: each deed costs its own findings for that file, and nothing else."""

import os
import socket
import textwrap
from pathlib import Path

import numpy as np
import pytest
import soundfile

from samplemind_daemon.work.cage import Cage, missing
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Task

PLUGIN = """
    import ctypes, mmap, os, socket, subprocess, threading
    from samplemind_sdk import Analyzer, Output, hookimpl, parameter

    def reach(home, port):
        wire = socket.socket()
        wire.connect(("127.0.0.1", port))

    def call(path):
        wire = socket.socket(socket.AF_UNIX)
        wire.connect(path)

    def fork():
        if os.fork() == 0:
            os._exit(0)

    def write(path):
        with open(path, "wb") as file:
            for _ in range(10_000):
                file.write(bytes(2**20))

    def thread():
        one = threading.Thread(target=int)
        one.start()
        one.join()
        raise OSError("a thread runs")

    class Prisoner(Analyzer):
        "Tries a deed and says what came of it."
        name = "prisoner"
        deed = parameter("")
        said = Output(kind=str)

        def update(self, block):
            try:
                eval(self.deed)
                self.came = "done"
            except (OSError, MemoryError) as error:
                self.came = f"{type(error).__name__}: {error}"

        def describe(self):
            yield self.said(self.came)

    @hookimpl
    def analyzers():
        return [Prisoner]
"""


@pytest.fixture(autouse=True)
def _needs_a_cage():
    if lacking := missing():
        pytest.skip(f"workers cannot be kept here from {'; '.join(lacking)}")


@pytest.fixture
def home(tmp_path):
    """A daemon's home with secrets in it, and a sound of one user among its blobs."""
    home = tmp_path / "home"
    for room in ("blobs", "inbox", "plugins"):
        (home / room).mkdir(parents=True)
    for secret in ("owner.key", "signing.key", "samplemind.db"):
        (home / secret).write_text("a secret")
    (home / "plugins" / "prisoner.py").write_text(textwrap.dedent(PLUGIN))
    return home


@pytest.fixture
async def crew(home, tmp_path):
    (tmp_path / "scratch").mkdir()
    crew = Crew(1, home / "plugins", Limits(), interactive=0, cage=Cage(home, tmp_path / "scratch"))
    await crew.start()
    yield crew
    await crew.stop()


@pytest.fixture
def heard(crew, tmp_path):
    """What a deed came to, of a plugin that hears a file which lies somewhere."""

    async def heard(deed: str, folder: Path = tmp_path) -> str:
        folder.mkdir(exist_ok=True)
        path = folder / "sound.wav"
        soundfile.write(path, np.zeros(4_410), 44_100)
        told = await crew.run(Task(str(path), ("prisoner",), {"prisoner": {"deed": deed}}))
        return str(told.found["prisoner"][0].value)

    return heard


DENIED = {
    "read the owner's key": "open({home!r} + '/owner.key').read()",
    "read the signing key": "open({home!r} + '/signing.key').read()",
    "read the database": "open({home!r} + '/samplemind.db').read()",
    "list the home": "os.listdir({home!r})",
    "read the daemon's environment": "open('/proc/{pid}/environ').read()",
    "read the daemon's memory": "open('/proc/{pid}/mem', 'rb').read(1)",
    "connect by TCP": "reach({home!r}, {port})",
    "connect to a socket of this machine": "call({home!r} + '/x')",
    "run a program": "subprocess.run(['/bin/true'])",
    "become a program": "os.execv('/bin/true', ['true'])",
    "fork": "fork()",
    "write ten gigabytes": "write({home!r} + '/blobs/large')",
    "write elsewhere": "write('/tmp/large')",
    "overwrite a plugin": "open({home!r} + '/plugins/prisoner.py', 'a')",
    "delete the database": "os.unlink({home!r} + '/samplemind.db')",
    "empty a blob": "os.truncate({home!r} + '/plugins/prisoner.py', 0)",
    "open the home to all": "os.chmod({home!r}, 0o777)",
    "kill the daemon": "os.kill({pid}, 9)",
    "take the daemon's files": "__import__('resource').prlimit({pid}, 7, (5, 5))",
    "take five gigabytes": "bytearray(5 * 2**30)",
}


async def test_a_plugin_does_no_harm_in_any_of_twenty_ways(home, heard):
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.1)
        place = {"home": str(home), "pid": os.getpid(), "port": canary.getsockname()[1]}
        came = {deed: await heard(code.format(**place)) for deed, code in DENIED.items()}
        with pytest.raises(TimeoutError):
            canary.accept()
    refused = ("PermissionError", "MemoryError")
    assert (
        len(came) == 20 and {deed: what for deed, what in came.items() if not what.startswith(refused)} == {}
    )
    assert (home / "samplemind.db").read_text() == "a secret"


async def test_a_plugin_still_reads_decodes_threads_and_writes_where_it_may(home, heard, tmp_path):
    assert await heard("thread()") == "OSError: a thread runs"
    assert await heard("open('/dev/null', 'w').write('x')") == "done"
    assert await heard(f"open({str(tmp_path / 'scratch' / 'x')!r}, 'w').write('x')") == "done"
    assert await heard(f"os.listdir({str(home / 'blobs')!r})") == "done"
    assert await heard("__import__('scipy.io')") == "done"


async def test_a_folder_that_came_later_or_in_place_of_another_is_heard_from_too(heard, crew, tmp_path):
    later = tmp_path / "later"
    assert await heard("1", later) == "done"
    before = crew.status()
    assert await heard("1", later) == "done"
    assert crew.status() == before
    os.rename(later, tmp_path / "away")
    assert await heard("1", later) == "done"


async def test_a_file_that_lies_in_the_home_is_heard_and_the_secrets_beside_it_stay_so(home, heard, crew):
    assert await heard("1", home / "mine") == "done"
    before = crew.status()
    assert await heard("1", home / "mine") == "done" and crew.status() == before
    assert await heard("1", home) == "done"
    assert (await heard(f"open({str(home / 'owner.key')!r})", home)).startswith("PermissionError")


async def test_a_plugin_that_ends_its_worker_takes_nothing_along(crew, heard):
    for deed in ("os.abort()", "ctypes.string_at(0)", "os.kill(os.getpid(), 9)"):
        with pytest.raises(TaskFailed):
            await heard(deed)
        assert await heard("1") == "done"


def test_no_secret_is_in_the_environment_of_a_worker(daemon):
    import psutil

    workers = psutil.Process(daemon.process.pid).children(recursive=True)
    assert workers
    for worker in workers:
        assert daemon.owner_key not in "".join(worker.environ().values())
