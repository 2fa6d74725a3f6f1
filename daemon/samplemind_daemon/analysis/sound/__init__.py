"""How a file becomes sound: probed by content, decoded in blocks, resampled once, never trusted."""

from .cannot import CannotDecode
from .sound import Sound, open_sound

__all__ = ["CannotDecode", "Sound", "open_sound"]
