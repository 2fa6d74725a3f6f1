"""What is known of a sound once its user's corrections count."""

from .corrected import affected, corrected, needed

__all__ = ["affected", "corrected", "needed"]
