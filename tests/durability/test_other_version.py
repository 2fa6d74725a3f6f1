"""A daemon whose files are replaced while it runs gives no job to a worker of the other version, and loses none."""

import os
import signal

import psutil
import pytest
from commanding import wait_for
from raw_calls import Channel, Person
from senders import any_sound

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

REPLACED = """
import os, sys
if any("multiprocessing.forkserver" in word for word in sys.orig_argv) and os.path.exists({flag!r}):
    from samplemind_daemon.work import protocol
    protocol.PROTOCOL += 1
"""


def fork_server(daemon):
    """The process that all workers come from."""
    for child in psutil.Process(daemon.process.pid).children():
        if any("multiprocessing.forkserver" in word for word in child.cmdline()):
            return child
    raise AssertionError("there is no fork server")


@pytest.mark.timeout(300)
def test_a_worker_of_another_version_is_given_no_job_and_none_is_lost(own_daemon, tmp_path):
    flag, place = tmp_path / "replaced", tmp_path / "site"
    place.mkdir()
    (place / "sitecustomize.py").write_text(REPLACED.format(flag=str(flag)))
    daemon = own_daemon(
        settings={"PYTHONPATH": os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])}
    )
    channel = Channel(daemon.address)
    ada = Person(channel)

    def seen(sound):
        return ada("AudioService/Get", audio_id=sound.id).answer.audio

    before = ada.upload(any_sound())
    wait_for(lambda: seen(before).media.duration_seconds, 60)
    flag.touch()
    fork_server(daemon).send_signal(signal.SIGKILL)
    meanwhile = ada.upload(any_sound())
    wait_for(lambda: "SampleMind was replaced by another version" in daemon.log.read_text(), 60)
    assert ada("AuthService/GetMe").code == "OK", "all else goes on"
    assert not seen(meanwhile).media.duration_seconds and not seen(meanwhile).problem.reason

    flag.unlink()
    daemon.restart()
    wait_for(lambda: seen(meanwhile).media.duration_seconds, 60)
    channel.close()
    daemon.stop()
    assert violations(Settings(home=daemon.home)) == []
