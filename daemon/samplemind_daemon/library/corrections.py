"""What users say of their sounds in place of what was heard: all of it that is said together, or nothing."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.analysis.corrected import affected
from samplemind_daemon.library.analyses import no_sound
from samplemind_daemon.library.correctable import NUMBERS, Declarations, check, declarations, read
from samplemind_daemon.model import Audio, Catalogue, Correction
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store import Database, Store, catalogue, corrections, events, results, sounds
from samplemind_daemon.store.moments import now

MOST = 1_000  # corrections at a time
MOST_TOLD = 10  # of them that are wrong: the answer must be small


@dataclass(frozen=True)
class Change:
    """A user's wish: the value from now on, or a factor of the one that counts, or neither to take it back."""

    audio: str
    name: str
    value: Any = None
    factor: float | None = None
    undo: bool = False


@dataclass(frozen=True)
class Corrected:
    """The sounds that were corrected, each once, and the descriptors that may have changed."""

    audios: tuple[str, ...]
    names: frozenset[str]


class Corrections:
    """The corrections of all users, by what the analyzers of today's catalogue declare."""

    def __init__(self, store: Store, catalogue: Callable[[], Catalogue]) -> None:
        self._store, self._catalogue = store, catalogue

    async def correct(self, user: str, changes: Sequence[Change], only_look: bool = False) -> Corrected:
        """Do all of up to 1,000 changes in their order, or none of them; or only look whether they could be done.

        Raises Invalid, change by change, where one cannot be, and NotFound where the user has no such sound.
        """
        if not 0 < len(changes) <= MOST:
            why = {"corrections": f"1 to {MOST:,} at a time, not {len(changes):,}"}
            raise Invalid("INVALID_CORRECTION", f"This cannot be corrected: {why['corrections']}.", why)
        declared = declarations(self._catalogue())
        wishes = _Wishes(declared)
        wanted = [wishes.read(place, change) for place, change in enumerate(changes)]
        wishes.refuse()
        return await self._store.write(_correct, user, wanted, declared, only_look)


class _Wishes:
    """Changes that are looked at one by one, and what is wrong with them."""

    def __init__(self, declared: Declarations) -> None:
        self._declared = declared
        self._wrong: dict[str, str] = {}

    def read(self, place: int, change: Change) -> Change:
        """The change with its value in the form in which it is kept."""
        try:
            return _read(change, self._declared)
        except ValueError as why:
            self.object(place, change, str(why))
            return change

    def object(self, place: int, change: Change, why: str) -> None:
        """Note that a change cannot be, and why."""
        if len(self._wrong) < MOST_TOLD:
            self._wrong[f"corrections[{place}]"] = f"{change.name[:60]}: {why}"[:300]

    def refuse(self) -> None:
        """Return if nothing is wrong; Invalid if something is."""
        if self._wrong:
            said = "; ".join(self._wrong.values())
            raise Invalid(
                "INVALID_CORRECTION", f"This cannot be corrected: {said}"[:1_000] + ".", self._wrong
            )


def _read(change: Change, declared: Declarations) -> Change:
    if change.undo:
        check(change.name)
        return change
    if change.factor is not None:
        if change.name not in NUMBERS:
            raise ValueError(f"only {', '.join(NUMBERS)} can be multiplied")
        if not math.isfinite(change.factor) or change.factor <= 0:
            raise ValueError(f"a factor is more than 0, as 2 or 0.5, not {change.factor:g}")
        return change
    if change.value is None:
        raise ValueError("there is no value, no factor and no undo")
    return Change(change.audio, change.name, read(change.name, change.value, declared))


def _correct(
    db: Database, user: str, wanted: Sequence[Change], declared: Declarations, only_look: bool
) -> Corrected:
    ids = tuple(dict.fromkeys(one.audio for one in wanted))
    audios = sounds.find_many(db, user, ids)
    if missing := [id for id in ids if id not in audios]:
        raise no_sound(missing[0])
    said, moment = _Said(db, audios), now()
    wishes = _Wishes(declared)
    for place, change in enumerate(wanted):
        try:
            said.change(change, declared)
        except ValueError as why:
            wishes.object(place, change, str(why))
    wishes.refuse()
    changed = [] if only_look else list(said.changed())
    for audio, name, value in changed:
        if value is None:
            corrections.drop(db, audio, name)
        else:
            corrections.keep(db, user, audio, name, value, moment)
    _tell(db, user, [audios[id] for id in dict.fromkeys(audio for audio, _, _ in changed)])
    names = affected([Correction(one.audio, user, one.name, one.value, moment) for one in wanted])
    return Corrected(ids, names)


class _Said:
    """What is said of some sounds while it is changed."""

    def __init__(self, db: Database, audios: dict[str, Audio]) -> None:
        before = corrections.of_many(db, list(audios))
        self._values = {(one.audio, one.name): one.value for found in before.values() for one in found}
        self._before = dict(self._values)
        heard = results.of_many(db, [one.sha256 for one in audios.values()], NUMBERS)
        by_content = {
            (sha256, one.name): one.value
            for sha256, found in heard.items()
            for result in found
            for one in result.descriptors
        }
        self._heard = {
            (one.id, name): by_content.get((one.sha256, name)) for one in audios.values() for name in NUMBERS
        }

    def change(self, wish: Change, declared: Declarations) -> None:
        """Do one change; ValueError where a factor has nothing to multiply, or goes too far."""
        place = wish.audio, wish.name
        if wish.undo:
            self._values.pop(place, None)
        elif wish.factor is None:
            self._values[place] = wish.value
        else:
            counts = self._values.get(place, self._heard.get(place))
            if counts is None:
                raise ValueError("nothing was heard that could be multiplied; say a value")
            self._values[place] = read(wish.name, counts * wish.factor, declared)

    def changed(self) -> Iterator[tuple[str, str, Any]]:
        """What is said otherwise now, by sound and descriptor; None where nothing is said any more."""
        for place in dict.fromkeys((*self._before, *self._values)):
            if self._values.get(place) != self._before.get(place):
                yield *place, self._values.get(place)


def _tell(db: Database, user: str, audios: Sequence[Audio]) -> None:
    """Let the user's followers know, and whatever finds sounds by their values."""
    if not audios:
        return
    notes = [
        {"kind": "audio.corrected", "audio": one.id, "folder": one.folder or "", "name": one.name}
        for one in audios
    ]
    events.record_many(db, user, notes)
    catalogue.refresh(db, [one.id for one in audios])
