"""Labelled one-shots: drum machines, the drum kits of Hydrogen, and notes of other instruments."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playing import played
from sets import Item, read

NOTE = "note"
NAMES = (  # of Hydrogen's files; the first that matches
    ("rimshot", r"rim|stick|sidestick|clave"),
    ("clap", r"clap"),
    ("cowbell", r"cowbell|_cb\b|agogo|^cb"),
    ("tambourine", r"tambour"),
    ("shaker", r"maraca|shake|cabasa"),
    ("open hi-hat", r"hat.*op|open.?hat|hihat.?open|hhopen|^ho_|ohh"),
    ("closed hi-hat", r"hat.*cl|closed?.?h|hhclosed|chh|hihatclosed|^hh_0"),
    ("ride cymbal", r"ride|^rc_|^rd"),
    ("crash cymbal", r"crash|china|splash|^cra_|^cc_"),
    ("tom", r"tom|^t[12]_|^ft_|^tm"),
    ("kick", r"kick|bassdrum|^bd|_bd_"),
    ("snare", r"snare|^sn|^sd_|_sn_|^sr_|^rs_"),
    ("percussion", r"bongo|conga|djembe|cajon"),
)
UNCLEAR = re.compile(r"semi|pedal|foot|pd|fx|ring|stickshot|crashride|ridebell|cup|empty|snare.*rimshot")
UNCLEAR_OF = {"BJA_Pacific": r"^(cb|hh|bl|rd2)", "Millo_MultiLayered3": r"^(rs|sr)", "rumpf_kit_z01_h2": r""}
LIKE = {"TR808EmulationKit": "RolandTR808"}  # kits that must be left out together with a machine
ALIKE = 3  # of the strokes that differ in strength alone


def machines(folder: Path) -> Iterator[Item]:
    """The drum one-shots of the corpora, with their machine as the group."""
    with open(folder / "drum_oneshots" / "labels.csv") as table:
        for row in csv.DictReader(table):
            machine = re.search(r"machine (\S+)", row["label_kind"])
            group = machine.group(1) if machine else re.split("[_-]", row["file"])[0]
            yield Item(
                read(folder / "drum_oneshots" / row["file"]),
                row["instrument"],
                "machines",
                group,
                name=row["file"],
            )


def hydrogen(folder: Path) -> Iterator[Item]:
    """The kits in a folder of Hydrogen's, labelled by the files' names where those are plain."""
    for kit in sorted(folder.iterdir()):
        taken: Counter[str] = Counter()
        for path in sorted(kit.glob("*.*")):
            name = path.name.lower()
            label = next((label for label, words in NAMES if re.search(words, name)), None)
            unclear = UNCLEAR.search(name) or re.search(UNCLEAR_OF.get(kit.name, "$^"), name)
            if path.suffix not in (".wav", ".flac", ".aiff") or unclear or not label:
                continue
            stroke = re.sub(r"[-_]?\d*(hard|hardest|med|soft|softest)?\d*\.\w+$", "", name)
            taken[stroke] += 1
            if taken[stroke] <= ALIKE:
                group = LIKE.get(kit.name, f"hydrogen/{kit.name}")
                yield Item(read(path), label, "hydrogen", group, name=path.name)


def notes(folder: Path, fonts: list[Path], rng: np.random.Generator) -> Iterator[Item]:
    """Notes of instruments that are no drums, recorded and synthesised."""
    with open(folder / "instruments" / "labels.csv") as table:
        for row in csv.DictReader(table):
            if row["instrument"] != "tabla":
                chain = f"{row['file'].split('_')[0]}/{row['instrument']}"
                yield Item(read(folder / "instruments" / row["file"]), NOTE, "notes", chain, name=row["file"])
    for font in fonts:
        for item in played(font, rng, 100, 0, 0, drums=False):
            yield Item(item.sound, NOTE, "played", item.group)
