"""The documentation is true: every listing is the file that it says it is, or does what it shows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listings import CHECKOUT, disagreements, listings

DOCUMENTS = ("docs/plugins.md", "docs/own-models.md")


@pytest.fixture(params=DOCUMENTS)
def found(request):
    """The listings of each document."""
    return listings(CHECKOUT / request.param)


@pytest.fixture
def desk(tmp_path):
    """A folder as the reader has it: the examples, a sound, and a home of its own."""
    for example in (CHECKOUT / "docs" / "examples").glob("*.py"):
        shutil.copy(example, tmp_path)
    samples = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(2 * 44_100) / 44_100)
    soundfile.write(tmp_path / "tone.wav", samples, 44_100)
    return tmp_path


@pytest.fixture
def run(desk):
    """Runs a command line at that desk."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLEMIND_")}
    here = Path(sys.executable).parent
    environment = {**outside, "HOME": str(desk / "home"), "PATH": f"{here}:{os.environ['PATH']}"}

    def run(command):
        return subprocess.run(
            ["bash", "-c", command], cwd=desk, env=environment, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip

    return run


def test_every_listing_is_from_a_file_or_is_run(found):
    assert len(found) > 1
    for one in found:
        assert one.how or one.kind in ("python", "console"), f"line {one.line}"


def test_every_listing_that_is_from_a_file_is_what_the_file_has(found):
    quoted = [one for one in found if one.how == "from"]
    assert quoted
    for one in quoted:
        assert one.text == one.source, f"line {one.line}: {one.where}"


def test_every_listing_that_another_test_runs_is_known_to_that_test(found):
    for one in found:
        if one.how == "run by":
            assert "run by" in (CHECKOUT / one.where).read_text(), f"line {one.line}"


def test_the_python_of_a_document_runs_from_top_to_bottom(found, desk, run):
    script = "\n".join(one.text for one in found if one.kind == "python" and not one.how)
    (desk / "script.py").write_text(script)
    done = run("python script.py")
    assert done.returncode == 0, done.stderr


def test_the_commands_of_a_document_print_what_it_shows(found, run):
    transcript = [pair for one in found if one.kind == "console" and not one.how for pair in one.transcript]
    assert disagreements(transcript, run) == []


def test_a_listing_that_is_not_true_is_seen(tmp_path, run):
    document = tmp_path / "x.md"
    document.write_text(
        "<!-- from docs/examples/length.py: Length -->\n```python\nclass Length: ...\n```\n"
        "```console\n$ echo one; echo two\none\n...\n$ echo three\nfour\n```\n"
    )
    quoted, shown = listings(document)
    assert (quoted.line, quoted.kind) == (1, "python") and quoted.text != quoted.source
    assert quoted.source.startswith("class Length(Analyzer):\n")
    assert disagreements(shown.transcript, run) == ["$ echo three\nthree\n"]
