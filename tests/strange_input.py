"""What strangers' bytes are given to, by name: whatever they are, it answers soundly or refuses in its own way.

Each function raises AssertionError, or whatever else went wrong, where that does not hold.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from bad_files import FORMATS, bad_files, encoded

from samplemind_daemon.analysis.evidence import evidence
from samplemind_daemon.analysis.sound import CannotDecode, open_sound
from samplemind_daemon.analysis.sound.file import File
from samplemind_daemon.analysis.sound.probe import probe
from samplemind_daemon.analysis.sound.tags import read_tags
from samplemind_daemon.library import cursors, filters
from samplemind_daemon.model import Media
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service import pages
from samplemind_daemon.store.sounds import FIELDS, ORDERS, Clause

REASONS = {
    "EMPTY", "UNDECODABLE", "UNSUPPORTED_FORMAT", "TRUNCATED", "IMPOSSIBLE_HEADER", "NON_FINITE", "TOO_LONG",
}  # fmt: skip
LONGEST = 2**16  # bytes
LONGEST_SENTENCE = 1_000  # characters
LONGEST_SECONDS = 60.0  # of sound that is heard: a few bytes may hold hours
OTHERS_WORDS = (
    "Error",
    "patches welcome",
    "Operation not permitted",
    "/",
    "errno",
)  # which no user understands
QUERY = ("ada", "state = failed", "created_at desc")
STATUSES = {"ok", "low_confidence"}


def header(path: Path) -> None:
    """Our own reading of the first bytes of a file."""
    file = File(path)
    try:
        found = probe(file)
        assert found.rate == 0 or 1_000 <= found.rate <= 768_000, found
        assert 0 <= found.channels <= 32 and found.bits >= 0 and found.container, found
        assert found.frames is None or found.frames >= 0, found
        assert all(isinstance(one, str) for pair in found.tags.items() for one in pair), found
        list(evidence("", Media(found.container, found.codec, 44_100, 1, 0, 1.0, found.tags)))
    except CannotDecode as cannot:
        _check_refusal(cannot)
    finally:
        file.close()


def tags(path: Path) -> None:
    """The tags of a file: short, without control characters, and good for evidence."""
    file = File(path)
    try:
        found = read_tags(file)
    finally:
        file.close()
    for name, text in found.items():
        assert name.isascii() and len(text.encode()) <= 4_096, (name, text)
        assert not {unicodedata.category(one) for one in text} & {"Cc", "Cs", "Cf"}, (name, text)
    for container in ("wav", "flac", "m4a"):
        _check_evidence("", Media(container, "", 44_100, 1, 0, 1.0, found))


def sound(path: Path) -> None:
    """All of a file: probed, decoded, resampled."""
    try:
        with open_sound(path, longest_seconds=LONGEST_SECONDS) as heard:
            length = 0
            for block in heard.blocks():
                assert np.isfinite(block.samples).all() and abs(block.samples).max(initial=0) < 100
                length += block.source.shape[1]
            assert heard.media.seconds == length / heard.media.rate
    except CannotDecode as cannot:
        _check_refusal(cannot)


def filter(text: str) -> None:
    """The filter of a list; written down again, it is the same one."""
    try:
        found = filters.clauses(text)
    except Invalid as refused:
        _check_invalid(refused, "INVALID_FILTER")
        return
    assert all(one.field in FIELDS for one in found) and len(found) <= filters.MOST
    again = " AND ".join(map(written, found))
    assert len(again) > filters.LONGEST or filters.clauses(again) == found


def order(text: str) -> None:
    """The order of a list."""
    try:
        field, _ = filters.order(text)
        assert field in ORDERS
    except Invalid as refused:
        _check_invalid(refused, "INVALID_ORDER")


def cursor(text: str) -> None:
    """A cursor: only one that was given to the user is taken."""
    try:
        sequence = cursors.read("ada", text)
    except Invalid as refused:
        _check_invalid(refused, "INVALID_CURSOR")
        return
    assert int(text.partition(".")[0]) == sequence and text.endswith(cursors.write("ada", 0)[1:])


def page_token(text: str) -> None:
    """A page token: only one of this very list is taken, and what it says is a place in it."""
    for kind in (int, str):
        try:
            found = pages.page_start(QUERY, text, kind)
        except Invalid as refused:
            _check_invalid(refused, "INVALID_PAGE_TOKEN")
            continue
        assert found is None or (type(found[0]) is kind and isinstance(found[1], str)), found
        if found is not None:
            assert pages.page_start(QUERY, pages.page_token(QUERY, *found), kind) == found


def name(text: str) -> None:
    """What the name of a file says of its sound."""
    _check_evidence(text, None)


FILES: dict[str, Callable[[Path], None]] = {"header": header, "tags": tags, "sound": sound}
TEXTS: dict[str, Callable[[str], None]] = {
    "filter": filter, "order": order, "cursor": cursor, "page_token": page_token, "name": name,
}  # fmt: skip
EXAMPLES = {
    "filter": ["state = failed", 'name : "two words" AND state=queued', 'name : "\\"\\\\" AND sha256 = ab'],
    "order": ["", "name", "created_at desc", "size_bytes asc"],
    "cursor": ["0", cursors.write("ada", 17), cursors.write("bob", 17)],
    "page_token": ["", pages.page_token(QUERY, 17, "a"), pages.page_token(QUERY, "é.wav", "b")],
    "name": [
        "Loop_120bpm_Am.wav",
        "Kick 01 C#1.wav",
        "8A - 124 - Title.mp3",
        "bass_120_Gmin.wav",
        "Am I blue.flac",
    ],
}


def seeds(target: str) -> Iterator[bytes]:
    """Where mutation starts from."""
    if target in TEXTS:
        yield from (text.encode() for text in EXAMPLES[target])
    else:
        yield from (content for content in bad_files().values() if len(content) < 2**16)
        yield from map(encoded, FORMATS)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, put in, left out, or taken twice."""
    data = bytearray(seed)
    for _ in range(chance.choice([1, 1, 2, 4, 16, 64])):
        place, length = chance.randrange(len(data) + 1), chance.choice([1, 1, 2, 4, 8, 200])
        match chance.randrange(4):
            case 0:
                data[place : place + length] = chance.randbytes(min(length, len(data) - place))
            case 1:
                data[place:place] = chance.randbytes(length)
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = data[place : place + length]
    return bytes(data[:LONGEST])


