"""The name of a file in words, and which words say that it is a sample, or that a letter is no note."""

import re
from dataclasses import dataclass
from functools import cached_property

PITCHED = frozenset(
    "bass sub lead pad pads pluck arp stab chord chords keys piano rhodes organ guitar gtr violin viola cello "
    "strings brass trumpet trombone horn sax flute clarinet oboe harp bell bells marimba vibraphone glockenspiel "
    "choir tuba bassoon banjo ukulele sitar koto kalimba celesta harpsichord epiano synth".split()
)
SAMPLES = PITCHED | frozenset(
    "kick snare clap hat hats hihat hh ride crash cymbal tom toms perc percussion drum drums beat break conga "
    "bongo shaker tambourine rim cowbell 808 909 vox vocal vocals fx riser sweep impact melody melodic riff "
    "groove fill top loop loops sample samples oneshot texture ambience drone".split()
)
PLACES = frozenset("track side take version ver vinyl mix disc disk cd scene part section pt lp ep".split())
WORKS = frozenset("op opus no nr k kv bwv hob rv d woo vol symphony sonata concerto".split()) | PLACES


def words(text: str) -> list[str]:
    """The words and numbers of a text, in lower case: "DrumLoop_01" has drum, loop and 01."""
    return [one.lower() for one in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", text)]


@dataclass(frozen=True)
class Name:
    """The name of a file without its ending, and where in it tempi are said."""

    text: str
    tempi: tuple[tuple[int, int], ...]  # start and end

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, in lower case."""
        return frozenset(words(self.text))

    def word_before(self, start: int) -> str:
        """The word or number before this place, in lower case; "" if there is none."""
        return (words(self.text[:start]) or [""])[-1]

    def word_after(self, end: int) -> str:
        """The word or number behind this place, in lower case; "" if there is none."""
        return (words(self.text[end:]) or [""])[0]

    def is_last(self, end: int) -> bool:
        """Whether nothing stands behind this place."""
        return end == len(self.text)

    def is_beside_tempo(self, start: int, end: int) -> bool:
        """Whether nothing but separators stands between a tempo and this."""
        between = (
            self.text[after:start] if after <= start else self.text[end:before]
            for before, after in self.tempi
        )
        return any(len(one) <= 3 and not words(one) for one in between)

    def is_apart(self, start: int, end: int) -> bool:
        """Whether what stands around this is no part of prose: _ - ( ) [ ] or the name's ends."""
        before, after = self.text[:start].rstrip(" "), self.text[end:].lstrip(" ")
        return before[-1:] in ("", *"_-([") and after[:1] in ("", *"_-)]")

    def is_bracketed(self, start: int, end: int) -> bool:
        """Whether it stands alone in brackets."""
        return self.text[:start].endswith(("(", "[")) and self.text[end:].startswith((")", "]"))
