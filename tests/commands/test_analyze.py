"""`samplemindd analyze` as FACE has it: with no daemon and no account."""

import json
import os
import pty
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import psutil
import pytest
import soundfile

PLUGIN = """
    import ctypes, time
    from samplemind_sdk import Analyzer, Input, Output, hookimpl

    class Peak(Analyzer):
        "How high it goes."
        name, version = "summit", 4
        level = Output(unit="FS")
        highest = 0.0

        def update(self, block):
            self.highest = max(self.highest, float(abs(block.samples).max()))
            if self.highest > 0.95:
                ctypes.string_at(0)
            if 0.85 < self.highest < 0.86:
                time.sleep(600)

        def describe(self):
            yield self.level(self.highest, confidence=0.75, candidates=[(0.5, 0.25)])

    class Half(Analyzer):
        "Half of it."
        name = "half"
        level = Output()
        summit = Input("summit.level")
        def describe(self): yield self.level(self.summit.value / 2)

    @hookimpl
    def analyzers():
        return [Peak, Half]
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "plugins").mkdir(parents=True)
    (tmp_path / "home" / "plugins" / "summit.py").write_text(textwrap.dedent(PLUGIN))
    return tmp_path / "home"


@pytest.fixture
def sounds(tmp_path):
    place = tmp_path / "sounds"
    (place / "deeper").mkdir(parents=True)
    return place


def write(path, level=0.5, seconds=1.0):
    soundfile.write(path, level * np.sin(np.arange(int(seconds * 44_100)) / 20), 44_100, format="WAV")
    return path


def command(home, *arguments):
    return [sys.executable, "-m", "samplemind_daemon", "analyze", "--home", str(home), *map(str, arguments)]


def run(home, *arguments, **more):
    return subprocess.run(command(home, *arguments), capture_output=True, timeout=60, check=False, **more)


def objects(done):
    def refuse(constant):
        raise ValueError(constant)

    lines = [json.loads(line, parse_constant=refuse) for line in done.stdout.splitlines()]
    return {os.path.basename(one["file"]): one for one in lines}


def test_a_file_is_one_json_object_as_promised(home, sounds):
    file = write(sounds / "tone.wav")
    done = run(home, "--json", file)
    assert done.returncode == 0
    [one] = objects(done).values()
    assert list(one) == ["file", "status", "seconds", "error", "descriptors"]
    assert (one["file"], one["status"], one["seconds"], one["error"]) == (str(file), "completed", 1.0, None)
    summit = one["descriptors"]["summit.level"]
    assert summit.pop("value") == pytest.approx(0.5, abs=0.01)
    assert summit == {
        "unit": "FS", "confidence": 0.75, "status": "ok", "candidates": [{"value": 0.5, "confidence": 0.25}],
        "reason": None, "made_by": "summit", "version": 4,
    }  # fmt: skip


def test_a_folder_is_one_line_a_file_and_failures_leave_the_others_done(home, sounds):
    for name in ("a.wav", "deeper/b.odd", "deeper/no_ending", ".hidden.wav", "notes.txt"):
        write(sounds / name)
    (sounds / "broken.wav").write_text("no sound at all")
    (sounds / "empty.wav").touch()
    write(sounds / "crash.wav", level=1.0)
    done = run(home, "--json", "--jobs", 2, sounds)
    found = objects(done)
    assert done.returncode == 1 and done.stdout.count(b"\n") == 6
    completed = {name for name, one in found.items() if one["status"] == "completed"}
    assert completed == {"a.wav", "b.odd", "no_ending"}
    failed = {name: one["error"] for name, one in found.items() if one["status"] == "failed"}
    assert set(failed) == {"broken.wav", "empty.wav", "crash.wav"}
    assert failed["crash.wav"]["reason"] == "WORKER_DIED" and "SIGSEGV" in failed["crash.wav"]["message"]
    assert all(one["reason"].isupper() and one["message"] for one in failed.values())


def test_a_file_that_is_named_is_tried_whatever_its_name(home, sounds):
    done = run(home, "--json", write(sounds / ".hidden.txt"))
    assert done.returncode == 0 and objects(done)[".hidden.txt"]["status"] == "completed"


def test_a_missing_file_is_a_failed_item_and_a_special_one_too(home, sounds):
    os.mkfifo(sounds / "pipe.wav")
    done = run(home, "--json", sounds / "gone.wav", sounds / "pipe.wav", write(sounds / "a.wav"))
    found = objects(done)
    assert done.returncode == 1
    assert found["gone.wav"]["error"]["reason"] == "NOT_FOUND"
    assert found["pipe.wav"]["error"]["reason"] == "NOT_A_FILE"
    assert found["a.wav"]["status"] == "completed"


def test_names_that_are_no_text_are_printable(home, sounds):
    write(sounds / "caf\u00e9\n.wav")
    write(os.path.join(os.fsencode(sounds), b"\xff\x1b[31m.wav"))
    done = run(home, "--json", sounds)
    assert done.returncode == 0
    assert set(objects(done)) == {"caf\u00e9\n.wav", "\ufffd\x1b[31m.wav"}
    human = run(home, sounds)
    assert human.returncode == 0 and b"\x1b" not in human.stdout and b"\n.wav" not in human.stdout


def test_only_those_asked_for_are_shown_but_their_sources_are_made(home, sounds):
    one = objects(run(home, "--json", "--only", "half", write(sounds / "a.wav")))["a.wav"]
    assert list(one["descriptors"]) == ["half.level"]
    assert one["descriptors"]["half.level"]["value"] == pytest.approx(0.25, abs=0.01)


def test_a_descriptor_alone_is_shown_alone(home, sounds):
    path = write(sounds / "Loop_128bpm_Am.wav")
    done = run(home, "--json", "--only", "half.level, file.bpm", path)
    assert list(objects(done)["Loop_128bpm_Am.wav"]["descriptors"]) == ["half.level", "file.bpm"]
    only = objects(run(home, "--json", "--only", "file.key", path))["Loop_128bpm_Am.wav"]
    assert list(only["descriptors"]) == ["file.key"] and only["seconds"] > 0
    unknown = run(home, "--only", "half.lever", path)
    assert unknown.returncode == 2 and b"half finds out nothing called lever" in unknown.stderr


def test_what_a_name_says_stands_beside_what_is_heard(home, sounds):
    path = write(sounds / "Loop_128bpm_Am.wav")
    found = objects(run(home, "--json", path))["Loop_128bpm_Am.wav"]["descriptors"]
    assert (found["file.bpm"]["value"], found["file.key"]["value"]) == (128.0, "A minor")
    assert found["file.bpm"]["made_by"] == "file name" and found["file.bpm"]["confidence"] is None
    assert "summit.level" in found
    only = objects(run(home, "--json", "--only", "half", path))["Loop_128bpm_Am.wav"]["descriptors"]
    assert list(only) == ["half.level"]


def test_bad_usage_is_status_2_with_a_sentence(home, sounds):
    nothing, unknown = run(home), run(home, "--only", "tempi", write(sounds / "a.wav"))
    assert nothing.returncode == unknown.returncode == 2
    assert b"PATH" in nothing.stderr and b"no analyzer called tempi" in unknown.stderr
    assert nothing.stdout == unknown.stdout == b""


def test_people_get_a_line_for_each_descriptor(home, sounds):
    done = run(home, write(sounds / "a.wav"), sounds / "gone.wav")
    text = done.stdout.decode()
    assert "a.wav  1.00 s\n" in text and "summit.level" in text and "0.50 FS  (75% sure)" in text
    assert "gone.wav\n  failed: there is no file" in text and "(NOT_FOUND)" in text


def test_a_broken_plugin_is_reported_on_stderr_and_skipped(home, sounds):
    (home / "plugins" / "bad.py").write_text("import no_such_module")
    done = run(home, "--json", write(sounds / "a.wav"))
    assert done.returncode == 0 and b"bad" in done.stderr and b"no_such_module" in done.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "samplemind_daemon", "plugins", "--home", str(home)],
        capture_output=True,
        check=False,
    )
    assert listed.returncode == 1
    assert b"no_such_module" in listed.stdout and b"summit 4: summit.level" in listed.stdout


def test_the_same_files_give_the_same_answers(home, sounds):
    for number in range(8):
        write(sounds / f"{number}.wav", level=number / 10, seconds=number / 3 + 0.1)
    first, second = (run(home, "--json", "--jobs", jobs, sounds) for jobs in (1, 3))
    assert sorted(first.stdout.splitlines()) == sorted(second.stdout.splitlines())


def test_a_reader_that_leaves_early_is_no_disaster(home, sounds):
    for number in range(20):
        write(sounds / f"{number}.wav")
    done = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$@" | head -1', "-", *command(home, "--json", sounds)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_ctrl_c_ends_it_quickly_and_leaves_nobody_behind(home, sounds):
    stuck = write(sounds / "stuck.wav", level=0.855)
    running = subprocess.Popen(
        command(home, "--json", write(sounds / "a.wav"), stuck),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert b"a.wav" in running.stdout.readline()
    family = psutil.Process(running.pid).children(recursive=True)
    began = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=10)
    assert time.monotonic() - began < 3
    assert running.returncode == 130 and b"Traceback" not in errors
    assert len(family) >= 3 and not psutil.wait_procs(family, timeout=5)[1]


def test_progress_is_shown_on_a_terminal_and_results_stay_clean(home, sounds):
    write(sounds / "a.wav", seconds=20)
    ours, theirs = pty.openpty()
    done = subprocess.Popen(command(home, "--json", sounds), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    lines, shown = done.stdout.read(), b""
    done.wait(timeout=60)
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:  # the terminal's other end is closed
        pass
    os.close(ours)
    assert done.returncode == 0 and json.loads(lines)["status"] == "completed"
    assert b"of 1" in shown
