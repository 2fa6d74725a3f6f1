"""What is kept: the shape of the database, and whether it is whole."""

from collections.abc import Iterator
from pathlib import Path

from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import CannotOpen, check, schema

MOST_SHOWN = 5  # faults


def findings(settings: Settings) -> Iterator[Finding]:
    """How the database is. The bytes of sounds are not read: that is what `samplemindd check` does."""
    place = settings.place
    if isinstance(place, Path) and not place.exists():
        yield well("database", "there is none yet; the first start makes it")
        return
    restore = "samplemindd restore brings a backup back"
    if isinstance(place, Path):
        restore += "; a copy of each earlier shape lies beside the database"
    try:
        past, ours = schema.refuse_newer(place), schema.known()
    except CannotOpen as cannot:
        yield broken("database", str(cannot), restore)
        return
    if past != ours:
        sentence = f"its schema is {past[-1] if past else 'none'}, and today's is {ours[-1]}"
        yield doubtful("database", sentence, "samplemindd migrate, or the next start, brings it up to date")
        return
    yield well("database", f"its schema is today's, {ours[-1]}")
    faults, wanted = check.database(place)
    for fault in faults[:MOST_SHOWN]:
        remedy = restore if wanted is None else "end the daemon, and run samplemindd check --fix"
        yield broken("integrity", f"{fault.subject}: {fault.problem}", remedy)
    if len(faults) > MOST_SHOWN:
        more = f"and {len(faults) - MOST_SHOWN} faults more"
        yield broken("integrity", more, "samplemindd check lists them all")
    if not faults:
        yield well("integrity", "all rows are whole; samplemindd check reads every byte of the sounds, too")
