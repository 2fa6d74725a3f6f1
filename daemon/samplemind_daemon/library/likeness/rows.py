"""A sound as a row of a table: whatever it is compared by, in numbers of a fixed size."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_daemon.model import KEYS, Profile

BANDS = 48  # of a spectrum; of another number nothing is known
KINDS = ("", "song", "loop", "one-shot", "speech", "silence")
NO_SPACE = -1

Table = NDArray[np.void]


def table(length: int, width: int) -> Table:
    """So many empty rows for vectors of up to `width` numbers."""
    columns: list[Any] = [
        ("vector", np.float32, (width,)),  # zeros follow where it is shorter
        (
            "space",
            np.int16,
        ),  # which recipe made it, so that only equals are compared; NO_SPACE if there is none
        ("bands", np.uint8, (BANDS,)),  # zeros where they are not known
        ("keys", np.uint8, (len(KEYS),)),  # zeros where they are not known, or none is needed
        ("atonal", np.bool_),  # whether no key is needed
        ("tuning", np.float32),  # cents; NaN where it is not known, as of those that follow
        ("bpm", np.float32),  # 0 where none is needed
        ("loudness", np.float32),  # LUFS
        ("kind", np.uint8),  # in KINDS
    ]
    return np.zeros(length, columns)


def widened(old: Table, length: int, width: int) -> Table:
    """The same rows in a larger table."""
    new, kept = table(length, width), len(old)
    for name in old.dtype.names or ():
        if name == "vector":
            new[name][:kept, : old[name].shape[1]] = old[name]
        else:
            new[name][:kept] = old[name]
    return new


def put(rows: Table, at: Sequence[int], profiles: Sequence[Profile], spaces: Sequence[int]) -> None:
    """Write what is known of some sounds into the rows at these places."""
    where = np.array(at, np.intp)
    _put_vectors(rows["vector"], where, profiles)
    for name in ("bands", "keys"):
        size, nothing = rows[name].shape[1], bytes(rows[name].shape[1])
        known = [getattr(one, name) or b"" for one in profiles]
        whole = b"".join(some if len(some) == size else nothing for some in known)
        rows[name][where] = np.frombuffer(whole, np.uint8).reshape(-1, size)
    for name in ("tuning", "bpm", "loudness"):
        rows[name][where] = [_or_nan(getattr(one, name)) for one in profiles]
    rows["space"][where] = spaces
    rows["atonal"][where] = [one.keys == b"" for one in profiles]
    rows["kind"][where] = [KINDS.index(one.kind) if one.kind in KINDS else 0 for one in profiles]


def _put_vectors(vectors: NDArray[np.float32], where: NDArray[np.intp], profiles: Sequence[Profile]) -> None:
    vectors[where] = 0
    sizes = np.array([len(one.numbers or b"") // 4 for one in profiles])
    for size in set(sizes.tolist()) - {0}:
        those = np.flatnonzero(sizes == size)
        whole = b"".join(profiles[one].numbers or b"" for one in those.tolist())
        vectors[where[those], :size] = np.frombuffer(whole, "<f4").reshape(-1, size)


def _or_nan(number: float | None) -> float:
    return np.nan if number is None else number
