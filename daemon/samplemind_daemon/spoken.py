"""Each call in the log, for those who want to see everything there."""

import structlog

log = structlog.get_logger(__name__)


class Spoken:
    """A Tally that logs calls: their records have the rpc, the trace and the call already."""

    def called(self, method: str, code: str, seconds: float) -> None:
        log.debug("rpc ended", code=code, seconds=round(seconds, 6))

    def received(self, size: int) -> None: ...

    def wrote(self, seconds: float) -> None: ...

    def ended(self, outcome: str, seconds: float) -> None: ...

    def heard(self, analyzer: str, seconds: float, failed: bool) -> None: ...

    def broke(self, analyzer: str) -> None: ...

    def spared(self, fresh: int, made: int) -> None: ...
