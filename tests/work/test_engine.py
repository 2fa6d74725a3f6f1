"""A job in the database is taken, heard and kept, whatever happens on the way."""

import asyncio

from engine_room import QUIET

from samplemind_daemon.model import State


async def until(question, seconds=20.0):
    """Wait until the question, asked again and again, is answered yes."""
    async with asyncio.timeout(seconds):
        while not await question():
            await asyncio.sleep(0.02)


async def ended(room, *audios):
    async def all_ended():
        return all([(await room.job(audio)).finished_at for audio in audios])

    await until(all_ended)
    return [await room.state(audio) for audio in audios]


async def test_a_job_is_heard_and_kept_with_its_media_its_state_and_its_events(room):
    one = await room()
    audio = await one.sound(await one.user(), QUIET, seconds=0.5)
    assert await ended(one, audio) == [State.COMPLETED]
    assert await one.found(audio) == {"level.heard": QUIET, "twice.much": 2 * QUIET, "length.samples": 22_050}
    assert await one.events(audio.user) == [
        "audio.added", "audio.queued", "audio.processing", "audio.completed"
    ]  # fmt: skip
    assert (await one.audio(audio)).media.seconds == 0.5
