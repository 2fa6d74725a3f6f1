"""A picture of what confidences are worth: what was said to the right, what was true upwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from xml.sax.saxutils import escape

from samplemind_daemon.analysis.scores import Bin

SIDE, GAP, TOP, LEFT = 180, 36, 34, 44  # pixels
COLOURS = ("#1f5fa8", "#c2571a")  # of a panel's first curve and its second
LARGEST = 9  # radius of a dot that holds all answers, pixels
STYLE = (
    "text{font:12px sans-serif;fill:#444}.axis{fill:none;stroke:#999}.true{stroke:#999;stroke-dasharray:4 4}"
)


@dataclass(frozen=True)
class Curve:
    """Bins of answers, and what they are of."""

    title: str
    bins: Sequence[Bin]


@dataclass(frozen=True)
class Panel:
    """One descriptor's curves."""

    title: str
    curves: Sequence[Curve]


def draw(panels: Sequence[Panel], picture: Path) -> None:
    """Write the panels side by side, as SVG; a dot's area goes with its answers."""
    width, height = LEFT + len(panels) * (SIDE + GAP), TOP + SIDE + 62
    shapes = [_panel(one, LEFT + number * (SIDE + GAP)) for number, one in enumerate(panels)]
    picture.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<style>{STYLE}</style><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="12" y="{TOP + SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 12 {TOP + SIDE / 2})">share that is right</text>'
        f"{''.join(shapes)}</svg>\n"
    )


def _panel(panel: Panel, left: float) -> str:
    bottom = TOP + SIDE
    parts = [
        f'<text x="{left + SIDE / 2}" y="{TOP - 12}" text-anchor="middle">{escape(panel.title)}</text>',
        f'<rect class="axis" x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>',
        f'<line class="true" x1="{left}" y1="{bottom}" x2="{left + SIDE}" y2="{TOP}"/>',
        *_ticks(left, bottom),
    ]
    for number, (curve, colour) in enumerate(zip(panel.curves, COLOURS, strict=False)):
        parts += _curve(curve, colour, left, bottom)
        parts.append(
            f'<text x="{left}" y="{bottom + 34 + 16 * number}" style="fill:{colour}">{escape(curve.title)}</text>'
        )
    if not panel.curves:
        parts.append(f'<text x="{left + SIDE / 2}" y="{TOP + SIDE / 2}" text-anchor="middle">not said</text>')
    return "".join(parts)


def _ticks(left: float, bottom: float) -> Iterable[str]:
    for part in (0, 0.5, 1):
        yield f'<text x="{left + part * SIDE:g}" y="{bottom + 15}" text-anchor="middle">{part:g}</text>'
        yield f'<text x="{left - 4}" y="{bottom - part * SIDE + 4:g}" text-anchor="end">{part:g}</text>'


def _curve(curve: Curve, colour: str, left: float, bottom: float) -> list[str]:
    """A line through the bins, and a dot on each."""
    answers = sum(one.count for one in curve.bins)
    points = [(left + one.confidence * SIDE, bottom - one.right * SIDE) for one in curve.bins]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_radius(one.count / answers):.1f}" '
        f'fill="{colour}" fill-opacity=".6"/>'
        for (x, y), one in zip(points, curve.bins, strict=True)
    )
    return [f'<polyline points="{line}" fill="none" stroke="{colour}"/>', *dots]


def _radius(share: float) -> float:
    return max(1.5, LARGEST * sqrt(share))
