"""Clients that send sounds for as long as they may, and note on the side what they were promised."""

import hashlib
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from uuid import uuid4

from raw_calls import Channel, pieces
from sound_files import wave_file


def any_sound(size: int = 20_000) -> bytes:
    """A WAV file of noise that nobody has ever sent."""
    return wave_file(os.urandom(size // 2 * 2))


class Senders:
    """Threads that upload; each appends a line to `acks` once FinishUpload has answered, and not before.

    Whatever goes wrong is tried again with the same ids, as a client does, until there is an answer or the
    senders are told to stop. `refused` counts answers that were no.
    """

    def __init__(
        self, address: str, key: str, acks: Path, many: int = 4, size: int = 20_000, pause: float = 0
    ) -> None:
        self._address, self._headers, self._acks = address, [("x-api-key", key)], acks
        self._size, self._pause = size, pause  # bytes, and seconds between two sounds
        self._over = threading.Event()
        self._writing = threading.Lock()
        self.refused: dict[str, int] = {}
        self._threads = [threading.Thread(target=self._send_on, daemon=True) for _ in range(many)]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Send nothing more."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def acknowledged(self) -> list[str]:
        """The digests of all that was promised to be kept."""
        return self._acks.read_text().split() if self._acks.exists() else []

    def _send_on(self) -> None:
        channel = Channel(self._address)
        while not self._over.is_set():
            self._send(channel, any_sound(self._size))
            self._over.wait(self._pause)
        channel.close()

    def _send(self, channel: Channel, data: bytes) -> None:
        sha256, request = hashlib.sha256(data).hexdigest(), str(uuid4())
        while not self._over.is_set():
            if self._attempt(channel, data, sha256, request):
                with self._writing, self._acks.open("a") as acks:
                    acks.write(f"{sha256}\n")
                return
            time.sleep(0.05)

    def _attempt(self, channel: Channel, data: bytes, sha256: str, request: str) -> bool:
        """Whether the daemon has answered that it has these bytes."""
        about = {"name": f"{sha256[:8]}.wav", "size_bytes": len(data), "sha256": sha256}
        opened = channel.call("AudioService/CreateUpload", self._headers, request_id=request, **about)
        if opened.code != "OK":
            return self._note(opened.code)
        if opened.answer.HasField("audio"):
            return True
        id, at = opened.answer.upload.id, opened.answer.upload.committed_bytes
        asked = channel.call("AudioService/GetUpload", self._headers, upload_id=id)
        if asked.code == "OK":
            at = asked.answer.upload.committed_bytes
        if at < len(data):
            channel.call("AudioService/UploadChunks", self._headers, stream=pieces(id, data, at))
        done = channel.call("AudioService/FinishUpload", self._headers, upload_id=id)
        return done.code == "OK" or self._note(done.code)

    def _note(self, code: str) -> bool:
        with self._writing:
            self.refused[code] = self.refused.get(code, 0) + 1
        return False
