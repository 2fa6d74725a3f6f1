"""What a worker can reach: plugins and decoders are strangers' code, and files are strangers' words."""

from .cage import Cage, Ways, missing, shut

__all__ = ["Cage", "Ways", "missing", "shut"]
