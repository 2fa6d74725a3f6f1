"""What the daemon remembers. The only package that knows peewee.

Each module holds the functions of one noun; they take the database first and are run by
`Store.write` (in one transaction) or `Store.read`.
"""

from .connection import CannotOpen, Database
from .database import Store

__all__ = ["CannotOpen", "Database", "Store"]
