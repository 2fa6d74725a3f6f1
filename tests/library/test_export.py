"""What a query finds, as files that the programs they are made for can read: no formula, no name too strange."""

import csv
import io
import json
import re
import warnings
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import uuid4

import m3u8
import pytest
from heard import descriptor, listen

from samplemind_daemon.analysis.plugins import find
from samplemind_daemon.library.export import PIECE, Exports, Lines, Playlist, Rekordbox, Table
from samplemind_daemon.library.export.table import columns, guarded
from samplemind_daemon.library.query import Queries
from samplemind_daemon.model import Order, Place, Query, Range
from samplemind_daemon.refusals import Invalid, Unavailable
from samplemind_daemon.store import folders, sounds

STRANGE = [  # names that programs may stumble over
    "plain.wav", "a,b;c.wav", 'say "hi".wav', "ünïcödé ♯♭ 日本.wav", "=1+1.wav", "+49.wav", "-12.wav", "@cmd.wav",
    "'quoted.wav", "'=x.wav", "''=x.wav", "new\nline.wav", "tab\there.wav", "\rreturn.wav", "#EXTM3U", "# hash.wav",
    "<img onerror=x>&amp;.wav", "%41%2F.wav", "a b  c.wav", "..wav", "~", "line\u2028sep.wav", "nel\x85.wav",
    "bell\a.wav", "a" * 200 + ".wav", "C:\\x.wav", "http:x.wav", "🥁.wav", "]]>.wav", "--.wav",
    "=cmd|' /C calc'!A0.wav", "0",
]  # fmt: skip
RHYTHM = {"tempo.bpm": 120.0, "tempo.beats": (0.25, 0.75, 1.25, 1.75, 2.25, 2.75), "tempo.downbeats": (0.75, 2.75),
          "meter.signature": "4/4", "key.key": "F# minor", "loudness.integrated": -17.25,
          "genre.labels": (("house", 0.8), ("techno", 0.6), ("rock", 0.1)),
          "tags.words": ("dusty", "A minor")}  # fmt: skip
EVERYTHING, BY_NAME = Query(), Order("name", False)


@pytest.fixture(scope="module")
def catalogue():
    return find().catalogue


class Shelf:
    """Sounds of ada, and files of them."""

    def __init__(self, store):
        self.store, self._exports = store, Exports(store, Queries(store), find)

    async def put(self, name="loop.wav", found=RHYTHM, folder=None, path=b""):
        [id] = await self.put_all([(name, found, folder, path)])
        return id

    async def put_all(self, many):
        return await self.store.write(_put, many)

    async def pieces(self, form, asked=EVERYTHING, order=BY_NAME, hidden=()):
        return [one async for one in self._exports.export("ada", asked, order, form, hidden)]

    async def file(self, form, **how):
        return b"".join(one.data for one in await self.pieces(form, **how))


def _put(db, many):
    """Sounds with a name, what was heard, and a folder and a path below it; their ids."""
    ids = []
    for name, found, *where in many:
        folder, path = where or (None, b"")
        ids.append(str(uuid4()))
        place = Place(ids[-1], path, 9, 1, 1, len(path), None) if folder else None
        listen(db, sounds.add(db, "ada", ids[-1], name, 9, uuid4().hex * 2, folder, place), found)
    return ids


@pytest.fixture
def shelf(store):
    return Shelf(store)


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def plain(cell):
    """A cell as its text was, by the rule that docs/export.md gives."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) != cell[1:] else cell


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


async def test_no_cell_is_a_formula_numbers_are_numbers_and_every_text_comes_back(shelf, catalogue):
    words = [f"{sign}{text}" for sign in ("=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\t=",
                                            "'=", "＝", "\ufeff=")
             for text in ("1+1", "SUM(A1)", 'HYPERLINK("x")', "a,b", 'q"q', "line\nline", "", "x'")]  # fmt: skip
    assert len(words) > 100
    await shelf.put_all(
        [
            (f"{number:03}.wav", {"description.text": word, "loudness.integrated": -17.25})
            for number, word in enumerate(words)
        ]
    )
    found = rows(await shelf.file(Table(("description.text", "loudness.integrated"))))
    assert [plain(row["description.text"]) for row in found] == words
    assert [float(row["loudness.integrated"]) for row in found] == [-17.25] * len(words)
    bare = [row["description.text"].lstrip("\0\t\r\n \ufeff") for row in found]
    assert [one for one in bare if one[:1] in tuple("=+-@＝")] == []


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


@pytest.fixture
def collection(tmp_path):
    """Reads a collection with pyrekordbox."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports warn of
        from pyrekordbox.rbxml import RekordboxXml

    def read(data):
        path = tmp_path / "collection.xml"
        path.write_bytes(data)
        return RekordboxXml(path)

    return read


