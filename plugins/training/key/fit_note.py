"""Fit samplemind_plugins/key/note.json, how surely a sound is one note, and which, to sound that is made for it.

Prints how well it does on families of instruments that it was not fitted to. Needs FluidSynth, as fit.py does.
"""

import argparse
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fitting import fit_chance, write
from notes import sounding

from samplemind_plugins import key
from samplemind_plugins.key.model import Layer, chance
from samplemind_plugins.key.note import HEARD, listen
from samplemind_plugins.key.peaks import Numbers
from samplemind_sdk import RATE

SOUNDS, FOLDS, FAMILY = 3_000, 5, 8  # General MIDI has families of eight programs


@dataclass(frozen=True)
class Heard:
    """A sound, and the note that was heard in it."""

    kind: str
    voice: tuple[str, int]  # soundfont and program
    family: int
    apart: int | None  # semitones from its note to what was heard; None if it has no note
    evidence: Numbers


def hear(number: int) -> Heard | None:
    """What is heard of sound number so and so; None if nothing is."""
    made = sounding(number)
    note = listen(made.sound[: int(HEARD * RATE)])
    if note is None:
        return None
    apart = None if made.pitch is None else round(note.pitch) - made.pitch
    family = made.voice // FAMILY if made.voice >= 0 else number
    return Heard(made.kind, (made.font, made.voice), family, apart, note.evidence)


def right(heard: list[Heard]) -> np.ndarray:
    """Whether each was heard as it is. Some programs sound octaves from what is written: theirs are right, too."""
    written = defaultdict(list)
    for one in heard:
        if one.kind == "note" and one.apart is not None:
            written[one.voice].append(one.apart)
    usual = {voice: int(np.median(apart)) for voice, apart in written.items() if len(apart) > 2}
    octaves = {voice: apart if apart % 12 == 0 else 0 for voice, apart in usual.items()}
    return np.array([one.apart == octaves.get(one.voice, 0) for one in heard])


def judge(heard: list[Heard], yes: np.ndarray) -> None:
    """Print, for each kind of sound, what is given and how much of it is right, of families left out."""
    evidence, fold = (
        np.array([one.evidence for one in heard]),
        np.array([one.family % FOLDS for one in heard]),
    )
    sure = np.zeros(len(heard))
    for out in range(FOLDS):
        layer = Layer(**fit_chance(evidence[fold != out], yes[fold != out]))
        sure[fold == out] = [chance(one, layer) for one in evidence[fold == out]]
    kinds = np.array([one.kind for one in heard])
    for kind in sorted(set(kinds)):
        of, given = kinds == kind, (kinds == kind) & (sure >= 0.5)
        share = yes[given].mean() if given.any() else np.nan
        print(f"{kind:7} {of.sum():5}  given {given.sum() / of.sum():.3f}  right of these {share:.3f}")
    step = np.minimum((sure * 8).astype(int), 7)
    gaps = [abs((sure - yes)[step == one].sum()) for one in range(8)]
    print(f"distance of what is said from what is true, in eight steps: {sum(gaps) / len(yes):.3f}")


def main() -> None:
    """Judge, fit, and write the weights in their place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=int, default=SOUNDS)
    parser.add_argument("--out", type=Path, default=Path(key.__file__).with_name("note.json"))
    asked = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        heard = [one for one in pool.map(hear, range(asked.sounds), chunksize=20) if one is not None]
    yes = right(heard)
    judge(heard, yes)
    write(asked.out, fit_chance(np.array([one.evidence for one in heard]), yes))


if __name__ == "__main__":
    main()
