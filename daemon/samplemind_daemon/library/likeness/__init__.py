"""What sounds are like one."""

from .likeness import AS_THEY_COME, Likeness
from .samples import Sample, Samples
from .shelves import Shelves

__all__ = ["AS_THEY_COME", "Likeness", "Sample", "Samples", "Shelves"]
