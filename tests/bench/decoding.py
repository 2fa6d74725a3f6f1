"""Odd, old and broken files: what becomes of each, beside what FFmpeg made of it."""

from collections import Counter
from pathlib import Path

from labels import Labelled
from ours import Heard
from tables import table

SAME_SECONDS = 0.06  # by which two decoders may differ: a frame and the padding of MP3


def decoding_table(labelled: Labelled, ours: dict[Path, Heard]) -> str:
    """How many files were heard or refused, and why, by whether FFmpeg decodes them."""
    count = Counter((_ffmpeg(row), ours[path].reason or "heard") for path, row in labelled.rows.items())
    reasons = sorted({reason for _, reason in count}, key=lambda reason: (reason != "heard", reason))
    kinds = ("decodes", "refuses, or finds no sound")
    rows = [[kind, *(count[kind, reason] for reason in reasons)] for kind in kinds]
    return table(["FFmpeg", *reasons], rows)


def length_sentence(labelled: Labelled, ours: dict[Path, Heard]) -> str:
    """How many lengths are the same."""
    both = {
        path: float(row["ffmpeg_seconds"])
        for path, row in labelled.rows.items()
        if ours[path].status == "completed" and _ffmpeg(row) == "decodes"
    }
    same = sum(abs((ours[path].seconds or 0) - seconds) <= SAME_SECONDS for path, seconds in both.items())
    return f"Of {len(both)} files that both decode, {same} are of the same length to {SAME_SECONDS:g} s."


def _ffmpeg(row: dict[str, str]) -> str:
    decoded = row["ffmpeg_rc"] == "0" and float(row["ffmpeg_seconds"] or 0) > 0
    return "decodes" if decoded else "refuses, or finds no sound"
