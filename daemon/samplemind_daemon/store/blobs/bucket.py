"""A bucket of S3, or of what speaks like it: the one place where it is talked to."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from samplemind_daemon.address import Address
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs.fuse import Fuse, away

if TYPE_CHECKING:
    from obstore.store import S3Config

log = structlog.get_logger(__name__)

PIECE = (
    8 * 2**20
)  # bytes of a large content that travel in one request; S3 takes 5 MiB or more, and 10,000 of them
MOST_PIECES = 4  # of a content under way at a time
PAGE = 1_000  # keys in an answer of S3
LITTLE = 2**20  # bytes that go through in a few seconds wherever anybody uses a bucket
CONNECT_SECONDS, QUICK_SECONDS, LONG_SECONDS = 3, 6, 30  # that a request may take, by what it carries
RETRIES, RETRY_SECONDS = 4, 12  # of a request that failed, and after which there is no other
_ADDRESS = re.compile(r"s3://(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]+)/?(?P<prefix>[A-Za-z0-9._/-]*?)/?")
_PROBE = b"samplemind was here"
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


class Object(NamedTuple):
    """What a bucket says of something in it; times are by its own clock."""

    key: str
    size: int
    modified: datetime


class Bucket:
    """The objects below a prefix. Whatever it is asked raises Unavailable where it cannot be had, after some tries."""

    def __init__(self, settings: Settings) -> None:
        self._quick, self._long = _store(settings, QUICK_SECONDS), _store(settings, LONG_SECONDS)
        self._probing, self._name = _store(settings, CONNECT_SECONDS, retries=0), settings.blobs
        self._fuse = Fuse(self._look)

    def prove(self) -> None:
        """Write, read and remove something small; CannotServe where that cannot be done."""
        key = f"probe/{uuid4()}"
        try:
            obstore.put(self._quick, key, _PROBE)
            read = obstore.get_range(self._quick, key, start=0, length=len(_PROBE))
            obstore.delete(self._quick, key)
        except (BaseError, OSError, ValueError) as error:
            raise CannotServe(f"{self._name} cannot be used: {_reason(error)}") from None
        if bytes(read) != _PROBE:
            raise CannotServe(f"{self._name} cannot be used: it gives other bytes than it was given")

    def put(self, key: str, data: bytes) -> None:
        """Put a small object: S3 compares its SHA-256 with the one that the request is signed with."""
        with self._asking():
            obstore.put(self._for(len(data)), key, data, use_multipart=False)

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        """Put a large object, piece by piece, each checked as a small one; it is there whole, or not at all.

        Whatever `pieces` raises is raised, and what was sent is removed.
        """
        with self._asking():
            obstore.put(self._long, key, pieces, chunk_size=PIECE, max_concurrency=MOST_PIECES)

    def look_at(self, key: str) -> Object:
        """What is there under a key; FileNotFoundError if nothing is."""
        with self._asking():
            found = obstore.head(self._quick, key)
        return Object(key, found["size"], found["last_modified"])

    def read(self, key: str, offset: int, length: int) -> bytes:
        """Some bytes of an object; FileNotFoundError if there is none."""
        with self._asking():
            return bytes(obstore.get_range(self._for(length), key, start=offset, length=length))

    def below(self, prefix: str) -> Iterator[Object]:
        """All objects below a prefix."""
        with self._asking():
            for page in obstore.list(self._quick, prefix, chunk_size=PAGE):
                for one in page:
                    yield Object(one["path"], one["size"], one["last_modified"])

    def folders(self, prefix: str) -> list[str]:
        """The next parts of all keys below a prefix."""
        with self._asking():
            found = obstore.list_with_delimiter(self._quick, prefix)
        return [one.removeprefix(f"{prefix}/") for one in found["common_prefixes"]]

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        with self._asking():
            obstore.delete(self._quick, key)

    def rename(self, key: str, new: str) -> None:
        """Move an object, whose bytes stay as they are."""
        with self._asking():
            obstore.rename(self._long, key, new)

    def url(self, key: str, seconds: float) -> str:
        """An address that the object can be got at for so long, by whoever knows it."""
        with self._asking():
            return obstore.sign(self._quick, "GET", key, timedelta(seconds=seconds))

    def _for(self, size: int) -> S3Store:
        """The bucket with the patience that so many bytes need."""
        return self._quick if size <= LITTLE else self._long

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._fuse.guarding(), _translating():
            yield

    def _look(self) -> None:
        with _translating(), suppress(FileNotFoundError):
            obstore.head(self._probing, "probe/none")


def _store(settings: Settings, seconds: float, retries: int = RETRIES) -> S3Store:
    """The bucket that the settings and AWS's variables name; each request takes so long at most."""
    named = _ADDRESS.fullmatch(settings.blobs)
    if named is None or ".." in settings.blobs:
        raise CannotServe(f"{settings.blobs} is no address of a bucket: s3://bucket, or s3://bucket/prefix")
    try:
        return S3Store(
            named["bucket"],
            prefix=named["prefix"] or None,
            config=_keys(settings),
            client_options={
                "timeout": timedelta(seconds=seconds),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "allow_http": _may_be_open(),
            },
            retry_config={
                "max_retries": retries,
                "retry_timeout": timedelta(seconds=RETRY_SECONDS),
                "backoff": {
                    "init_backoff": timedelta(seconds=0.1),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
            },
        )
    except (BaseError, ValueError) as error:
        raise CannotServe(f"{settings.blobs} cannot be used: {_reason(error)}") from None


def _keys(settings: Settings) -> "S3Config":
    """The keys that the settings know; where there are none, the library looks where AWS has them, too."""
    found: S3Config = {}
    if settings.aws_access_key_id is not None:
        found["access_key_id"] = settings.aws_access_key_id.get_secret_value()
    if settings.aws_secret_access_key is not None:
        found["secret_access_key"] = settings.aws_secret_access_key.get_secret_value()
    if settings.aws_session_token is not None:
        found["session_token"] = settings.aws_session_token.get_secret_value()
    return found


def _may_be_open() -> bool:
    """Whether it is spoken without TLS: on this machine, or where that was asked for. Raises CannotServe elsewhere."""
    name, endpoint = next(((one, os.environ[one]) for one in _ENDPOINTS if os.environ.get(one)), ("", ""))
    found = urlsplit(endpoint)
    if endpoint and (found.scheme not in ("http", "https") or not found.hostname):
        raise CannotServe(f"{name}: {endpoint} is no address such as https://s3.example.org")
    if found.scheme != "http":
        return False
    asked = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true", "yes")
    if not asked and not Address(found.hostname or "", 0).is_loopback:
        raise CannotServe(
            f"{name}: {endpoint} is not encrypted, and leads to another machine: name it with https, "
            "or set AWS_ALLOW_HTTP=true where nobody can listen in between"
        )
    return True


@contextmanager
def _translating() -> Iterator[None]:
    """Raise Unavailable where the bucket cannot be had; FileNotFoundError says that one object is not there."""
    try:
        yield
    except FileNotFoundError as missing:
        if "NoSuchBucket" not in str(missing):
            raise FileNotFoundError(*missing.args) from None
        log.warning("the bucket is not there", why=_reason(missing))
        raise away() from None
    except BaseError as error:
        log.warning("the bucket cannot be had", why=_reason(error))
        raise away() from None


def _reason(error: Exception) -> str:
    """The first line of what went wrong: what follows is for those who write the library."""
    said = str(error).partition("\n")[0]
    found = re.search(r"<Code>(\w+)</Code>\s*<Message>([^<]*)", str(error))
    return f"{found[2]} ({found[1]})" if found else said
