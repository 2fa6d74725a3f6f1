"""Whether sounds can be heard: the decoders, a worker, and the plugins that it finds."""

import asyncio
from collections.abc import Iterator

from samplemind_daemon.analysis.plan import fit
from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.model import Catalogue
from samplemind_daemon.settings import Settings
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import CannotStart

INSTALL = "install SampleMind again: make run in a checkout, or pip install --force-reinstall samplemind"


def findings(settings: Settings) -> Iterator[Finding]:
    """How decoders, workers and plugins are; a worker is started for it, beside those of a daemon that runs."""
    yield _decoders()
    try:
        catalogue = asyncio.run(_catalogue(settings))
    except CannotStart as cannot:
        tail = f"; it last said: {cannot.details.strip()[-300:]}" if cannot.details.strip() else ""
        yield broken("workers", f"none comes up: {cannot}{tail}", INSTALL)
        return
    yield well("workers", f"one came up; the daemon has {settings.workers}")
    yield from plugins(catalogue)


def plugins(catalogue: Catalogue) -> Iterator[Finding]:
    """How the plugins are that a worker has found."""
    remedy = "correct or remove it; samplemindd plugins test NAME tries it"
    for plugin in catalogue.plugins:
        if plugin.problem:
            yield broken("plugins", f"{plugin.name} ({plugin.origin}): {plugin.problem}", remedy)
    for analyzer, reason in sorted(fit(catalogue)[1].items()):
        yield broken("plugins", f"the analyzer {analyzer} is left out: {reason}", remedy)
    sound = sum(not plugin.problem for plugin in catalogue.plugins)
    yield well("plugins", f"{sound} can be used, with {len(catalogue.analyzers)} analyzers")


def _decoders() -> Finding:
    try:
        from samplemind_daemon.analysis.sound.codecs import lacking

        lacks = lacking()
    except (ImportError, OSError) as error:
        return broken("decoders", f"a library of theirs cannot be loaded: {error}", INSTALL)
    if lacks:
        return doubtful("decoders", f"these cannot be decoded: {', '.join(lacks)}", INSTALL)
    return well("decoders", "all are there")


async def _catalogue(settings: Settings) -> Catalogue:
    crew = Crew(1, settings.plugins, interactive=0, cage=Cage(settings.home, settings.worker_scratch))
    try:
        await crew.start()
        return crew.catalogue
    finally:
        await crew.stop()
