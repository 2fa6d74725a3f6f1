"""How many calls a user may make, and a place that nobody has signed in from yet."""

from samplemind_daemon.access.purses import Limit, Overdrawn, Purses, Standing
from samplemind_daemon.model import Caller
from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.settings import Settings

WHOLE = 100  # what a call costs that is counted as one; cheaper ones cost a part of it
SPANS = {60: "a minute", 3_600: "an hour"}


class Calls:
    """Counts calls by user, or by place where nobody is known to call."""

    def __init__(self, purses: Purses, settings: Settings) -> None:
        self._purses = purses
        amounts = settings.calls_a_minute, settings.calls_an_hour
        self._limits = [
            Limit(amount * WHOLE, seconds) for amount, seconds in zip(amounts, SPANS, strict=True)
        ]

    def charge(self, caller: Caller | None, place: str, cost: int) -> Standing:
        """Count a call of this cost, in hundredths; how the tightest limit stands, in whole calls.

        Raises Exhausted, with the time to come back, where the limit is reached.
        """
        purse = f"user/{caller.user.id}" if caller else f"place/{place}"
        try:
            standing = self._purses.spend(purse, self._limits, cost)
        except Overdrawn as overdrawn:
            raise _too_many(overdrawn) from None
        limit = Limit(standing.limit.amount // WHOLE, standing.limit.seconds)
        return Standing(limit, standing.remaining // WHOLE, standing.reset_seconds)


def _too_many(overdrawn: Overdrawn) -> Exhausted:
    limit, wait = overdrawn.limit, overdrawn.wait_seconds
    amount, span = limit.amount // WHOLE, SPANS[limit.seconds]
    return Exhausted(
        "RATE_LIMITED",
        f"There were more than {amount:,} calls {span}; the next one is taken in {max(round(wait), 1)} s.",
        retry_seconds=wait,
        facts={"limit": str(amount), "remaining": "0", "seconds": str(limit.seconds)},
    )
