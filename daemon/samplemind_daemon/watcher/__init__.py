"""Folders that change become sounds in the library. The only package that knows watchdog."""

from .watch import Swept
from .watcher import Watcher

__all__ = ["Swept", "Watcher"]
