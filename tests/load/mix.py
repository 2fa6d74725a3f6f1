"""What clients do all day: of a hundred calls 80 look something up, 15 ask for an analysis, 5 send a sound."""

import hashlib
from typing import Any

from crowd_of_calls import Crowd
from raw_calls import Channel, Person, pieces
from senders import any_sound
from storms import deed, upload

LOOK_UPS, SUBMITS = 0.8, 0.15  # of the calls; the rest are uploads
PEOPLE, SOUND_BYTES = 20, 2_000


class Client:
    """Somebody who has a sound."""

    def __init__(self, person: Person, sound: Any) -> None:
        self.headers, self.sound = person.headers, sound

    def deeds(self) -> list[dict[str, Any]]:
        """All that clients do, for a storm: those of the group `looks`, and `others`."""
        one = {"audio_id": self.sound.id}
        return [
            deed("looks", LOOK_UPS / 2, "AudioService/Get", self.headers, **one),
            deed("looks", LOOK_UPS / 2, "AudioService/List", self.headers, page_size=20),
            deed("others", SUBMITS, "AnalysisService/Reanalyze", self.headers, **one),
            upload("others", 1 - LOOK_UPS - SUBMITS, self.headers, SOUND_BYTES),
        ]

    async def send(self, crowd: Crowd) -> None:
        """Three calls; the rest of them are left out where one is refused."""
        data = any_sound(SOUND_BYTES)
        about = {"name": "sound.wav", "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        answer = await crowd.answer("AudioService/CreateUpload", self.headers, **about)
        if answer is not None and await crowd.send(self.headers, pieces(answer.upload.id, data)) == "OK":
            await crowd.call("AudioService/FinishUpload", self.headers, upload_id=answer.upload.id)


def clients(address: str) -> list[Client]:
    """Some who have signed in, one after the other, since sign-ins are bounded."""
    channel = Channel(address)
    people = [Person(channel) for _ in range(PEOPLE)]
    known = [Client(person, person.upload(any_sound(SOUND_BYTES))) for person in people]
    channel.close()
    return known


def deeds(known: list[Client]) -> list[dict[str, Any]]:
    """What all of them do."""
    return [one for client in known for one in client.deeds()]
