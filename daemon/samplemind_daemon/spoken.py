"""Each call in the log, for those who want to see everything there."""

import structlog

from samplemind_daemon.tally import Nobody

log = structlog.get_logger(__name__)


class Spoken(Nobody):
    """A Tally that logs calls: their records have the rpc, the trace and the call already."""

    def called(self, method: str, code: str, seconds: float) -> None:
        log.debug("rpc ended", code=code, seconds=round(seconds, 6))