async def test_rekordbox_gets_tempo_key_grid_and_a_playlist(shelf, collection):
    home = await shelf.store.write(folders.add, "ada", str(uuid4()), b"/music", True, (), ())
    await shelf.put("b.wav", RHYTHM, home.id, b"sub/b \xe2\x99\xaf.wav")
    await shelf.put("a.wav", RHYTHM | {"key.key": "C major"})
    read = collection(await shelf.file(Rekordbox()))
    first, second = read.get_tracks()
    assert read.num_tracks == 2
    assert (first["Name"], first["Tonality"], second["Tonality"]) == ("a.wav", "C", "F#m")
    assert (second["AverageBpm"], second["TotalTime"], second["SampleRate"]) == (120.0, 4, 44_100)
    assert second["Location"].lstrip("/") == "music/sub/b ♯.wav" and first["Location"] == "a.wav"
    assert (second["Genre"], second["Comments"], second["Kind"]) == ("house", "dusty, A minor", "WAV File")
    [tempo] = second.tempos
    assert (tempo["Inizio"], tempo["Bpm"], tempo["Metro"], tempo["Battito"]) == (0.25, 120.0, "4/4", 4)
    playlist = read.get_playlist("SampleMind")
    assert playlist.get_tracks() == [1, 2] and playlist.name == "SampleMind"


async def test_strange_names_come_back_from_a_collection(shelf, collection):
    await shelf.put_all([(name, {"tags.words": (name,)}) for name in STRANGE])
    read = collection(await shelf.file(Rekordbox()))
    said = {track["Name"] for track in read.get_tracks()}
    assert said == {re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", name) for name in STRANGE}
    assert {track["Location"] for track in read.get_tracks()} >= {"🥁.wav", "ünïcödé ♯♭ 日本.wav"}


async def test_a_grid_is_within_30_ms_of_every_beat_that_was_heard_whatever_the_tempo_does(shelf, collection):
    tempi = [120.0] * 64 + [120.0 + step / 4 for step in range(64)] + [90.0] * 32
    beats = [0.1]
    for number, tempo in enumerate(tempi):
        beats.append(beats[-1] + 60 / tempo + (0.008 if number % 3 else -0.016) * 0.5)
    beats = tuple(round(one, 4) for one in beats)
    await shelf.put("drift.wav", {"tempo.bpm": 118.0, "tempo.beats": beats})
    [track] = collection(await shelf.file(Rekordbox())).get_tracks()
    grid = track.tempos
    assert 3 <= len(grid) < len(beats) / 4
    for beat in beats:
        since = [one for one in grid if one["Inizio"] <= beat + 0.001][-1]
        steps = (beat - since["Inizio"]) * since["Bpm"] / 60
        assert abs(steps - round(steps)) * 60 / since["Bpm"] < 0.032


async def test_a_steady_loop_has_one_stretch_and_beats_at_another_tempo_than_its_users_none(
    shelf, collection
):
    steady = tuple(round(0.02 + number * 60 / 128, 4) for number in range(512))
    await shelf.put("a.wav", {"tempo.bpm": 128.0, "tempo.beats": steady})
    await shelf.put(
        "b.wav", {"tempo.bpm": descriptor("tempo.bpm", 97.0, None, made_by="user"), "tempo.beats": steady}
    )
    await shelf.put("c.wav", {"tempo.bpm": 128.0, "tempo.beats": None})
    first, second, third = collection(await shelf.file(Rekordbox())).get_tracks()
    assert [(one["Inizio"], one["Bpm"]) for one in first.tempos] == [(0.02, pytest.approx(128.0, abs=0.001))]
    assert second.tempos == third.tempos == [] and second["AverageBpm"] == 97.0


async def test_nothing_found_is_a_file_too(shelf, collection, catalogue):
    assert rows(await shelf.file(Table(columns((), catalogue, ())))) == []
    assert await shelf.file(Lines(("tempo.bpm",))) == b"" and await shelf.file(Playlist()) == b"#EXTM3U\n"
    assert collection(await shelf.file(Rekordbox())).num_tracks == 0
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
