"""What sounds go with one."""

from .fitting import Fitting

__all__ = ["Fitting"]
