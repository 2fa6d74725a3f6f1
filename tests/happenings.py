"""What happens to a user by the thousand, without anyone who does it."""

import asyncio

from subscription import Subscription

from samplemind_daemon.store import Store, events

BURST = 1_000


class Happenings:
    """Lets things happen to a user by the thousand, as another program that writes to the same home would."""

    def __init__(self, daemon, user: str, audio: str, wake) -> None:
        self._store, self._user, self._audio, self._wake = (
            Store(daemon.home / "samplemind.db"),
            user,
            audio,
            wake,
        )
        self.count = 0

    def burst(self) -> None:
        notes = [
            {
                "kind": "audio.renamed", "audio": self._audio, "job": "", "folder": "", "name": "n" * 200,
                "reason": "", "message": "",
            }
            for _ in range(BURST)
        ]  # fmt: skip
        asyncio.run(self._store.write(events.record_many, self._user, notes))
        self.count += BURST + 1
        self._wake(f"{self.count}.wav")  # the daemon hears of it with the next event that is its own

    def close(self) -> None:
        self._store.close()


def settled(daemon, ada) -> int:
    """How much has happened, once the first sound is done."""
    first = Subscription(daemon.address, ada.headers, cursor="0")
    first.wait(lambda: [event.kind for event in first.events[-1:]] == ["audio.completed"])
    first.close()
    return first.reached
