"""Which keys go with a key, by the rules that musicians and DJs have for it."""

import re

from samplemind_daemon.analysis.evidence.keys import pitch_class
from samplemind_daemon.library import keys
from samplemind_daemon.model import TONICS, Harmony, KeyRule
from samplemind_daemon.store.entries import place

HOURS = 12  # of the Camelot wheel; each holds a minor key (A), then its relative major (B)
NAMES = {place(f"{tonic} {mode}"): f"{tonic} {mode}" for tonic in TONICS for mode in ("minor", "major")}
STEPS: dict[
    KeyRule, tuple[tuple[int, bool], ...]
] = {  # by each rule: hours on, and whether to the other mode
    KeyRule.SAME: ((0, False),),
    KeyRule.RELATIVE: ((0, False), (0, True)),
    KeyRule.FIFTHS: ((0, False), (1, False), (-1, False)),
    KeyRule.CAMELOT: ((0, False), (1, False), (-1, False), (0, True)),
    KeyRule.ENERGY_BOOST: ((0, False), (2, False), (7, False)),
}
_ROOT = re.compile(r"([A-G])([#b]?)", re.IGNORECASE)


def harmony(text: str, rule: KeyRule = KeyRule.SAME) -> Harmony:
    """The keys that go with a key such as "A minor" or "8A", or with both modes of a root alone, "A".

    Of a root alone, the roots of these keys too, for sounds that have no key. Raises ValueError for what is no key.
    """
    plain = text.replace("♯", "#").replace("♭", "b").strip()
    if found := _ROOT.fullmatch(plain):
        tonic = pitch_class(*found.groups())
        fitting = _fitting([f"{tonic} minor", f"{tonic} major"], rule)
        return Harmony(fitting, frozenset(TONICS.index(NAMES[one].partition(" ")[0]) for one in fitting))
    return Harmony(_fitting([keys.key(plain)], rule))


def _fitting(names: list[str], rule: KeyRule) -> frozenset[int]:
    places = [found for name in names if (found := place(name)) is not None]
    return frozenset(_step(one, *step) for one in places for step in STEPS[rule])


def _step(place: int, hours: int, other_mode: bool) -> int:
    hour, mode = divmod(place, 2)
    return (hour + hours) % HOURS * 2 + (1 - mode if other_mode else mode)
