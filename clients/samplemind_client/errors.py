"""What goes wrong between a caller and the daemon."""

from collections.abc import Mapping


class SampleMindError(Exception):
    """The daemon refused, or could not be asked.

    `code` is the gRPC status by name ("NOT_FOUND"), `reason` is stable, for programs
    ("AUDIO_NOT_FOUND"), `message` is a sentence for people, `fields` says what is wrong with the
    request field by field, `retry_seconds` when to try again (0 where nothing was said), and `facts`
    are for programs, such as the earliest cursor.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        message: str,
        fields: Mapping[str, str] | None = None,
        retry_seconds: float = 0.0,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message
        self.fields, self.facts = dict(fields or {}), dict(facts or {})
        self.retry_seconds = retry_seconds


class CannotReach(SampleMindError):
    """The daemon does not answer: it is not running, or the way to it is broken."""

    def __init__(self, message: str) -> None:
        super().__init__("UNAVAILABLE", "CANNOT_REACH", message)
