"""The .proto files keep buf's rules, a comment on whatever there is, and all that the last release promised."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROTO = Path(__file__).parents[2] / "proto"
INSTALLED = Path(sys.prefix) / "buf" / "node_modules" / "@bufbuild" / "buf-linux-x64" / "bin" / "buf"


@pytest.fixture
def ask():
    """What buf says of a folder of .proto files, asked so: nothing, if all is well."""
    buf = str(INSTALLED) if INSTALLED.is_file() else shutil.which("buf")
    if buf is None:
        pytest.skip("buf is not installed: `make test` brings it where there is npm")

    def ask(folder: Path, *how: str) -> str:
        done = subprocess.run(
            [buf, *how], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode == 0) == (not done.stdout), done.stderr
        return done.stdout

    return ask


def changed(folder: Path, before: str, after: str) -> Path:
    """The .proto files with a change in that of sounds."""
    shutil.copytree(PROTO, folder / "proto")
    file = folder / "proto" / "samplemind" / "v1" / "audio.proto"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    return folder / "proto"


def test_the_proto_files_keep_the_rules(ask):
    assert ask(PROTO, "lint") == ""


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("  // UUID.\n", "", "should have a non-empty comment"),
        ("// Not said.\n", "", "should have a non-empty comment"),
        ("AUDIO_STATE_UNSPECIFIED", "AUDIO_STATE_NONE", "should be suffixed with"),
        ("size_bytes", "sizeBytes", "lower_snake_case"),
    ],
)
def test_a_departure_from_the_rules_is_seen(ask, tmp_path, before, after, complaint):
    assert complaint in ask(changed(tmp_path, before, after), "lint")


BREAKING = ("breaking", "--against", "released.binpb")


def test_all_that_the_last_release_promised_is_kept(ask):
    assert ask(PROTO, *BREAKING) == ""


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("  // File name, for people.\n  string name = 2;\n", "", "was deleted"),
        ("string sha256 = 7;", "bytes sha256 = 7;", "changed type"),
        ("AUDIO_STATE_QUARANTINED = 7;", "AUDIO_STATE_POISON = 7;", "changed name"),
        ("rpc Delete(", "rpc Remove(", "was deleted"),
        ("returns (stream DownloadResponse)", "returns (DownloadResponse)", "changed from server streaming"),
    ],
)
def test_a_broken_promise_is_seen(ask, tmp_path, before, after, complaint):
    assert complaint in ask(changed(tmp_path, before, after), *BREAKING)


def test_what_is_new_breaks_nothing(ask, tmp_path):
    new = "  // What is new.\n  string novelty = 100;\n  // UUID.\n"
    assert ask(changed(tmp_path, "  // UUID.\n", new), *BREAKING) == ""


def test_no_field_has_a_name_that_generated_code_takes_for_itself():
    names = {
        name for file in PROTO.rglob("*.proto") for name in re.findall(r" (\w+) = \d+;", file.read_text())
    }
    assert "size_bytes" in names and "descriptor" not in names
