"""Loudness on signals whose loudness is known, ours beside libebur128's."""

from pathlib import Path
from typing import Any

from labels import Labelled
from ours import Heard, finite
from tables import table

MEASURES = (  # what it is called, the label's column, its tolerance's, our name, libebur128's
    ("integrated, LUFS", "integrated_lufs", "tolerance_lu", "loudness.integrated", "pyebur128 integrated"),
    ("range, LU", "lra_lu", "lra_tolerance_lu", "loudness.range", "pyebur128 range"),
)


def loudness_table(labelled: Labelled, ours: dict[Path, Heard], said: dict[Path, dict[str, Any]]) -> str:
    """Every signal that has an official value, and by how much each is off."""
    rows = []
    for shown, column, tolerances, mine, theirs in MEASURES:
        for path, label in labelled.having(column).items():
            if not (tolerance := labelled.rows[path][tolerances]):
                continue
            true, limit = float(label), float(tolerance)
            ours_off = finite(ours[path].given(mine)) - true
            theirs_off = finite(said[path].get(theirs)) - true
            inside = "yes" if abs(ours_off) <= limit else "**no**"
            rows.append(
                [
                    path.name,
                    shown,
                    f"{true:g}",
                    f"± {limit:g}",
                    _signed(ours_off),
                    _signed(theirs_off),
                    inside,
                ]
            )
    return table(["signal", "measure", "value", "tolerance", "SampleMind", "libebur128", "inside"], rows)


def peak_sentence(labelled: Labelled, ours: dict[Path, Heard]) -> str:
    """How far our true peaks are from FFmpeg's, which are stated to a tenth of a decibel."""
    off = [
        abs(finite(ours[path].given("loudness.true_peak")) - float(peak))
        for path, peak in labelled.having("ffmpeg_true_peak_dbtp").items()
    ]
    return f"True peaks differ from those of FFmpeg's `ebur128` filter by {max(off):.2f} dB at most ({len(off)} files)."


def _signed(number: float) -> str:
    return f"{number:+.3f}"
