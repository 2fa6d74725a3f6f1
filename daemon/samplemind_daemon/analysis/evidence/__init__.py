"""What a file says of its own sound, in its name, its tags and its chunks: kept beside what is heard, never in it."""

from .evidence import ANALYZER, evidence

__all__ = ["ANALYZER", "evidence"]
