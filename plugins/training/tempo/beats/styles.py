"""What bands play: figures by style, and how fast. The beat is the one that musicians would count."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """One style; patterns are of one bar, an "x" for each stroke."""

    parts: int  # of a beat: 4, or 3 where it swings or rolls
    bar: int  # beats
    slowest: float  # BPM
    fastest: float
    kicks: tuple[str, ...]
    snares: tuple[str, ...]
    cymbals: tuple[str, ...]
    basses: tuple[str, ...]
    comps: tuple[str, ...]
    machine: float  # how often it is played by a machine
    swing: float = 0.0  # beats at most


def _style(
    parts: int, bar: int, tempi: str, kicks: str, snares: str, cymbals: str, basses: str, comps: str,
    machine: float, swing: float = 0.0,
) -> Style:  # fmt: skip
    slowest, fastest = map(float, tempi.split("-"))
    patterns = [tuple(text.replace("|", "").split()) for text in (kicks, snares)]
    figures = [tuple(text.split(", ")) for text in (cymbals, basses, comps)]
    return Style(parts, bar, slowest, fastest, *patterns, *figures, machine, swing)  # type: ignore[arg-type]


BACK, NOTHING = "....x.......x...", "................"
FOUR, TWO = "x...x...x...x...", "x.......x......."
STYLES = {
    "rock": _style(4, 4, "95-150", f"{FOUR} {TWO} x......xx....... x.....x.x....... x..x..x.x.x.....", BACK,
                   "8, 8, ride8, 4, open8", "eighths, eighths, drawn, roots", "strum8, held, drawn", 0.6),
    "soft rock": _style(4, 4, "65-118", f"{TWO} x.....x.x....... x......xx.x.....", BACK, "8, 16, 8, ride8",
                        "drawn, roots, eighths", "broken8, strum16, held", 0.6),
    "pop": _style(4, 4, "80-130", f"{FOUR} {TWO} x.....x.x..x.... x..x..x.x.......", BACK, "8, 16, off, shaker",
                  "eighths, drawn, octaves", "strum8, broken8, held, drawn", 0.7),
    "disco": _style(4, 4, "104-138", FOUR, f"{BACK} {NOTHING}", "off, 16, hat off", "octaves, eighths, drawn",
                    "off, drawn, held, strum16", 0.9),
    "house": _style(4, 4, "112-150", FOUR, f"{BACK} {NOTHING}", "off, 16, hat off, shaker", "off, octaves, drawn",
                    "held, off, drawn, broken16", 1),
    "techno": _style(4, 4, "125-160", FOUR, f"{NOTHING} {BACK}", "off, 16", "off, sixteenths", "broken16, held", 1),
    "hip hop": _style(4, 4, "78-115", f"x.....x...x..... x..x......x..... {TWO} x......x..x..x..", BACK, "8, 16",
                      "drawn, roots", "held, drawn", 0.9, 0.1),
    "trap": _style(4, 4, "65-88", "x.........x..... x..x......x..... x.....x...x..x..", BACK, "16, 8",
                   "drawn, held", "held, broken8, drawn", 1),
    "soul": _style(4, 4, "60-105", f"{TWO} x..x..x...x..... x......x..x.....", BACK, "16, 8, shaker", "drawn, roots",
                   "held, broken8, drawn", 0.8, 0.08),
    "funk": _style(4, 4, "88-122", "x..x..x...x..... x.x...x...x..x.. x......x.x....x.", f"....x..x.x..x..x {BACK}",
                   "16, 8", "drawn", "strum16, drawn", 0.7, 0.05),
    "metal": _style(4, 4, "90-200", f"x.x.x.x.x.x.x.x. xxxxxxxxxxxxxxxx x.xxx.xxx.xxx.xx {FOUR}",
                    f"{BACK} ........x....... ..x...x...x...x.", "crash4, 8, ride8, 4", "eighths, sixteenths, drawn",
                    "strum8, chug, drawn", 0.7),
    "punk": _style(4, 4, "150-210", f"x...x.x.x...x.x. x.....x.x.x..... {FOUR}", BACK, "8, 4, crash4, open8",
                   "eighths", "strum8", 0.5),
    "country": _style(4, 4, "95-175", f"{TWO} {FOUR}", f"{BACK} ..x.x.x...x.x.x. xxxxxxxxxxxxxxxx", "8, 4, none",
                      "roots", "boomchick, strum8, backbeat", 0.3),
    "reggae": _style(4, 4, "62-92", f"........x....... {TWO} {FOUR}", "........x.......", "8, 16, off", "drawn", "off",
                     0.5, 0.07),
    "ska": _style(4, 4, "118-176", f"........x....... {TWO}", f"........x....... {BACK}", "8, 4", "walk, roots",
                  "off, backbeat", 0.5),
    "latin": _style(4, 4, "85-130", "x..x..x.x..x..x. x.....x.x.....x. ......x......x..",
                    f"...x......x..... x..x..x...x.x... {NOTHING}", "shaker, 8, cowbell", "tumbao, roots, drawn",
                    "drawn, strum16", 0.5),
    "bossa nova": _style(4, 4, "110-160", "x.....xxx.....xx x......xx......x", "x.....x.....x... x...x.....x..x..",
                         "8, shaker", "roots", "drawn", 0.4),
    "salsa": _style(4, 4, "160-220", f"{NOTHING} ......x.......x.", f"x.....x.....x... {NOTHING}", "cowbell, shaker",
                    "tumbao", "drawn", 0.4),
    "jungle": _style(4, 4, "155-180", "x.........x..... x..x......x.....", BACK, "8, 16, ride8", "held, drawn",
                     "held, broken16", 1),
    "ballad": _style(4, 4, "50-82", f"{TWO} x......xx.......", BACK, "8, 16, ride8", "roots, drawn, held",
                     "broken8, broken16, held", 0.4),
    "march": _style(4, 4, "95-130", f"{FOUR} {TWO}", f"..x.x.xx..x.x.xx {BACK} x.xxx.x.x.xxx.xx", "none", "roots",
                    "boomchick, off", 0.3),
    "shuffle": _style(3, 4, "85-150", "x..x..x..x.. x.....x..... x....xx.....", "...x.....x..", "shuffle, shuffle, 4",
                      "walk, roots", "shuffle, third, held, drawn", 0.4),
    "slow blues": _style(3, 4, "48-80", "x.....x..... x....xx....x", "...x.....x..", "thirds, shuffle", "roots, walk",
                         "broken3, thirds, held", 0.3),
    "swing": _style(3, 4, "110-230", "............ x..x..x..x..", "............ .....x...... ........x...", "ride",
                    "walk", "drawn, quarters", 0.3),
    "jazz ballad": _style(3, 4, "48-80", "............ x...........", "............", "ride, 4", "roots, walk",
                          "held, drawn", 0.2),
    "gypsy": _style(3, 4, "150-240", "............", "............", "none", "roots", "quarters, boomchick", 0.2),
    "waltz": _style(4, 3, "85-190", "x...........", "....x...x... ............", "4, none", "held, roots",
                    "waltz, waltz, broken8, held", 0.3),
    "jazz waltz": _style(3, 3, "110-190", "x........ x....x...", "...x..... .........", "ride", "walk, held",
                         "drawn, held", 0.3),
    "six eight": _style(3, 2, "42-85", "x..x.. x....x x.....", "...x..", "thirds, thirds, 4", "roots, held",
                        "broken3, thirds, held", 0.4),
    "jig": _style(3, 2, "95-135", "x..x.. ......", "...... ...x..", "none, thirds", "walk, roots",
                  "jig, thirds, held", 0.3),
}  # fmt: skip
