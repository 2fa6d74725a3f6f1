"""A watch folder of sounds in all containers, and what tests ask of a daemon that writes into them."""

import hashlib
import os
import time
from pathlib import Path

import numpy as np
import soundfile
from raw_calls import Channel
from sound_files import encode

from samplemind.v1.audio_pb2 import AUDIO_STATE_COMPLETED

RATE = 44_100
ENDINGS = ("wav", "aiff", "flac", "mp3", "ogg", "opus", "m4a")
FIXED = (("tempo.bpm", 128.0), ("key.key", "A minor"), ("kind.label", "loop"))  # what their user says of them


def make_sound(path: Path, seed: int = 0, seconds: float = 2.0) -> None:
    """A sound in the container that the path's ending names."""
    noise = np.random.default_rng(seed).standard_normal((int(seconds * RATE), 2)).astype(np.float32) / 10
    ending = path.suffix[1:]
    if ending == "m4a":
        encode(path, noise, RATE, "ipod", "aac")
    elif ending == "opus":
        soundfile.write(path, noise[: 48_000 * 2], 48_000, format="OGG", subtype="OPUS")
    else:
        soundfile.write(path, noise, RATE)


def tree(folder: Path) -> dict[str, str]:
    """All files below a folder, hidden ones too, with the digests of their bytes."""
    files = (Path(above) / name for above, _, names in os.walk(folder) for name in names)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Room:
    """A daemon's inbox, and calls of its owner."""

    def __init__(self, daemon) -> None:
        self.daemon, self.inbox = daemon, daemon.inbox
        self.reconnect()

    def reconnect(self) -> None:
        self.channel, self.headers = Channel(self.daemon.address), [("x-api-key", self.daemon.owner_key)]

    def __call__(self, rpc, /, **fields):
        return self.channel.call(rpc, self.headers, **fields)

    def answer(self, rpc, /, **fields):
        return self(rpc, **fields).answer

    def heard(self, *names: str) -> dict[str, object]:
        """These sounds, once they have been analysed."""

        def done():
            known = {
                one.name: one
                for one in self.answer("AudioService/List").audios
                if not one.HasField("missing_at")
            }
            return (
                known
                if all(name in known and known[name].state == AUDIO_STATE_COMPLETED for name in names)
                else None
            )

        return eventually(done)

    def correct(self, audios, said=FIXED) -> None:
        """Let their user say what they are, so that it is known."""
        kinds = {float: "number", str: "text"}
        for audio in audios:
            wishes = [
                {"audio_id": audio.id, "name": name, "value": {kinds[type(value)]: value}}
                for name, value in said
            ]
            self.answer("LibraryService/Correct", corrections=wishes)

    def events(self) -> list[tuple[str, str]]:
        return [(one.kind, one.name) for one in self.answer("EventService/List", page_size=1_000).events]

    def preview(self, audios=(), **plan):
        plan |= {"audio_ids": [one.id for one in audios]}
        return self.answer("LibraryService/PreviewWrite", plan=plan)

    def apply(self, previewed):
        return self.answer("LibraryService/ApplyWrite", write_id=previewed.write_id)

    def duplicates(self, **asked):
        """Groups of names, each with how near and what differs."""
        groups = self.answer("LibraryService/Duplicates", **asked).groups
        return {frozenset(one.name for one in group.audios): group for group in groups}

    def undo(self, previewed):
        return self.answer("LibraryService/UndoWrite", write_id=previewed.write_id)


def eventually(ask, seconds=60.0):
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return answer
