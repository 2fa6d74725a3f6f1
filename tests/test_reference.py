"""The API reference says what the .proto files say."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
reference = runpy.run_path(str(ROOT / "proto" / "reference.py"))["reference"]


def test_the_api_reference_is_what_make_docs_would_write():
    assert (ROOT / "docs" / "api.md").read_text("utf-8") == reference(), "run make docs"


def test_every_rpc_stands_in_it_with_a_comment():
    page = reference()
    assert "| `FinishUpload` | [FinishUploadRequest](#finishuploadrequest)" in page
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 300
    assert [row for row in rows if row.endswith("|  |")] == []
