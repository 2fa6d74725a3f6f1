"""Letters: what is said, packed; what is too long for one message is fetched in parts by whoever is told.

A letter is an envelope's first byte and what is in it: "-" as it is, "=" packed, ">" where its parts are.
"""

import asyncio
import json
import zlib
from collections import OrderedDict
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg

from samplemind_daemon.work.nats.place import Place
from samplemind_daemon.work.protocol import CannotUnderstand

PART_BYTES = (
    512 * 1024
)  # of a packed letter in one message: half of what a server takes unless told otherwise
MOST_PARTS = 64
MOST_BYTES = 128 * 2**20  # of one letter, unpacked
MOST_HELD = 128 * 2**20  # bytes of letters that wait to be fetched; the oldest are forgotten
LARGE_BYTES = 64 * 1024  # from which on packing is not the event loop's work
FETCH_SECONDS = 5.0


class Letters:
    """Packs and unpacks letters, and holds the long ones of this process until they are fetched."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client, self._place = client, place
        self.holder = str(uuid4())
        self._held: OrderedDict[str, bytes] = OrderedDict()

    async def open(self) -> None:
        """Answer those who fetch parts."""
        await self._client.subscribe(self._place.letters(self.holder), cb=self._hand_out)

    async def seal(self, text: bytes) -> bytes:
        """A letter with this text; CannotUnderstand if it is too long for any."""
        packed = await _apart(zlib.compress, text, 1)
        if len(packed) <= PART_BYTES:
            return b"=" + packed
        if len(packed) > MOST_PARTS * PART_BYTES or len(text) > MOST_BYTES:
            raise CannotUnderstand(f"a letter of {len(text):,} bytes is too long")
        id = str(uuid4())
        self._held[id] = packed
        while sum(map(len, self._held.values())) > MOST_HELD:
            self._held.popitem(last=False)
        parts = -(-len(packed) // PART_BYTES)
        return b">" + json.dumps({"holder": self.holder, "id": id, "parts": parts}).encode()

    async def read(self, letter: bytes) -> bytes:
        """The text of a letter; CannotUnderstand if it is none, nats.errors.Error if its parts cannot be fetched."""
        match letter[:1]:
            case b"-":
                return letter[1:]
            case b"=":
                return await _apart(_unpack, letter[1:])
            case b">":
                return await _apart(_unpack, await self._fetch(letter[1:]))
        raise CannotUnderstand("this is no letter")

    async def _fetch(self, envelope: bytes) -> bytes:
        try:
            fields = json.loads(envelope)
            holder, id, parts = str(fields["holder"]), str(fields["id"]), int(fields["parts"])
        except (ValueError, TypeError, KeyError) as error:
            raise CannotUnderstand(f"{type(error).__name__}: {str(error)[:200]}") from None
        if not 0 < parts <= MOST_PARTS or not _is_word(holder):
            raise CannotUnderstand("these are no parts of a letter")
        packed = b""
        for part in range(parts):
            wanted = json.dumps({"id": id, "part": part, "last": part + 1 == parts}).encode()
            answer = await self._client.request(self._place.letters(holder), wanted, timeout=FETCH_SECONDS)
            if not answer.data or len(answer.data) > PART_BYTES:
                raise CannotUnderstand(f"part {part} of a letter is gone")
            packed += answer.data
        return packed

    async def _hand_out(self, message: Msg) -> None:
        try:
            fields = json.loads(message.data)
            id, start = str(fields["id"]), int(fields["part"]) * PART_BYTES
            packed = (self._held.pop if fields["last"] is True else self._held.get)(id, b"")
        except (ValueError, TypeError, KeyError):
            return
        await message.respond(packed[start : start + PART_BYTES] if start >= 0 else b"")


def raw(data: bytes) -> bytes:
    """A letter with bytes that are not worth packing."""
    return b"-" + data


def _unpack(packed: bytes) -> bytes:
    opened = zlib.decompressobj()
    try:
        text = opened.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise CannotUnderstand(f"a letter cannot be unpacked: {error}") from None
    if opened.unconsumed_tail or not opened.eof:
        raise CannotUnderstand("a letter is too long, or cut")
    return text


async def _apart(work, data: bytes, *more: int) -> bytes:  # type: ignore[no-untyped-def]
    """What comes of it, from a thread where it takes long."""
    if len(data) < LARGE_BYTES:
        return work(data, *more)  # type: ignore[no-any-return]
    return await asyncio.to_thread(work, data, *more)


def _is_word(word: str) -> bool:
    return 0 < len(word) <= 64 and word.replace("-", "").isalnum()
