"""What accompaniments of many styles are made of: the tempi they are played at, and their usual bars."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class Style:
    """A style: its tempi, and what each part may play in a bar."""

    name: str
    slowest: int  # BPM; in compound time, of the dotted beat
    fastest: int
    beats: int  # of a bar
    swing: float  # how late every second step comes, in steps
    drums: dict[str, str]  # by their names, bars to choose from, parted by spaces
    bass: str
    chords: str

    @property
    def thirds(self) -> bool:
        """Whether beats are divided by three."""
        return len(self.bass.split()[0]) // self.beats % 3 == 0


def styles() -> list[Style]:
    """Those of styles.txt."""
    text = Path(__file__).with_name("styles.txt").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [_style(list(part)) for full, part in groupby(lines, bool) if full]


def _style(lines: list[str]) -> Style:
    name, numbers, *parts = lines
    slowest, fastest, beats, swing = numbers.split()
    bars = dict(part.split(" ", 1) for part in parts)
    bass, chords = bars.pop("bass"), bars.pop("chords")
    return Style(name, int(slowest), int(fastest), int(beats), float(swing), bars, bass, chords)
