"""The bytes of uploaded sounds, by their digest. Kept means: where they last, whatever happens next."""

from .blobs import GRACE, PART, Blobs, Copy
from .cache import Cache
from .disk import DiskBlobs
from .opening import open_blobs, prove
from .staging import Staging

__all__ = ["GRACE", "PART", "Blobs", "Cache", "Copy", "DiskBlobs", "Staging", "open_blobs", "prove"]
