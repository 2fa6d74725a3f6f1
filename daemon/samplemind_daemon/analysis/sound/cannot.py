"""Why a file gives no sound."""


class CannotDecode(Exception):
    """A file that cannot be heard: `reason` is stable, for programs; `message` a sentence with the facts.

    Reasons: EMPTY, UNDECODABLE, UNSUPPORTED_FORMAT, TRUNCATED, IMPOSSIBLE_HEADER, NON_FINITE, TOO_LONG,
    UNREADABLE, NOT_A_FILE.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason, self.message = reason, message

    def __str__(self) -> str:
        return self.message
