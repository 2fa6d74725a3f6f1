"""How the daemon logs: lines for people on a terminal, a JSON object a line for programs."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST = 8_192  # characters of a value


def set_up(level: str, form: str) -> None:
    """Send every record of at least `level` to stderr; `form` is "text", "json" or "auto"."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=as_json)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.StackInfoRenderer(),
        _shorten,
    ]
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, stamp, *last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[bare, *last], foreign_pre_chain=[*shared, stamp]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=max(threshold, logging.INFO), handlers=[handler], force=True)


def _shorten(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Whatever a stranger's file is called, a record stays one line of a bounded length."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            event[name] = "".join(one if one.isprintable() else "\ufffd" for one in value[:LONGEST])
    return event