def give(target: str, data: bytes, scratch: Path) -> None:
    """Give a target these bytes, as a file or as text."""
    if target in TEXTS:
        # The wire has no half characters; names of files may have any byte.
        TEXTS[target](data.decode(errors="surrogateescape" if target == "name" else "replace"))
        return
    scratch.write_bytes(data)
    FILES[target](scratch)


def _check_refusal(cannot: CannotDecode) -> None:
    assert cannot.reason in REASONS, cannot.reason
    assert 10 < len(cannot.message) < LONGEST_SENTENCE, cannot.message
    own_words = cannot.message.partition("it begins with ")[0]  # what follows are bytes of the file
    assert not any(word in own_words for word in OTHERS_WORDS), cannot.message


def _check_invalid(refused: Invalid, reason: str) -> None:
    assert refused.reason == reason and 10 < len(str(refused)) < LONGEST_SENTENCE, refused
    str(refused).encode()  # it goes out to whoever asked


def _check_evidence(said: str, media: Media | None) -> None:
    for one in evidence(said, media):
        assert one.name.startswith("file.") and one.status in STATUSES and one.made_by, one
        assert (one.status == "ok") == (one.reason == ""), one
        if one.name == "file.bpm":
            assert 30 <= one.value <= 300, one


def written(clause: Clause) -> str:
    """A clause as a caller writes it."""
    value = clause.value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{clause.field} {":" if clause.holds else "="} "{value}"'
