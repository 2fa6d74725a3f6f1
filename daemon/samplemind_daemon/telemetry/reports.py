"""Reports of bugs to Sentry: what was raised and where, never the values that the code had in hand."""

import sys
from importlib.metadata import version

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from structlog.typing import EventDict, Processor, WrappedLogger

from samplemind_daemon.refusals import CannotServe

TAGS = ("rpc", "trace", "call", "job")
SEND_SECONDS = 2.0  # that reports get at the end


def reporter(dsn: str) -> Processor:
    """Reports each exception that is logged, beside the log; CannotServe where the DSN is none."""
    try:
        sentry_sdk.init(
            dsn,
            release=f"samplemind@{version('samplemind')}",
            default_integrations=False,
            integrations=[AtexitIntegration(callback=lambda pending, timeout: None)],
            include_local_variables=False,
            send_default_pii=False,
            max_breadcrumbs=0,
            shutdown_timeout=SEND_SECONDS,
        )
    except sentry_sdk.utils.BadDsn as bad:
        raise CannotServe(f"sentry_dsn: it is none: {bad}") from None
    return _report


def _report(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    if (error := _error(event.get("exc_info"))) is not None:
        with sentry_sdk.new_scope() as scope:
            for name in TAGS:
                if name in event:
                    scope.set_tag(name, str(event[name]))
            scope.set_tag("event", str(event.get("event"))[:200])
            scope.capture_exception(error)
    return event


def _error(given: object) -> BaseException | None:
    """The exception that a record is about, however it was given."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return next((one for one in given if isinstance(one, BaseException)), None)
    return sys.exc_info()[1] if given else None
