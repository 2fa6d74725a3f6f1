"""The examination as a whole, from the ground up: what cannot be looked at for what is broken below is left out."""

from collections.abc import Iterator

from samplemind_daemon.doctor import elsewhere, hearing, home, kept, places, system
from samplemind_daemon.doctor.finding import Finding, broken
from samplemind_daemon.settings import CannotConfigure, Settings


def examine(load: "Settings | CannotConfigure") -> Iterator[Finding]:
    """All findings, as they are made."""
    if isinstance(load, CannotConfigure):
        yield broken(
            "settings", str(load), "correct it in samplemind.toml, the environment or the command line"
        )
        return
    settings, tenant = load, home.tenant(load.home)
    yield from system.findings(settings)
    yield from home.findings(settings, tenant)
    yield from places.findings(settings, tenant)
    yield from kept.findings(settings)
    yield from hearing.findings(settings)
    yield from elsewhere.findings(settings)
