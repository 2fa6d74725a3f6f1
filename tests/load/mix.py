"""What clients do all day: of a hundred calls 80 look something up, 15 ask for an analysis, 5 send a sound."""

import hashlib
import random
from typing import Any

from crowd_of_calls import Crowd
from raw_calls import Channel, Person, pieces
from senders import any_sound

LOOK_UPS, SUBMITS = 0.8, 0.15  # of the calls; the rest are uploads
PEOPLE = 20


class Client:
    """Somebody who has a sound."""

    def __init__(self, person: Person, sound: Any) -> None:
        self.headers, self.sound = person.headers, sound

    async def look(self, crowd: Crowd, chance: random.Random) -> str:
        if chance.random() < 0.5:
            return await crowd.call("AudioService/Get", self.headers, audio_id=self.sound.id)
        return await crowd.call("AudioService/List", self.headers, page_size=20)

    async def act(self, looks: Crowd, others: Crowd, chance: random.Random) -> None:
        """One of the things that clients do."""
        dice = chance.random()
        if dice < LOOK_UPS:
            await self.look(looks, chance)
        elif dice < LOOK_UPS + SUBMITS:
            await others.call("AnalysisService/Reanalyze", self.headers, audio_id=self.sound.id)
        else:
            await self.send(others)

    async def send(self, crowd: Crowd) -> None:
        """Three calls; the rest of them are left out where one is refused."""
        data = any_sound(2_000)
        about = {"name": "sound.wav", "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        answer = await crowd.answer("AudioService/CreateUpload", self.headers, **about)
        if answer is not None and await crowd.send(self.headers, pieces(answer.upload.id, data)) == "OK":
            await crowd.call("AudioService/FinishUpload", self.headers, upload_id=answer.upload.id)


def clients(address: str) -> list[Client]:
    """Some who have signed in, one after the other, since sign-ins are bounded."""
    channel = Channel(address)
    people = [Person(channel) for _ in range(PEOPLE)]
    known = [Client(person, person.upload(any_sound(2_000))) for person in people]
    channel.close()
    return known
