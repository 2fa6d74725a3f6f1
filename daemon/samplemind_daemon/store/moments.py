"""What time it is, for what is written down."""

from datetime import UTC, datetime, timedelta

USE_NOTED = timedelta(minutes=1)  # how exactly it is kept when a credential was last used


def now() -> datetime:
    """This moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
