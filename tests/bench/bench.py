"""`make bench`: measures SampleMind, some of it beside other programs, and writes the pages in docs/ that say so."""

import argparse
import sys
from pathlib import Path

from accuracy import write_accuracy
from asking import PYTHON
from library import write_library
from live import write_live
from performance import write_performance
from scaling import write_scaling
from similar import write_similar

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
PARTS = {
    "accuracy": ROOT / "docs" / "accuracy.md",
    "performance": ROOT / "docs" / "performance.md",
    "library": ROOT / "docs" / "performance" / "library.md",
    "similar": ROOT / "docs" / "performance" / "similar.md",
    "live": ROOT / "docs" / "performance" / "live.md",
    "scaling": ROOT / "docs" / "scaling.md",
}
ALONE = {
    "library": write_library,
    "similar": write_similar,
    "live": write_live,
    "scaling": write_scaling,
}  # parts that need no other program


def main() -> None:
    """Measure what was asked for; all of it if nothing was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of labelled sets")
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    asked = parser.parse_args()
    if unknown := [part for part in asked.parts if part not in PARTS]:
        sys.exit(f"bench: there is no part called {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if not PYTHON.exists() and set(asked.parts) - set(ALONE):
        sys.exit("bench: the other programs are not installed: call `make bench`, which does it")
    for part in asked.parts:
        PARTS[part].parent.mkdir(exist_ok=True)
        if part in ALONE:
            ALONE[part](PARTS[part])
        elif part == "performance":
            write_performance(PARTS[part])
        else:
            _measure_accuracy(asked.corpora.resolve())
        print(f"wrote {PARTS[part].relative_to(ROOT)}")


def _measure_accuracy(corpora: Path) -> None:
    missing = [
        name for name in ("loudness", "decoder_torture") if not (corpora / name / "labels.csv").exists()
    ]
    if missing:
        what = " and ".join(f"{corpora / name}/labels.csv" for name in missing)
        sys.exit(f"bench: no labelled sets: {what} missing; say where they are: make bench CORPORA=PATH")
    write_accuracy(corpora, PARTS["accuracy"])


if __name__ == "__main__":
    main()
