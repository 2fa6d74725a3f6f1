"""Streams of live sound: heard while they come, gone on with after a break, kept where that is wanted."""

from .lives import Lives
from .session import Over, Said, Started

__all__ = ["Lives", "Over", "Said", "Started"]
