"""The .proto files keep buf's rules: names, packages, and a comment on whatever there is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROTO = Path(__file__).parents[2] / "proto"
INSTALLED = Path(sys.prefix) / "buf" / "node_modules" / "@bufbuild" / "buf-linux-x64" / "bin" / "buf"


@pytest.fixture
def lint():
    """What buf says of a folder of .proto files: nothing, if all is well."""
    buf = str(INSTALLED) if INSTALLED.is_file() else shutil.which("buf")
    if buf is None:
        pytest.skip("buf is not installed: `make test` brings it where there is npm")

    def lint(folder: Path) -> str:
        done = subprocess.run(
            [buf, "lint"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode == 0) == (not done.stdout), done.stderr
        return done.stdout

    return lint


def test_the_proto_files_keep_the_rules(lint):
    assert lint(PROTO) == ""


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("  // UUID.\n", "", "should have a non-empty comment"),
        ("// Not said.\n", "", "should have a non-empty comment"),
        ("AUDIO_STATE_UNSPECIFIED", "AUDIO_STATE_NONE", "should be suffixed with"),
        ("size_bytes", "sizeBytes", "lower_snake_case"),
    ],
)
def test_a_departure_from_the_rules_is_seen(lint, tmp_path, before, after, complaint):
    shutil.copytree(PROTO, tmp_path / "proto")
    changed = tmp_path / "proto" / "samplemind" / "v1" / "audio.proto"
    changed.write_text(changed.read_text().replace(before, after, 1))
    assert complaint in lint(tmp_path / "proto")
