"""What is said of a sound while it is heard, as it goes from worker to daemon."""

import json
from collections.abc import Mapping
from typing import Any

from samplemind_daemon.work import described
from samplemind_daemon.work.live import Ended, Hearing, Update, Waiting
from samplemind_daemon.work.protocol import CannotUnderstand

MOST_BYTES = 256 * 1024  # what is longer is not said: whoever follows finds it in the database in the end


def encode(update: Update) -> bytes | None:
    """The update as JSON; None if it is too long to be said on the way."""
    fields = {"kind": type(update).__name__, **vars(update)}
    text = json.dumps(fields, allow_nan=False, default=described.fields).encode()
    return text if len(text) <= MOST_BYTES else None


def decode(text: bytes) -> Update:
    """The update that was encoded; CannotUnderstand if it is none."""
    if len(text) > MOST_BYTES:
        raise CannotUnderstand(f"an update of {len(text):,} bytes is too long")
    try:
        fields = json.loads(text, parse_constant=described.refuse)
        update: Update = _READ[fields["kind"]](fields)
        return update
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None


def _hearing(fields: dict[str, Any]) -> Hearing:
    fraction = fields["fraction"]
    return Hearing(None if fraction is None else min(1.0, max(0.0, float(fraction))))


_READ: Mapping[str, Any] = {
    "Hearing": _hearing,
    "Result": lambda fields: described.results([fields])[0],
    "Waiting": lambda fields: Waiting(),
    "Ended": lambda fields: Ended(),
}
