"""Where bytes are kept, as the settings say."""

from typing import TYPE_CHECKING

from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs.blobs import Blobs
from samplemind_daemon.store.blobs.cache import Cache
from samplemind_daemon.store.blobs.disk import DiskBlobs
from samplemind_daemon.store.blobs.staging import Staging

if TYPE_CHECKING:
    from samplemind_daemon.store.blobs.bucket import Bucket


def open_blobs(settings: Settings) -> Blobs:
    """The folder in the home, or a bucket of S3. CannotServe where that cannot be, for what it takes is missing."""
    if not settings.blobs:
        return DiskBlobs(settings.blobs_folder)
    bucket, cache = _bucket(settings), Cache(settings.cache_folder, settings.most_cached_bytes)
    from samplemind_daemon.store.blobs.s3 import S3Blobs

    return S3Blobs(bucket, Staging(settings.blobs_folder / "staging"), cache)


def prove(settings: Settings) -> None:
    """Keep something small in the bucket, if the settings name one, and remove it; CannotServe where that fails."""
    if settings.blobs:
        _bucket(settings).prove()


def _bucket(settings: Settings) -> "Bucket":
    try:
        from samplemind_daemon.store.blobs.bucket import Bucket
    except ImportError:
        raise CannotServe(f"{settings.blobs}: it takes obstore: pip install 'samplemind[s3]'") from None
    return Bucket(settings)
