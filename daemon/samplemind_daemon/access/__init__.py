"""Who may come in: accounts, passwords, sessions, tokens and API keys."""

from .access import Access
from .tokens import Tokens

__all__ = ["Access", "Tokens"]
