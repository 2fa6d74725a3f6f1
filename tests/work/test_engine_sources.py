"""A file in a watch folder is heard where it lies, and only as long as it is what it was taken in as."""

import threading

from engine_room import EACH_ENGINE, QUIET, SLOW, ended, until, wave

from samplemind_daemon.model import State
from samplemind_daemon.store import files
from samplemind_daemon.work import books, sources

pytestmark = EACH_ENGINE


async def begun(room, level):
    await until(lambda: level in room.heard())


async def test_a_file_whose_name_is_no_text_is_heard_where_it_lies(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"caf\xe9 \xff\n.wav")
    await one.queue(audio)
    assert await ended(one, audio) == [State.COMPLETED]
    assert (await one.found(audio))["level.heard"] == QUIET


async def test_a_file_that_was_just_changed_waits_until_it_is_taken_in_and_nothing_fails(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav")
    wave(folder.path / "a.wav", SLOW, 0.4)
    job = await one.queue(audio)
    await until(lambda: folder.was_put_back())
    assert (await one.job(audio)).attempts == 0 and one.heard() == []
    changed = await folder.settle(audio, b"a.wav")
    assert (await one.queue(changed)).id == job.id
    assert await ended(one, audio) == [State.COMPLETED]
    assert one.heard() == [SLOW] and (await one.job(audio)).sha256 == changed.sha256
    assert "audio.failed" not in await one.events(folder.user)


async def test_a_file_that_was_changed_and_is_never_taken_in_fails_and_keeps_nothing(watched, impatient):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav")
    wave(folder.path / "a.wav", SLOW, 0.4)
    await one.queue(audio)
    assert await ended(one, audio) == [State.FAILED]
    assert (await one.job(audio)).problem.reason == "SOURCE_CHANGED"
    assert one.heard() == [] and await one.found(audio) == {}


async def test_a_disk_that_hangs_holds_up_nobody_elses_sounds_and_is_gone_on_with_when_it_answers(
    watched, monkeypatch
):
    hangs, real = threading.Event(), files.stamp

    def stamp(path):
        if path.endswith(b"hangs.wav"):
            hangs.wait()
        return real(path)

    monkeypatch.setattr(files, "stamp", stamp)
    monkeypatch.setattr(sources, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(books, "SETTLING_SECONDS", 0.2)
    one, folder = await watched()
    stuck = await folder.take_in(b"hangs.wav")
    await one.queue(stuck)
    await until(lambda: folder.was_put_back())
    bob = await one.user("bob@example.org")
    others = [await one.sound(bob) for _ in range(3)]
    assert await ended(one, *others) == [State.COMPLETED] * 3
    assert await one.state(stuck) in (State.QUEUED, State.PROCESSING)
    hangs.set()
    assert await ended(one, stuck) == [State.COMPLETED]
    assert "audio.failed" not in await one.events(folder.user)


async def test_a_file_that_is_gone_fails_with_a_sentence(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav")
    (folder.path / "a.wav").unlink()
    await one.queue(audio)
    assert await ended(one, audio) == [State.FAILED]
    problem = (await one.job(audio)).problem
    assert problem.reason == "SOURCE_GONE" and "'a.wav'" in problem.message


async def test_a_file_that_gets_another_content_while_it_is_heard_is_heard_again(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav", SLOW)
    job = await one.queue(audio)
    await begun(one, SLOW)
    wave(folder.path / "a.wav", QUIET, 0.5)
    changed = await folder.settle(audio, b"a.wav")
    assert (await one.queue(changed)).id == job.id  # it is at work: there is no second one
    assert await ended(one, audio) == [State.COMPLETED]
    assert await one.found(audio) == {} and (await one.found(changed))["level.heard"] == QUIET


async def test_a_file_that_gets_another_content_while_it_waits_is_heard_as_it_is_then(watched):
    one, folder = await watched(start=False)
    audio = await folder.take_in(b"a.wav", SLOW)
    await one.queue(audio)
    wave(folder.path / "a.wav", QUIET, 0.5)
    changed = await folder.settle(audio, b"a.wav")
    await one.engine.start()
    assert await ended(one, audio) == [State.COMPLETED]
    assert one.heard() == [QUIET] and (await one.job(audio)).sha256 == changed.sha256


async def test_a_file_that_is_moved_while_it_is_heard_is_not_lost(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav", SLOW)
    await one.queue(audio)
    await begun(one, SLOW)
    (folder.path / "a.wav").rename(folder.path / "b.wav")
    await folder.settle(audio, b"b.wav")
    assert await ended(one, audio) == [State.COMPLETED]


async def test_an_upload_of_the_same_content_is_heard_even_if_the_watched_file_is_gone(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav")
    kept = await one.sound(folder.user, lane=None, data=(folder.path / "a.wav").read_bytes())
    (folder.path / "a.wav").unlink()
    await one.queue(audio)
    assert await ended(one, audio) == [State.COMPLETED] and kept.sha256 == audio.sha256


async def test_a_watched_file_whose_results_are_fresh_needs_not_be_there(watched):
    one, folder = await watched()
    audio = await folder.take_in(b"a.wav")
    await one.queue(audio)
    await ended(one, audio)
    (folder.path / "a.wav").unlink()
    await one.queue(audio)
    assert await ended(one, audio) == [State.COMPLETED]
