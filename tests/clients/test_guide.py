"""docs/client.md is true: its Python runs, and its commands print what it says they print."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "client.md").read_text("utf-8")
LIBRARY = (ROOT / "docs" / "library.md").read_text("utf-8")


def blocks(language, page=GUIDE):
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(own_daemon, tmp_path):
    """Runs a command beside a file loop.wav, on the daemon's machine; gives what it printed."""
    daemon = own_daemon()
    folder = tmp_path / "desk"
    folder.mkdir()
    made = [sys.executable, str(ROOT / "docs" / "examples" / "loop.py"), "loop.wav"]
    subprocess.run(made, cwd=folder, check=True, timeout=60)

    def run(*command, status=0):
        done = subprocess.run(command, cwd=folder, env=daemon.environment, capture_output=True, timeout=60)
        assert done.returncode == status, done.stderr.decode()
        return done.stdout.decode()

    return run


def test_the_python_of_the_guide_runs(desk):
    waiting, awaiting, refused = (desk(sys.executable, "-c", code) for code in blocks("python"))
    assert "Result(" in waiting and "BPM" in waiting and "loop.wav 7.74" in waiting
    assert " completed 1 1\n" in awaiting and "audio.completed loop.wav" in awaiting
    assert refused.startswith("NOT_FOUND AUDIO_NOT_FOUND There is ")


def test_the_commands_of_the_guide_print_what_it_says(desk):
    [session] = blocks("console")
    for command, said in re.findall(r"^\$ samplemind (.*)\n((?:(?!\$).*\n)*)", session, re.MULTILINE):
        printed = desk(sys.executable, "-m", "samplemind_client", *shlex.split(command))
        assert _says(printed.splitlines(), said.splitlines()), printed


def test_the_searches_of_the_page_about_the_library_find_what_it_says(desk):
    [session], [code] = blocks("console", LIBRARY), blocks("python", LIBRARY)
    for command, said in re.findall(r"^\$ samplemind (.*)\n((?:(?!\$).*\n)*)", session, re.MULTILINE):
        printed = desk(sys.executable, "-m", "samplemind_client", *shlex.split(command))
        assert _says(printed.splitlines(), said.splitlines()), printed
    found, counted = desk(sys.executable, "-c", code).splitlines()
    assert found.startswith("loop.wav 124.") and counted == "1 {'loop': 1}"


def test_the_json_of_the_guide_is_of_the_shape_that_is_printed(desk):
    [example] = map(json.loads, blocks("json"))
    printed = json.loads(desk(sys.executable, "-m", "samplemind_client", "analyze", "--json", "loop.wav"))
    assert list(example) == list(printed) and example["seconds"] == printed["seconds"]
    for name, found in example["descriptors"].items():
        assert list(found) == list(printed["descriptors"][name])
        assert found["value"] == pytest.approx(printed["descriptors"][name]["value"], abs=0.1)


def test_every_command_of_the_guide_is_there_and_every_command_is_in_the_guide():
    asked = [sys.executable, "-m", "samplemind_client", "--help"]
    shown = subprocess.run(
        asked, capture_output=True, check=True, text=True, env=os.environ | {"COLUMNS": "80"}
    )
    there = set(re.findall(r"^  ([a-z]+) ", shown.stdout.partition("Commands:")[2], re.MULTILINE))
    rows = [line.partition(" | ")[0] for line in GUIDE.splitlines() if line.startswith("| `")]
    told = {word.split()[0] for row in rows for word in re.findall(r"`(?:samplemind )?([a-z]+[^`]*)`", row)}
    assert told == there and len(there) > 15


def _says(printed, expected):
    """Whether these lines are printed, where "..." stands for any lines."""
    if not expected:
        return not printed
    first, *others = expected
    if first.strip() == "...":
        return any(_says(printed[start:], others) for start in range(len(printed) + 1))
    return bool(printed) and _alike(printed[0], first) and _says(printed[1:], others)


def _alike(line, expected):
    (words, numbers), (others, figures) = _told(line), _told(expected)
    return words == others and numbers == pytest.approx(figures, abs=0.05)


def _told(text):
    """What is told, without the time of day and how sure it is; and the numbers in it."""
    timeless = re.sub(r"\d\d:\d\d:\d\d", "TIME", re.sub(r"\d+% sure", "sure", text))
    return re.sub(r"-?\d+\.\d+", "NUMBER", timeless), [
        float(one) for one in re.findall(r"-?\d+\.\d+", timeless)
    ]
