"""What a query finds, as files that the programs they are made for can read: no formula, no name too strange."""

import csv
import io
import json
import shutil
import subprocess
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import uuid4

import m3u8
import pytest
from heard import descriptor
from shelf import RHYTHM, STRANGE, Shelf

from samplemind_client.commands.sheet import plain
from samplemind_daemon.analysis.plugins import find
from samplemind_daemon.library.export import PIECE, Exports, Lines, Playlist, Rekordbox, Table
from samplemind_daemon.library.export.table import cell, columns
from samplemind_daemon.model import Order, Query, Range
from samplemind_daemon.refusals import Invalid, Unavailable
from samplemind_daemon.store import folders, sounds

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\t=", "'=", "＝", "\ufeff=")
TEXTS = ("1+1", "SUM(A1)", 'HYPERLINK("x")', "a,b", 'q"q', "line\nline", "", "x'")
WORDS = [f"{sign}{text}" for sign in SIGNS for text in TEXTS]


@pytest.fixture(scope="module")
def catalogue():
    return find().catalogue


@pytest.fixture
def shelf(store):
    return Shelf(store)


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


async def test_a_table_has_a_heading_and_a_row_a_sound_in_the_order_of_the_query(shelf, catalogue):
    for bpm in (130.0, 110.0, 120.0):
        await shelf.put(f"{bpm:.0f}.wav", RHYTHM | {"tempo.bpm": bpm})
    data = await shelf.file(
        Table(columns((), catalogue, ())), order=Order("bpm", True), asked=Query(bpm=Range(high=125))
    )
    first, second = rows(data)
    assert (first["name"], second["name"]) == ("120.wav", "110.wav")
    assert (first["tempo.bpm"], first["loudness.integrated"], first["seconds"]) == ("120.0", "-17.25", "4.0")
    assert (first["genre.labels"], first["tags.words"]) == ("house; techno", "dusty; A minor")
    assert first["key.key"] == "F# minor" and first["kind.label"] == ""
    assert data.endswith(b"\r\n") and data.count(b"\r\n") == 3 and b"\xef\xbb\xbf" not in data


async def test_no_cell_is_a_formula_numbers_are_numbers_and_every_text_comes_back(shelf):
    assert len(WORDS) > 100
    await shelf.put_all(
        [
            (f"{number:03}.wav", {"description.text": word, "loudness.integrated": -17.25})
            for number, word in enumerate(WORDS)
        ]
    )
    found = rows(await shelf.file(Table(("description.text", "loudness.integrated"))))
    assert [plain(row["description.text"]) for row in found] == WORDS
    assert [float(row["loudness.integrated"]) for row in found] == [-17.25] * len(WORDS)
    bare = [row["description.text"].lstrip("\0\t\r\n \ufeff") for row in found]
    assert [one for one in bare if one[:1] in tuple("=+-@＝")] == []


if OFFICE := shutil.which("soffice"):  # it is heavy: asked where it is at hand

    @pytest.mark.timeout(300)
    def test_a_spreadsheet_sees_no_formula_and_the_numbers(tmp_path):
        tables = {
            "guarded": [[cell(word), cell(-17.25)] for word in WORDS],
            "bare": [[word, cell(-17.25)] for word in WORDS],
        }
        for name, lines in tables.items():
            with (tmp_path / f"{name}.csv").open("w", newline="") as file:
                csv.writer(file).writerows(lines)
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        as_entered = (
            "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"  # formulas are taken as such
        )
        command = [
            OFFICE,
            profile,
            "--headless",
            as_entered,
            "--convert-to",
            "fods",
            "guarded.csv",
            "bare.csv",
        ]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=240)
        opened = {name: (tmp_path / f"{name}.fods").read_text("utf-8") for name in tables}
        assert opened["guarded"].count("table:formula=") == 0 < opened["bare"].count("table:formula=")
        assert opened["guarded"].count('office:value="-17.25"') == len(WORDS)


async def test_strange_names_come_back_from_a_table(shelf):
    await shelf.put_all([(name, {}) for name in STRANGE])
    found = rows(await shelf.file(Table(())))
    assert sorted(plain(row["name"]) for row in found) == sorted(STRANGE)


async def test_columns_are_named_by_descriptor_or_analyzer(catalogue):
    assert columns(["key.key", "key"], catalogue, ())[:2] == ("key.key", "key.camelot")
    assert "file.bpm" in columns(["file"], catalogue, ())
    assert "genre.labels" in columns((), catalogue, ()) and "genre.labels" not in columns(
        (), catalogue, {"genre"}
    )
    with pytest.raises(Invalid, match="'colour'"):
        columns(["key", "colour"], catalogue, ())


