"""What was heard, written into the files themselves, and taken out again."""

from .automatic import Automatic
from .keeping import Keeping
from .proof import Proof
from .scribe import Scribe
from .writes import MOST_FILES, Writes, check_automatic, check_plan

__all__ = ["MOST_FILES", "Automatic", "Keeping", "Proof", "Scribe", "Writes", "check_automatic", "check_plan"]
