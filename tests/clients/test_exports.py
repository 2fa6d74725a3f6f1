"""An exported file is whole, or is not there."""

import grpc
import pytest

from samplemind.v1 import library_pb2, library_pb2_grpc
from samplemind_client import CannotReach, SampleMindError


class Exports(library_pb2_grpc.LibraryServiceServicer):
    """Sends three pieces; breaks off so many times before the first, and after the second if told to."""

    def __init__(self, early=0, late=False):
        self.early, self.late, self.asked = early, late, []

    async def Export(self, request, context):
        self.asked.append(request)
        if self.early:
            self.early -= 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "it broke")
        for number in range(1, 4):
            if self.late and number == 3:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "it broke")
            yield library_pb2.ExportResponse(data=b"piece %d\n" % number, done=number, total=3)


async def test_a_break_before_the_first_piece_is_made_good(serve, ask, tmp_path):
    servicer, heard = Exports(early=2), []
    client = ask(await serve(servicer))
    path = tmp_path / "table.csv"
    path.write_text("of before")
    done = await client.library.export(
        path, "csv", "kick", order_by="bpm", bpm=(120, 130), progress=lambda *how: heard.append(how)
    )
    assert done == 3 and path.read_bytes() == b"piece 1\npiece 2\npiece 3\n"
    assert heard == [(1, 3), (2, 3), (3, 3)] and len(servicer.asked) == 3
    asked = servicer.asked[-1]
    assert (asked.query.text, asked.query.bpm.low, asked.order_by) == ("kick", 120, "bpm")


async def test_a_break_later_is_said_and_leaves_what_was_there(serve, ask, tmp_path):
    client = ask(await serve(Exports(late=True)))
    path = tmp_path / "table.csv"
    path.write_text("of before")
    with pytest.raises(CannotReach, match="broke off"):
        await client.library.export(path, "csv")
    assert path.read_text() == "of before" and list(tmp_path.iterdir()) == [path]


async def test_what_is_no_format_is_refused_before_anything_is_asked(ask, tmp_path):
    with pytest.raises(SampleMindError, match="'xls' is none of csv, jsonl, m3u8, rekordbox"):
        await ask("127.0.0.1:1").library.export(tmp_path / "x", "xls")
    assert list(tmp_path.iterdir()) == []
