"""Whoever is told of what the daemon does: a page for Prometheus, a collector of traces, the log, or nobody."""

import asyncio
import os
from typing import TYPE_CHECKING

import structlog

from samplemind_daemon.access.certificate import Pair
from samplemind_daemon.library.following import Following
from samplemind_daemon.service.gate import Gate
from samplemind_daemon.settings import Settings
from samplemind_daemon.spoken import Spoken
from samplemind_daemon.store import Store
from samplemind_daemon.tally import NOBODY, Everyone, Tally
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.engine import Engine

if TYPE_CHECKING:
    from samplemind_daemon.metrics import Figures, Page
    from samplemind_daemon.telemetry.traces import Traces

log = structlog.get_logger(__name__)

COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")  # as OpenTelemetry has it
SEND_SECONDS = 3.0  # that traces get to be sent at the end


class Onlookers:
    """Those that the settings and OpenTelemetry's own variables name; what they need is imported for them only."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._page, self._traces = _page(settings), _traces()
        spoken = Spoken() if settings.log_level == "debug" else None
        told: list[Tally] = [one for one in (self._page and self._page.tally, self._traces, spoken) if one]
        self.tally: Tally = told[0] if len(told) == 1 else Everyone(*told) if told else NOBODY

    async def show(
        self, pair: Pair | None, store: Store, engine: Engine, gate: Gate, following: Following
    ) -> str:
        """Let Prometheus look from now on: at which address, "" for none. CannotServe where that is taken."""
        if self._page is None:
            return ""
        from samplemind_daemon.metrics import Sources, Standing

        return await self._open(self._page, pair, Standing(Sources(store, engine, gate, following)))

    async def show_crew(self, pair: Pair | None, crew: Crew) -> str:
        """As `show`, where there is a crew and no more."""
        if self._page is None:
            return ""
        from samplemind_daemon.metrics import OfCrew

        return await self._open(self._page, pair, OfCrew(crew))

    async def _open(self, page: "Page", pair: Pair | None, figures: "Figures") -> str:
        address = self._settings.metrics_address
        assert address is not None, "there is a page"
        return await page.start(address, None if address.is_loopback else pair, figures)

    async def close(self) -> None:
        """Tell nobody any more."""
        if self._page is not None:
            await self._page.stop()
        if self._traces is not None:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await asyncio.to_thread(self._traces.close)
            except TimeoutError:
                log.warning("the collector of traces does not answer: the last ones are lost")


def _page(settings: Settings) -> "Page | None":
    if not settings.metrics:
        return None
    from samplemind_daemon.metrics import Page

    token = settings.metrics_token
    return Page(token.get_secret_value() if token else "")


def _traces() -> "Traces | None":
    if not any(os.environ.get(name) for name in COLLECTOR):
        return None
    try:
        from samplemind_daemon.telemetry.traces import Traces
    except ImportError:
        log.warning("a collector of traces is named, and samplemind[telemetry] is not installed")
        return None
    return Traces()
