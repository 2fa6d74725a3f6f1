"""The one answer to every credential that is not good, whatever is wrong with it."""

from samplemind_daemon.refusals import Unauthenticated


def nobody() -> Unauthenticated:
    """The refusal of a bad or missing token, key, code or password: alike for all, so that none can be probed."""
    return Unauthenticated(
        "UNAUTHENTICATED", "No valid credentials were given: sign in again, or use a valid API key."
    )
