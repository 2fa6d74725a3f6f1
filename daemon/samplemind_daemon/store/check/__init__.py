"""Whether what is kept is whole: each module looks after some of the promises, and says what breaks them."""

from .fault import MOST, Fault
from .faults import database, files

__all__ = ["MOST", "Fault", "database", "files"]
