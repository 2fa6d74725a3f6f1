"""A file that is changed while it is heard, on the machine that it lies on: what was heard of it is not kept.

A worker elsewhere has its own copy, whose digest was checked: what it hears is of the content that was taken in.
"""

import os

from engine_room import EACH_ENGINE, QUIET, SLOW, ended, until, wave

from samplemind_daemon.model import State


async def begun(room, level):
    await until(lambda: level in room.heard())


async def test_a_file_that_is_replaced_while_it_is_heard_is_heard_as_it_is_then_and_nothing_fails(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav", SLOW)
    await one.queue(audio)
    await begun(one, SLOW)
    wave(folder.path / "b.wav", QUIET, 0.6).rename(folder.path / "a.wav")
    await until(lambda: folder.was_put_back())
    changed = await folder.settle(audio, b"a.wav")
    await one.queue(changed)
    assert await ended(one, audio) == [State.COMPLETED]
    assert await one.found(audio) == {} and (await one.found(changed))["level.heard"] == QUIET
    assert "audio.failed" not in await one.events(folder.user)


async def test_a_file_that_is_changed_while_it_is_heard_and_never_taken_in_fails_and_keeps_nothing(
    watched, impatient
):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav", SLOW)
    await one.queue(audio)
    await begun(one, SLOW)
    os.utime(folder.path / "a.wav", ns=(1, 1))
    assert await ended(one, audio) == [State.FAILED]
    assert (await one.job(audio)).problem.reason == "SOURCE_CHANGED" and await one.found(audio) == {}


@EACH_ENGINE
async def test_a_file_that_is_replaced_while_it_is_heard_ends_as_what_it_was_taken_in_as_last(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav", SLOW)
    await one.queue(audio)
    await begun(one, SLOW)
    wave(folder.path / "b.wav", QUIET, 0.6).rename(folder.path / "a.wav")
    changed = await folder.settle(audio, b"a.wav")
    await one.queue(changed)
    assert await ended(one, audio) == [State.COMPLETED]
    assert await one.found(audio) == {} and (await one.found(changed))["level.heard"] == QUIET
