"""What a start makes good."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recovery:
    """What was found after a daemon that did not end well: of all users."""

    jobs: int  # that were in work, and are queued again
    uploads: int  # that were on their way in, and can be gone on with
