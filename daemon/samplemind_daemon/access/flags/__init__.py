"""Features that are switched while the daemon runs: for all, for some, or for one."""

from .flags import Flags

__all__ = ["Flags"]
