"""What plugins offer, apart from the words for what is wrong with them, which may differ from run to run."""

from collections.abc import Iterator, Mapping

from samplemind_daemon.model import AnalyzerInfo, Catalogue

Plugin = tuple[str, str]  # name and origin
Offer = tuple[
    bool, int, tuple[AnalyzerInfo, ...]
]  # whether it can be used, the features it has, and its analyzers


def offers(catalogue: Catalogue) -> dict[Plugin, Offer]:
    """What each plugin offers; nothing where it cannot be used."""
    found = {}
    for one in catalogue.plugins:
        mine = () if one.problem else tuple(info for info in catalogue.analyzers if info.plugin == one.name)
        found[one.name, one.origin] = (not one.problem, catalogue.features_version, mine)
    return found


def unlike(before: Mapping[Plugin, Offer], after: Mapping[Plugin, Offer]) -> Iterator[Plugin]:
    """The plugins that are in both and offer something else."""
    return (one for one, offer in after.items() if one in before and before[one] != offer)
