"""`samplemind` where things go wrong, and on a terminal: statuses, sentences, signals, bars."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time

import pytest
from commanding import COMMAND, objects, read_until


def test_nobody_at_the_address_is_status_3_with_what_to_try(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("ls", "--server", address, "--key", "sm_unused")
    assert done.returncode == 3 and done.stdout == b"" and b"Traceback" not in done.stderr
    assert b"is it running?" in done.stderr and address.encode() in done.stderr


def test_no_daemon_on_this_machine_is_status_3_at_once_with_what_to_try(run, tmp_path):
    began = time.monotonic()
    done = run("ls", SAMPLEMIND_HOME=str(tmp_path / "none"))
    assert done.returncode == 3 and b"make run" in done.stderr and time.monotonic() - began < 10


@pytest.mark.parametrize(
    "words",
    [
        ("analyze",), ("ls", "--limit", "x"), ("ls", "--filter", "size"), ("ls", "--order", "size"),
        ("no-such-command",), ("login", "--own", "--code", "x"), ("rm",),
    ],
)  # fmt: skip
def test_bad_usage_is_status_2_with_a_sentence(run, words):
    done = run(*words)
    assert done.returncode == 2 and done.stderr and done.stdout == b"" and b"Traceback" not in done.stderr


def test_the_shared_options_stand_before_or_after_the_command(run, daemon):
    given = ("--server", daemon.address, "--key", daemon.owner_key, "--json")
    before, after = (
        run(*given, "status", SAMPLEMIND_HOME="/nowhere"),
        run("status", *given, SAMPLEMIND_HOME="/nowhere"),
    )
    assert objects(before)[0]["server"] == objects(after)[0]["server"] == daemon.address
    assert run(*given, "watch").returncode == run("watch", *given).returncode == 0


def test_a_reader_that_leaves_early_is_no_disaster(here, loop, tmp_path):
    for number in range(5):
        loop(f"{number}.wav", seconds=0.5)
    pipe = ["bash", "-c", '"$@" | head -1', "-", *COMMAND, "analyze", "--json", str(tmp_path)]
    done = subprocess.run(pipe, env=here, capture_output=True, check=False, timeout=60)
    assert done.stdout.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_ctrl_c_ends_it_at_once_and_politely(here):
    running = subprocess.Popen([*COMMAND, "events"], env=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=10)
    assert running.returncode == 130 and errors == b"" and time.monotonic() - began < 5


def test_progress_is_shown_on_a_terminal_and_results_stay_clean(here, loop, tmp_path):
    ours, theirs = pty.openpty()
    command = [*COMMAND, "analyze", "--json", str(loop())]
    results = tmp_path / "results"  # a pipe that nobody reads yet would hold the command up
    with results.open("wb") as out, subprocess.Popen(command, env=here, stdout=out, stderr=theirs) as done:
        os.close(theirs)
        shown = read_until(ours, None)
        assert done.wait(60) == 0
    os.close(ours)
    [line] = results.read_text().splitlines()
    assert json.loads(line)["status"] == "completed"
    assert b"of 1" in shown and b"loop.wav" in shown


def test_help_comes_without_waiting_for_grpc():
    """So that a shell's completion and a curious user do not wait; the time itself is measured elsewhere."""
    asked = "import sys, samplemind_client.__main__; print('grpc' in sys.modules, 'google' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
    assert done.stdout == b"False False\n"
