"""Which frames of a stream have come: what is missing is counted, and what comes twice is heard once."""

from dataclasses import dataclass

LONGEST_GAP_SECONDS = 60.0


class Broken(Exception):
    """The frames of a stream do not belong together; the message says why."""


@dataclass(frozen=True)
class Gap:
    """Frames that never came: silence was heard in their place."""

    frame: int  # the first one
    frames: int


class Timeline:
    """The frames of a stream, counted from 0 at `rate` Hz."""

    def __init__(self, rate: int) -> None:
        self._most = int(LONGEST_GAP_SECONDS * rate)
        self.received = 0  # the frame that is expected next
        self.missing = self.repeated = 0  # frames
        self.gaps = 0

    def place(self, frame: int, frames: int) -> tuple[Gap | None, int]:
        """The gap before a piece, if there is one, and how many of its first frames are known already.

        Raises Broken where the gap is longer than LONGEST_GAP_SECONDS.
        """
        known = min(max(self.received - frame, 0), frames)
        gap = Gap(self.received, frame - self.received) if frame > self.received else None
        if gap and gap.frames > self._most:
            raise Broken(f"frame {frame:,} came after frame {self.received:,}: too much is missing")
        if gap:
            self.gaps, self.missing = self.gaps + 1, self.missing + gap.frames
        self.repeated += known
        self.received = max(self.received, frame + frames)
        return gap, known
