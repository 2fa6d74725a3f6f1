"""One line of a terminal on which tempo, beat, key and loudness move."""

import sys
from typing import TYPE_CHECKING, Self

from samplemind_client.commands.output import Output
from samplemind_client.commands.rows import value

if TYPE_CHECKING:
    from samplemind_client.values.analysis import Descriptor
    from samplemind_client.values.live import LiveUpdate

STEADY = 0.75  # stability from which on a value stands without a question mark
FLASH_SECONDS = 0.12  # that a beat is shown
METER, QUIETEST = 20, -60.0  # characters of the loudness meter, and LUFS at its left end


class Scope:
    """What is heard now, on stderr if that is a terminal, until the end."""

    def __init__(self, output: Output, rate: int) -> None:
        self._rate = rate
        self._shows = sys.stderr.isatty() and not output.as_json
        self._known: dict[str, tuple[Descriptor, float]] = {}
        self._seconds = self._beat_at = self._lag = 0.0
        self._momentary: float | None = None
        self._missing = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *why: object) -> None:
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def see(self, update: "LiveUpdate") -> None:
        """Show an update."""
        from samplemind_client.values.live import LiveBeat, LiveEstimate, LiveGap, LiveLoudness, LiveProgress

        match update:
            case LiveProgress():
                self._seconds, self._lag = update.analysed / self._rate, update.lag
            case LiveEstimate():
                self._known[update.descriptor.name] = update.descriptor, update.stability
            case LiveBeat():
                self._beat_at = update.seconds
            case LiveLoudness():
                self._momentary = update.momentary
            case LiveGap():
                self._missing += update.frames
        if self._shows:
            print(f"\r\x1b[K{self.line()}", end="", file=sys.stderr, flush=True)

    def line(self) -> str:
        """What is heard now."""
        minutes, seconds = divmod(int(self._seconds), 60)
        beat = "●" if 0 <= self._seconds - self._beat_at < FLASH_SECONDS else "○"
        late = f"  {self._lag:.1f} s behind" if self._lag > 1 else ""
        gaps = f"  {self._missing / self._rate:.2f} s missing" if self._missing else ""
        tempo, key = self._said("tempo.bpm", " BPM"), self._said("key.key", "")
        return f"{minutes}:{seconds:02}  {beat} {tempo:>12}  {key:10}  {self._meter()}{late}{gaps}"

    def _said(self, name: str, unit: str) -> str:
        one, stability = self._known.get(name, (None, 0.0))
        if one is None or one.value is None:
            return f"–{unit}"
        return f"{value(one.value)}{unit}{'' if stability >= STEADY else '?'}"

    def _meter(self) -> str:
        if self._momentary is None:
            return "·" * METER + "    –  LUFS"
        filled = round(METER * min(1.0, max(0.0, 1 - self._momentary / QUIETEST)))
        return "█" * filled + "·" * (METER - filled) + f" {self._momentary:6.1f} LUFS"
