"""A library moves to a server of PostgreSQL and back by commands, and a backup of it lives on in a file."""

import json
import subprocess
import sys

from commanding import wait_for, write
from daemon_process import DaemonProcess


def run(*words, status=0, **environment):
    """Run a command of `samplemindd`; what it printed."""
    command = [sys.executable, "-m", "samplemind_daemon", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, **environment)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def shown(daemon):
    """The sounds of the owner, by their ids."""
    command = [sys.executable, "-m", "samplemind_client", "ls", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, env=daemon.environment)
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_a_library_moves_there_and_back_and_a_backup_of_it_lives_in_a_file(tmp_path, cluster):
    home, url, back, copy = tmp_path / "home", cluster.empty(), tmp_path / "back.db", tmp_path / "copy"
    daemon = DaemonProcess(home).start()
    write(daemon.inbox / "loop.wav")
    wait_for(lambda: any(json.loads(line)["status"] == "completed" for line in shown(daemon)), 60)
    before = shown(daemon)
    daemon.stop()

    there = run("migrate", "--home", home, "--from", "sqlite", "--to", "postgresql", "--database", url)
    assert "rows, the same in both." in there and "audios" in there
    again = run("migrate", "--home", home, "--from", "sqlite", "--to", url, status=78)
    assert "is not empty" in again
    (home / "samplemind.db").rename(tmp_path / "old.db")
    daemon = DaemonProcess(home, {"SAMPLEMIND_DATABASE": url}).start()
    try:
        assert shown(daemon) == before
        run("check", "--home", home, env=daemon.environment)
        assert "all rows are whole" in run("doctor", "--home", home, env=daemon.environment)
        run("backup", copy, "--home", home, env=daemon.environment)
        assert {one.name for one in copy.glob("samplemind.db*")} == {"samplemind.db"}
    finally:
        daemon.stop()

    assert run("migrate", "--home", home, "--from", url, "--to", back).count("\n") == there.count("\n")
    run("restore", copy, "--home", tmp_path / "restored")
    daemon = DaemonProcess(tmp_path / "restored").start()
    try:
        assert shown(daemon) == before
    finally:
        daemon.stop()
    other = cluster.empty()
    run(
        "restore",
        copy,
        "--home",
        tmp_path / "elsewhere",
        env=daemon.environment | {"SAMPLEMIND_DATABASE": other},
    )
    run("check", "--home", tmp_path / "elsewhere", env=daemon.environment | {"SAMPLEMIND_DATABASE": other})
