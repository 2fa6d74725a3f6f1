"""What a model's metadata say of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from samplemind_sdk import RATE, File

ACTIVATIONS = ("none", "softmax", "sigmoid")
MOST_LABELS, LONGEST_LABEL = 1_000, 100  # characters
MOST_BYTES = 200_000  # of a file of labels
LOWEST, HIGHEST = 4_000, 192_000  # Hz
YES, NO = ("yes", "true", "1"), ("no", "false", "0", "")


class CannotUse(Exception):
    """A model cannot be asked; the message says why."""


@dataclass(frozen=True)
class About:
    """What the model does not show by its shape."""

    labels: tuple[str, ...]
    activation: str  # what makes probabilities of its outputs: one of ACTIVATIONS
    rate: int  # Hz of the samples, if it takes samples
    calibrated: bool  # whether its probabilities were fitted on sounds that it was not trained on
    kinds: tuple[str, ...]  # what it is made for; all if empty


def read_about(metadata: Mapping[str, str], beside: File) -> About:
    """The metadata, with the labels from the file `beside` if they hold none; CannotUse if they are wrong."""
    activation = metadata.get("activation", "none").strip().lower()
    if activation not in ACTIVATIONS:
        raise CannotUse(f"its activation {activation[:60]!r} is none of {', '.join(ACTIVATIONS)}")
    calibrated = metadata.get("calibrated", "").strip().lower()
    if calibrated not in YES + NO:
        raise CannotUse(f"calibrated is yes or no, not {calibrated[:60]!r}")
    return About(
        labels=_checked(_listed(metadata["labels"]) if "labels" in metadata else _read(beside)),
        activation=activation,
        rate=_rate(metadata.get("rate", str(RATE))),
        calibrated=calibrated in YES,
        kinds=tuple(_listed(metadata.get("kinds", ""))),
    )


def _listed(text: str) -> list[str]:
    """Names in JSON, or with commas between them."""
    if not text.lstrip().startswith("["):
        return [name for part in text.split(",") if (name := part.strip())]
    try:
        return [str(name).strip() for name in json.loads(text)]
    except (ValueError, RecursionError):
        raise CannotUse(f"{text[:60]!r} in its metadata is no list in JSON") from None


def _read(beside: File) -> list[str]:
    """The names in a file, one a line."""
    try:
        with beside.open() as file:
            return [line.strip() for line in file.read(MOST_BYTES).decode().splitlines() if line.strip()]
    except (OSError, ValueError) as why:
        raise CannotUse(f"it has no labels: its metadata has none, and {why}") from None


def _checked(labels: list[str]) -> tuple[str, ...]:
    if not 0 < len(labels) <= MOST_LABELS:
        raise CannotUse(f"it has {len(labels)} labels, and takes 1 to {MOST_LABELS:,}")
    for name in labels:
        if not (name.isprintable() and 0 < len(name) <= LONGEST_LABEL) or labels.count(name) > 1:
            raise CannotUse(
                f"a label has 1 to {LONGEST_LABEL} characters and comes once, unlike {name[:60]!r}"
            )
    return tuple(labels)


def _rate(text: str) -> int:
    if not (text.strip().isdecimal() and LOWEST <= int(text[:9]) <= HIGHEST):
        raise CannotUse(f"its rate is {LOWEST:,} to {HIGHEST:,} Hz, not {text[:60]!r}")
    return int(text)
