"""What the name of a file says of its tempo, key, root note and kind. Better nothing than a guess."""

import re
from collections.abc import Iterator
from itertools import pairwise

from .keys import camelot
from .letters import read_keys, read_notes
from .words import SAMPLES, Name, words

SLOWEST, FASTEST = 30.0, 300.0  # BPM
LONGEST = 255  # characters that are read

Fact = tuple[str, float | str]  # of "bpm", "key", "root_note" or "kind"

_ENDING = re.compile(
    r"\.(wave?|w64|rf64|bw64|aif[fc]?|flac|mp[234]|og[ga]|opus|m4[ab]|aac|wma|asf|wv|ape|tta|tak|mp[c+]|caf|au"
    r"|snd|mka|mkv|webm|mov)$",
    re.IGNORECASE,
)
_NUMBER = r"\d{2,3}(?:[.,]\d{1,3})?"
_TEMPO = re.compile(
    rf"(?:(?<![\d.,])(\d{{2,3}}) ?[-–~] ?)?(?<![\d.,])({_NUMBER})[ _-]?bpm(?![A-Za-z])"
    rf"|(?<![A-Za-z])bpm[ _:=-]{{0,2}}({_NUMBER})(?![\d.,]*[\dA-Za-z])",
    re.IGNORECASE,
)
_HOUR_FIRST = re.compile(rf"(?:^| - )(?P<hour>\d{{1,2}})(?P<letter>[AB]) - (?P<bpm>{_NUMBER})(?= - )")
_TEMPO_FIRST = re.compile(rf"(?:^| - )(?P<bpm>{_NUMBER}) - (?P<hour>\d{{1,2}})(?P<letter>[AB])(?= - )")
_LOOPS = frozenset({"loop", "loops"})


def read_name(name: str) -> Iterator[Fact]:
    """What the name of a file says, the first of each sort being the likeliest."""
    text = _ENDING.sub("", re.split(r"[/\\]", name)[-1])[:LONGEST].replace("♯", "#").replace("♭", "b")
    tempi = list(_tempi(text))
    known = Name(text, tuple(span for span, _ in tempi))
    yield from (("bpm", bpm) for _, bpm in tempi)
    yield from _mixed_in_key(text)
    for key, bpm in read_keys(known):
        yield "key", key
        if bpm:
            yield "bpm", bpm
    yield from (("root_note", note) for note in read_notes(known))
    yield from (("kind", kind) for kind in _kinds(known))


def _tempi(text: str) -> Iterator[tuple[tuple[int, int], float]]:
    """Where a number stands with "bpm", and which; "120-130bpm" says none."""
    for found in _TEMPO.finditer(text):
        if found[1] and SLOWEST <= float(found[1]) <= FASTEST:
            continue
        bpm = float((found[2] or found[3]).replace(",", "."))
        if SLOWEST <= bpm <= FASTEST:
            yield found.span(), bpm


def _mixed_in_key(text: str) -> Iterator[Fact]:
    """Tempo and key as DJs' programs put them before a title: "8A - 124 - ", or the other way round."""
    if (found := _HOUR_FIRST.search(text) or _TEMPO_FIRST.search(text)) is None:
        return
    bpm = float(found["bpm"].replace(",", "."))
    key = camelot(int(found["hour"]), found["letter"])
    if key and SLOWEST <= bpm <= FASTEST:
        yield "bpm", bpm
        yield "key", key


def _kinds(name: Name) -> Iterator[str]:
    """Loop or one-shot, if the name says one of them of a sample, and not in a song's title."""
    said = words(name.text)
    pairs, things = list(pairwise(said)), SAMPLES - _LOOPS
    shot = "oneshot" in said or any(pair in pairs for pair in (("one", "shot"), ("one", "shots")))
    one_shot = shot and bool(things & name.words)
    numbered = len(said) > 1 and said[0] in _LOOPS and said[1].isdigit()
    beside = any(_LOOPS & {*pair} and things & {*pair} for pair in pairs)
    loop = numbered or beside or bool(_LOOPS & name.words and name.tempi)
    if one_shot != loop:
        yield "loop" if loop else "one-shot"
