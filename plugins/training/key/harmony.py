"""What is played: chords and scales, by their semitones above the tonic, and the progressions of each mode."""

CHORDS = {  # semitones above the root
    "": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "M7": (0, 4, 7, 11), "dim": (0, 3, 6),
    "5": (0, 7, 12), "9": (0, 4, 7, 10, 14), "m9": (0, 3, 7, 10, 14),
}  # fmt: skip
DEGREES = {
    "I": 0,
    "bII": 1,
    "II": 2,
    "bIII": 3,
    "III": 4,
    "IV": 5,
    "bV": 6,
    "V": 7,
    "bVI": 8,
    "VI": 9,
    "bVII": 10,
}
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11), "major pentatonic": (0, 2, 4, 7, 9), "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10), "minor pentatonic": (0, 3, 5, 7, 10), "harmonic": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10), "phrygian": (0, 1, 3, 5, 7, 8, 10), "blues": (0, 3, 5, 6, 7, 10),
}  # fmt: skip

MAJOR = """
I V VIm IV | I IV V I | I VIm IV V | VIm IV I V | IIm7 V7 IM7 VIm7 | IIm7 V9 IM7 IM7 | I IV | I bVII IV I
I IV I V7 | I IIIm IV V | I IIm IV V | I I IV I V7 I | I V | I5 IV5 V5 IV5 | I V IV | IM7 VIm7 IIm7 V7
I V7 I V7 I IV V7 I | IV V VIm I | I
"""
MINOR = """
Im bVI bIII bVII | Im IVm Vm Im | Im IVm V7 Im | Im bVII bVI bVII | Im bVII bVI V7 | Im bVI bVII
I5 bII5 I5 bIII5 | Im7 IV7 | Im7 | Im bVII | I5 bIII5 IV5 I5 | I5 bVI5 bVII5 I5 | Im7 IVm7 | Im Vm | Im9 IV9
IIdim V7 Im7 Im7 | Im bIII bVII IV | I5 bVII5 bVI5 V5 | Im IVm | Im | Im bVI IVm V | I5 I5 I5 bVII5
I5 bV5 IV5 bIII5
"""
BLUES = "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7 | I7 IV7 I7 V7 | I7"
FOLK_MAJOR = "I I IV V7 I IV V7 I | I V7 I V7 I IV I V7"
FOLK_MINOR = "Im Im bVII bVII Im Vm Im Im | Im IVm V7 Im | Im bVII bIII V"

Chord = tuple[
    int, tuple[int, ...], str
]  # root above the tonic, semitones above the root, and the kind's name


def progressions(text: str) -> list[list[Chord]]:
    """Progressions as musicians write them: one a bar line or text line, chords by degree and kind."""
    lines = text.strip().replace("\n", "|").split("|")
    return [[chord(name) for name in line.split()] for line in lines]


def chord(name: str) -> Chord:
    """The chord called by its degree and kind: "bVIm7"."""
    degree = max((one for one in DEGREES if name.startswith(one)), key=len)
    kind = name[len(degree) :]
    return DEGREES[degree], CHORDS[kind], kind


def scales(mode: str, progression: list[Chord]) -> tuple[str, ...]:
    """The scales of a melody that goes with a progression."""
    roots, kinds = {root for root, _, _ in progression}, {(root, kind) for root, _, kind in progression}
    if mode == "blues":
        return ("blues", "minor pentatonic", "mixolydian")
    if mode == "major":
        return ("mixolydian", "major pentatonic") if 10 in roots else ("major", "major pentatonic")
    if 1 in roots:
        return ("phrygian", "minor pentatonic")
    if (5, "7") in kinds or (5, "9") in kinds or (5, "") in kinds:
        return ("dorian", "minor pentatonic")
    if (7, "7") in kinds:
        return ("harmonic", "minor")
    loose = ("dorian", "phrygian", "harmonic") if len(progression) == 1 else ()
    return ("minor", "minor pentatonic", *loose)
