"""How the daemon says no: named for what could not be done, with a stable reason and a sentence."""

from collections.abc import Mapping


class CannotServe(Exception):
    """The daemon does not start here, or not like this; the message says why."""


class Refusal(Exception):
    """Something that a caller asked for and does not get. Subclasses say what kind of no it is.

    `reason` is stable, for programs; `message` is a sentence for people, with the offending value
    in it; `fields` says it field by field where the request itself was at fault; `facts` are for
    programs that want to do something about it.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        fields: Mapping[str, str] | None = None,
        retry_seconds: float = 0,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message
        self.fields, self.facts = dict(fields or {}), dict(facts or {})
        self.retry_seconds = retry_seconds


class Invalid(Refusal):
    """The request itself is at fault."""


class Unauthenticated(Refusal):
    """Nobody knows who is calling."""


class Denied(Refusal):
    """The caller is known, and may not."""


class NotFound(Refusal):
    """There is no such thing, or it is not the caller's."""


class Exists(Refusal):
    """There is such a thing already."""


class Untimely(Refusal):
    """It cannot be done in the state that things are in."""


class Exhausted(Refusal):
    """A limit is reached."""


class Compacted(Refusal):
    """What was asked for lies too far back."""


class Damaged(Refusal):
    """What was stored is no longer what it was."""


class Unavailable(Refusal):
    """Not now; a retry may succeed."""
