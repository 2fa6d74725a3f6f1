"""How alike two prints are: the share of bits that differ where both are loud, at the best of a few shifts.

A print has a word of 32 bits and a level for each 11.6 ms: see docs/models/identity.md. Whole numbers of any length
do all of it at once, in a fraction of a millisecond.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

WORD, ENTRY = 4, 5  # bytes of a word; with its level
LOUD = 40  # dB below the loudest, down to which a word counts
SHIFTS = 24  # words, 0.28 s, by which a beginning may be cut or padded
LEAST_WORDS = 8  # that are loud: what is shorter has no print to speak of
LEAST_SHARED = 0.85  # of the loud words of both
MOST_DIFFERENT = 0.2  # of the bits that are compared


@dataclass(frozen=True)
class Print:
    """A print, ready to be compared."""

    words: bytes
    levels: bytes

    @cached_property
    def bits(self) -> int:
        """All words, the first one lowest."""
        return int.from_bytes(self.words, "little")

    @cached_property
    def loud(self) -> int:
        """Ones where a word counts."""
        return int.from_bytes(
            b"".join(b"\xff" * WORD if one <= LOUD else bytes(WORD) for one in self.levels), "little"
        )

    @cached_property
    def count(self) -> int:
        """How many words count."""
        return self.loud.bit_count() // (8 * WORD)

    def loud_words(self) -> Iterator[int]:
        """The words that count."""
        for place, level in enumerate(self.levels):
            if level <= LOUD:
                yield int.from_bytes(self.words[WORD * place : WORD * place + WORD], "little")


def read(kept: bytes) -> Print | None:
    """The print that these bytes hold; None if they hold none that can be compared."""
    count, odd = divmod(len(kept), ENTRY)
    found = Print(kept[: WORD * count], kept[WORD * count :])
    return found if not odd and found.count >= LEAST_WORDS else None


def are_one(one: Print, other: Print) -> bool:
    """Whether two prints are of one recording."""
    return difference(one, other) <= MOST_DIFFERENT


def difference(one: Print, other: Print) -> float:
    """The share of bits that differ, at the shift where fewest do; 1.0 where too little is loud in both."""
    if min(one.count, other.count) < LEAST_SHARED * max(one.count, other.count):
        return 1.0
    least = 1.0
    for shift in range(-SHIFTS, SHIFTS + 1):
        by = 8 * WORD * abs(shift)
        first, second = (one, other) if shift >= 0 else (other, one)
        both = (first.loud >> by) & second.loud
        compared = both.bit_count()
        if compared >= LEAST_SHARED * 8 * WORD * max(one.count, other.count):
            differing = (((first.bits >> by) ^ second.bits) & both).bit_count()
            least = min(least, differing / compared)
    return least