async def test_a_hidden_feature_is_in_no_file(shelf, catalogue):
    await shelf.put()
    for form in (Table(columns(["genre"], catalogue, {"genre"})), Lines(("genre.labels",)), Rekordbox()):
        assert b"house" not in await shelf.file(form, hidden={"genre"})


async def test_lines_are_objects_without_anything_that_is_no_json(shelf):
    await shelf.put("ünï\n.wav", {"tempo.bpm": descriptor("tempo.bpm", None, None, reason="silence")})
    [line] = (await shelf.file(Lines(("tempo.bpm", "key.key")))).decode().splitlines()
    one = json.loads(line)
    assert one["file"] == "ünï\n.wav" and one["status"] == "completed" and one["seconds"] == 4.0
    assert (
        list(one["descriptors"]) == ["tempo.bpm"] and one["descriptors"]["tempo.bpm"]["reason"] == "silence"
    )


async def test_a_playlist_is_read_with_lengths_names_and_paths(shelf):
    home = await shelf.store.write(folders.add, "ada", str(uuid4()), b"/music/my loops", True, (), ())
    names = [f"{number:02}{name}" for number, name in enumerate(STRANGE)]
    await shelf.put_all([(name, {}, home.id, name.encode()) for name in names])
    await shelf.put_all([(name, {}) for name in names])
    await shelf.put("99 trail", {}, home.id, b"99 trail \xff ")
    text = (await shelf.file(Playlist())).decode()
    read = m3u8.loads(text).segments
    assert text.startswith("#EXTM3U\n") and len(read) == 2 * len(STRANGE) + 1
    assert {one.duration for one in read} == {4.0}
    paths = [unquote_to_bytes(urlsplit(one.uri).path) if one.uri.startswith("file://") else one.uri.encode()
             for one in read if one.uri.startswith(("/", "file://"))]  # fmt: skip
    expected = [f"/music/my loops/{number:02}{name}".encode() for number, name in enumerate(STRANGE)]
    assert sorted(paths) == sorted([*expected, b"/music/my loops/99 trail \xff "])
    assert "/music/my loops/00plain.wav" in text.splitlines() and "00plain.wav" in text.splitlines()


async def test_a_name_of_an_upload_is_no_comment_of_a_playlist(shelf):
    await shelf.put("#EXT.wav", {})
    assert m3u8.loads((await shelf.file(Playlist())).decode()).segments[0].uri == "./#EXT.wav"


async def test_nothing_found_is_a_file_too(shelf, catalogue):
    assert rows(await shelf.file(Table(columns((), catalogue, ())))) == []
    assert await shelf.file(Lines(("tempo.bpm",))) == b"" and await shelf.file(Playlist()) == b"#EXTM3U\n"
    [one] = await shelf.pieces(Lines(()))
    assert (one.data, one.done, one.total) == (b"", 0, 0)


async def test_a_file_comes_in_pieces_of_64_kib_with_what_is_done(shelf):
    tags = [tuple(f"{number} {word} {'x' * 90}" for word in range(20)) for number in range(120)]
    await shelf.put_all([(f"{number}.wav", {"tags.words": words}) for number, words in enumerate(tags)])
    found = await shelf.pieces(Table(("tags.words",)))
    assert (
        {len(one.data) for one in found[:-1]} == {PIECE} and len(found[-1].data) <= PIECE and len(found) > 3
    )
    done = [one.done for one in found]
    assert done == sorted(done) and done[-1] == 120 and {one.total for one in found} == {120}


async def test_what_is_deleted_meanwhile_is_left_out_and_a_collection_that_counts_says_so(shelf):
    ids = await shelf.put_all([(f"{number:03}.wav", {}) for number in range(120)])

    async def export(form):
        told = b""
        async for text, _ in shelf._exports._texts("ada", ids, form, ()):
            told += text.encode()
            await shelf.store.write(sounds.remove, "ada", ids[-1])
        return told

    assert len(rows(await export(Table(())))) == 119
    with pytest.raises(Unavailable) as refused:
        async for _ in Exports(shelf.store, _Frozen(ids), find).export("ada", Query(), Order(), Rekordbox()):
            pass
    assert refused.value.reason == "CHANGED_MEANWHILE"


class _Frozen:
    """A query that was answered before a sound was deleted."""

    def __init__(self, ids):
        self._ids = ids

    async def ids(self, user, asked, order):
        return self._ids
