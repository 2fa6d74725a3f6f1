"""What is wrong with an installation and its home, and what to do about it. It changes nothing."""

from .examination import examine
from .finding import Finding, Health

__all__ = ["Finding", "Health", "examine"]
