"""How the daemon logs: lines for people on a terminal, a JSON object a line for programs."""

import json
import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST = 7_600  # bytes that the values of a record take as JSON: with their names it stays under 8 KiB


def set_up(level: str, form: str, *also: Processor) -> None:
    """Send every record of at least `level` to stderr, and through `also`; `form` is "text", "json" or "auto"."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=as_json)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        *also,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _tame,
    ]
    plain = structlog.dev.plain_traceback  # the others would tame nothing
    last: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    )
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, stamp, last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Lossy(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[bare, last], foreign_pre_chain=[*shared, stamp]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=max(threshold, logging.INFO), handlers=[handler], force=True)


class _Lossy:
    """A stream whose disk may be full: a record that cannot be written is lost, and nothing else with it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _tame(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Whatever a stranger's file is called, it commands no terminal, begins no record, and leaves room for others.

    What was said comes first, then the shortest values; of a traceback the end is kept.
    """
    texts = {
        name: value if isinstance(value, str) else repr(value)
        for name, value in event.items()
        if not name.startswith("_") and not isinstance(value, int | float | None)
    }
    room = LONGEST
    for name in sorted(texts, key=lambda name: (name not in ("level", "event"), len(texts[name]))):
        lines = texts[name].split("\n") if name in ("exception", "stack") else [texts[name]]
        printable = ["".join(one if one.isprintable() else "\ufffd" for one in line) for line in lines]
        event[name] = kept = _fit("\n    ".join(printable), room, from_end=name == "exception")
        room -= len(json.dumps(kept))
    return event


def _fit(text: str, room: int, from_end: bool) -> str:
    """As much of the text as takes so many bytes as JSON."""
    while text and (size := len(json.dumps(text))) > room:
        kept = min(len(text) - 1, max(len(text) * room // size, 0))
        text = text[len(text) - kept :] if from_end else text[:kept]
    return text
