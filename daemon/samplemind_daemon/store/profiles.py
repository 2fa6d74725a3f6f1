"""What results say at length, made compact: the columns of a profile."""

import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from samplemind_daemon.model import KEYS, TONICS, Correction, Descriptor, Profile, Result

LONGEST = 4_096  # numbers of a vector, and bands of a spectrum
MOST = 1e6  # no number that sounds are compared by is as large
NOT_NEEDED = "not_applicable"
POWERS = tuple(
    10 ** ((level / 255 - 1) * 9.6) for level in range(256)
)  # of a byte of spectrum.mel: 0 is -96 dB

Columns = dict[str, Any]
Said = Mapping[str, Descriptor]  # by name


def columns(results: Iterable[Result]) -> Columns:
    """What these results say, by the name of the column; nothing of analyzers that are not among them."""
    changed: Columns = {}
    for result in results:
        if (read := _READ.get(result.analyzer)) is not None:
            said = {one.name: one for one in result.descriptors}
            changed |= read(said)
            if result.analyzer == "similarity":
                changed["fingerprint"] = result.fingerprint
    return changed


def profile(columns: Mapping[str, Any]) -> Profile:
    """The profile that these columns hold."""
    said = {name: value for name, value in columns.items() if value is not None}
    return Profile(**said | {"edges": _edges(said.get("edges", ""))})


def corrected(heard: Profile, said: Iterable[Correction]) -> Profile:
    """What a sound is compared by, with what its user says of it in place of what was heard."""
    values = {one.name: one.value for one in said}
    if isinstance(bpm := values.get("tempo.bpm"), (int, float)):
        heard = replace(heard, bpm=float(bpm))
    if (key := values.get("key.key", values.get("key.root_note"))) is not None:
        heard = replace(
            heard, keys=_chances({one: 1.0 for one in KEYS if key in (one, one.partition(" ")[0])})
        )
    if isinstance(kind := values.get("kind.label"), str):
        heard = replace(heard, kind=kind)
    return heard


@lru_cache(8)
def _edges(kept: str) -> tuple[int, ...]:
    return tuple(map(int, kept.split()))


def _similarity(said: Said) -> Columns:
    numbers, edges = _numbers(said, "similarity.vector"), _numbers(said, "similarity.edges")
    fit = len(edges) == 4 and edges[0] == 0 and list(edges) == sorted(edges)
    if not fit or edges[-1] != len(numbers) or len(numbers) > LONGEST:
        return {"numbers": None, "edges": ""}
    return {"numbers": struct.pack(f"<{len(numbers)}f", *numbers), "edges": " ".join(map(str, edges))}


def _spectrum(said: Said) -> Columns:
    levels, bands = _levels(said, "spectrum.mel"), _value(said, "spectrum.bands")
    if not isinstance(bands, int) or not 0 < bands <= min(len(levels), LONGEST):
        return {"bands": None}
    return {"bands": bytes(_mean(levels[band::bands]) for band in range(bands))}


def _levels(said: Said, name: str) -> bytes:
    """The numbers of a list, each as a byte, cut where it does not fit one; none if it holds anything else."""
    value = _value(said, name)
    try:
        return bytes(value if isinstance(value, tuple) else ())  # which thousands of them nearly always are
    except (TypeError, ValueError):
        return bytes(min(max(int(number), 0), 255) for number in _numbers(said, name))


def _mean(levels: bytes) -> int:
    """The level of the mean power of these levels."""
    power = math.fsum(map(POWERS.__getitem__, levels)) / len(levels)
    return round(255 * (1 + math.log10(power) / 9.6))


def _key(said: Said) -> Columns:
    return {"keys": _keys(said), "tuning": _number(said, "key.tuning")}


def _keys(said: Said) -> bytes | None:
    """How likely each key is; of a single note both keys that begin with it, and none where nothing is tonal."""
    key, note = said.get("key.key"), _value(said, "key.root_note")
    if key is not None and key.value in KEYS:
        named = (*key.candidates, (key.value, key.confidence or 1.0))
        return _chances({str(name): max(sure or 0.0, 0.0) for name, sure in named})
    if isinstance(note, str) and (tonic := note.rstrip("-0123456789")) in TONICS:
        return _chances({f"{tonic} major": 0.5, f"{tonic} minor": 0.5})
    return b"" if key is not None and key.status == NOT_NEEDED else None


def _chances(named: Mapping[str, float]) -> bytes | None:
    """The chance of each key, all of them together 255; None where nothing was named."""
    whole = math.fsum(named.get(name, 0.0) for name in KEYS)
    return bytes(round(255 * named.get(name, 0.0) / whole) for name in KEYS) if whole > 0 else None


def _tempo(said: Said) -> Columns:
    bpm = said.get("tempo.bpm")
    if bpm is not None and bpm.status == NOT_NEEDED:
        return {"bpm": 0.0}
    heard = _number(said, "tempo.bpm")
    return {"bpm": heard if heard is not None and heard > 0 else None}


def _loudness(said: Said) -> Columns:
    return {"loudness": _number(said, "loudness.integrated")}


def _kind(said: Said) -> Columns:
    label = _value(said, "kind.label")
    return {"kind": label[:16] if isinstance(label, str) else ""}


def _value(said: Said, name: str) -> Any:
    return said[name].value if name in said else None


def _number(said: Said, name: str) -> float | None:
    value = _value(said, name)
    return float(value) if _is_number(value) else None


def _numbers(said: Said, name: str) -> tuple[float, ...]:
    """The numbers of a list; none if it holds anything else: nothing that a worker says is trusted."""
    value = _value(said, name)
    return value if isinstance(value, tuple) and all(map(_is_number, value)) else ()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= MOST


_READ: dict[str, Callable[[Said], Columns]] = {
    "similarity": _similarity,
    "spectrum": _spectrum,
    "key": _key,
    "tempo": _tempo,
    "loudness": _loudness,
    "kind": _kind,
}
ANALYZERS = frozenset(_READ)
