"""What a run of fit.py prints."""

import numpy as np

from samplemind_plugins.style.genre import GENRES
from samplemind_plugins.style.summary import Numbers

BINS = 10


def figures(title: str, found: Numbers, genre: Numbers) -> None:
    """Accuracy, the mean of the genres' recalls, how often the truth is among two, and calibration."""
    order = np.argsort(-found, axis=1)
    right = order[:, 0] == genre
    recalls = [right[genre == one].mean() for one in sorted(set(genre))]
    two = (order[:, :2] == genre[:, None]).any(axis=1)
    print(
        f"{title:45} n {len(genre):4} accuracy {right.mean():.3f} balanced {np.mean(recalls):.3f} "
        f"among two {two.mean():.3f} ECE {calibration_error(found, genre):.3f}"
    )


def calibration_error(found: Numbers, genre: Numbers) -> float:
    """Expected calibration error of the most probable genre, in ten equal bins."""
    sure, right, which = _binned(found, genre)
    inside = [which == one for one in set(which)]
    return float(sum(abs(sure[one].mean() - right[one].mean()) * one.mean() for one in inside))


def calibration(found: Numbers, genre: Numbers) -> None:
    """How often the most probable genre was right, by its probability."""
    sure, right, which = _binned(found, genre)
    print(f"calibration, sharpness fitted on the other half: ECE {calibration_error(found, genre):.3f}")
    for one in sorted(set(which)):
        here = which == one
        print(
            f"  {one / BINS:.1f}  n {here.sum():4}  said {sure[here].mean():.3f}  right {right[here].mean():.3f}"
        )


def confusions(found: Numbers, genre: Numbers) -> None:
    """The recall of each genre, and what it is most often taken for."""
    best = found.argmax(axis=1)
    for one in sorted(set(genre)):
        taken = np.bincount(best[genre == one], minlength=len(GENRES))
        share = taken[one] / taken.sum()
        taken[one] = 0
        print(f"  {GENRES[one]:10} {share:.2f}, taken for {GENRES[taken.argmax()]} {taken.max()} times")


def _binned(found: Numbers, genre: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    sure, right = found.max(axis=1), found.argmax(axis=1) == genre
    return sure, right, np.minimum((sure * BINS).astype(int), BINS - 1)
