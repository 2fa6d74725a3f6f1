"""What a file says of its own sound, as descriptors."""

from collections.abc import Iterable, Iterator

from samplemind_daemon.model import Descriptor, Media

from .name import read_name
from .stored import Claim, read_stored

ANALYZER = "file"  # the first part of the descriptors' names
UNITS = {"bpm": "BPM"}
SAME_TEMPO = 0.001  # of it
MOST_CANDIDATES = 5


def evidence(name: str, media: Media | None) -> tuple[Descriptor, ...]:
    """`file.kind`, `file.bpm`, `file.beats`, `file.key` and `file.root_note`, as far as the file says them.

    Names come before chunks and chunks before tags. `made_by` names the sources that say the value; the
    candidates are what others say, and then the value is of low confidence. Nothing was heard for it,
    so there is no confidence.
    """
    claims = [Claim(about, value, "file name") for about, value in read_name(name)]
    claims += read_stored(media) if media else ()
    return tuple(_descriptors(claims))


def _descriptors(claims: Iterable[Claim]) -> Iterator[Descriptor]:
    by_name: dict[str, list[Claim]] = {one: [] for one in ("kind", "bpm", "beats", "key", "root_note")}
    for claim in claims:
        by_name[claim.name].append(claim)
    for name, said in by_name.items():
        if said:
            yield _descriptor(name, sorted(said, key=lambda claim: claim.doubt != ""))


def _descriptor(name: str, said: list[Claim]) -> Descriptor:
    best, *others = said
    against = [one for one in others if not _agree(best, one)]
    against = [
        one for place, one in enumerate(against) if not any(_agree(one, two) for two in against[:place])
    ]
    sources = dict.fromkeys(one.source for one in said if _agree(best, one))
    doubts = [best.doubt, *(f"the {one.source} says {_shown(one)}" for one in against[:MOST_CANDIDATES])]
    reason = "; ".join(filter(None, doubts))
    return Descriptor(
        name=f"{ANALYZER}.{name}",
        value=best.value,
        unit=UNITS.get(name, ""),
        confidence=None,
        status="low_confidence" if reason else "ok",
        candidates=tuple((one.value, None) for one in against[:MOST_CANDIDATES]),
        reason=reason,
        made_by=", ".join(sources),
        version=1,
    )


def _agree(one: Claim, other: Claim) -> bool:
    """Whether two claims are the same; octaves are counted in several ways, so notes need not share theirs."""
    a, b = one.value, other.value
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= SAME_TEMPO * a
    if one.name == "root_note":
        return str(a).rstrip("-0123456789") == str(b).rstrip("-0123456789")
    return a == b


def _shown(claim: Claim) -> str:
    return f"{claim.value:g}" if isinstance(claim.value, float) else str(claim.value)
