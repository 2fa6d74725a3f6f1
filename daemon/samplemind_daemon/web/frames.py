"""gRPC-Web's frames: five bytes of kind and length, and then a message, or the trailers that end an answer."""

import base64
import struct
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from samplemind_daemon.refusals import Exhausted, Invalid

MESSAGE, TRAILERS, COMPRESSED = 0x00, 0x80, 0x01
_HEAD = struct.Struct(">BI")
HEAD_BYTES = _HEAD.size

Metadata = Iterable[tuple[str, str | bytes]]


class Frames:
    """Cuts what comes, in whatever pieces, into the messages that were sent."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._rest = bytearray()
        self.ended = False  # by trailers, which say that nothing more comes

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now; Invalid or Exhausted where one cannot be taken."""
        self._rest += data
        while len(self._rest) >= HEAD_BYTES:
            kind, length = _HEAD.unpack_from(self._rest)
            self._check(kind, length)
            end = HEAD_BYTES + length
            if len(self._rest) < end:
                return
            message = bytes(self._rest[HEAD_BYTES:end])
            del self._rest[:end]
            if kind == TRAILERS:
                self.ended = True
            else:
                yield message

    def finish(self) -> None:
        """Nothing more comes: Invalid where a message is not whole."""
        if self._rest:
            raise Invalid("UNREADABLE", "The request ends in the middle of a message.")

    def _check(self, kind: int, length: int) -> None:
        if self.ended:
            raise Invalid("UNREADABLE", "The request goes on after its end.")
        if kind == COMPRESSED:
            raise Invalid("UNREADABLE", "Compressed messages are not taken here.")
        if kind not in (MESSAGE, TRAILERS):
            raise Invalid("UNREADABLE", f"There is no frame of the kind {kind}.")
        if length > self._largest:
            most = f"A message has at most {self._largest:,} bytes, not {length:,}."
            raise Exhausted("MESSAGE_TOO_LARGE", most)


def message_frame(message: bytes) -> bytes:
    """A message as it travels."""
    return _HEAD.pack(MESSAGE, len(message)) + message


def trailers_frame(code: int, details: str, metadata: Metadata) -> bytes:
    """How an answer ends: the status and what comes with it."""
    lines = [f"grpc-status: {code}"]
    if details:
        lines.append(f"grpc-message: {quote(details, safe=_PLAIN)}")
    lines += [f"{name}: {header(name, value)}" for name, value in metadata]
    body = "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace")
    return _HEAD.pack(TRAILERS, len(body)) + body


def header(name: str, value: str | bytes) -> str:
    """A value of gRPC's metadata as a header has it."""
    if name.endswith("-bin"):
        raw = value if isinstance(value, bytes) else value.encode()
        return base64.b64encode(raw).rstrip(b"=").decode()
    return value.decode("latin-1") if isinstance(value, bytes) else value


_PLAIN = " !\"#$&'()*+,/:;<=>?@[\\]^`{|}~"  # all that is printable ASCII but the percent sign
