"""The tempo of a loop, stated exactly: a whole number of beats fills it."""

LONGEST = 13.0  # seconds
FITS = (  # beats come in groups of so many, which must fit so closely, in sounds up to so many seconds
    (4, 0.02, 13.0),
    (2, 0.01, 8.0),
    (3, 0.008, 8.0),
)
WHOLE = 0.1  # BPM: so near a whole number, a tempo is one


def restated(tempo: float, seconds: float) -> float | None:
    """The tempo at which a whole number of beats fills a short sound, if one is near enough; else None.

    A tempo that is a whole number already is kept when the restated one is not: then the file is
    longer than its loop.
    """
    if seconds >= LONGEST:
        return None
    beats = seconds * tempo / 60
    for group, tolerance, longest in FITS:
        whole = round(beats / group) * group
        if seconds <= longest and whole >= group and abs(beats - whole) / whole < tolerance:
            exact = 60 * whole / seconds
            return None if _is_whole(tempo) and not _is_whole(exact) else exact
    return None


def _is_whole(tempo: float) -> bool:
    return abs(tempo - round(tempo)) < WHOLE
