"""Files that come, change, move and go in a watched folder."""

import asyncio
import hashlib
import os
import shutil

from samplemind_daemon.model import State


async def test_a_file_that_is_dropped_in_becomes_one_sound_with_one_job(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    found = (await ground.known("loop.wav"))["loop.wav"]
    assert (found.size, found.sha256) == (6, hashlib.sha256(b"a loop").hexdigest())
    assert (found.state, found.path) == (State.QUEUED, b"loop.wav")
    assert ground.work > 0
    await ground.idle()
    assert [job.sha256 for job in await ground.jobs()] == [found.sha256]
    assert await ground.events() == ["folder.added", "audio.added", "audio.queued"]


async def test_files_that_are_there_already_are_taken_in(ground, folder):
    (folder / "drums" / "old").mkdir(parents=True)
    (folder / "drums" / "old" / "kick.wav").write_bytes(b"kick")
    (folder / "pad.flac").write_bytes(b"pad")
    await ground.watch(folder)
    found = await ground.known("kick.wav", "pad.flac")
    assert found["kick.wav"].path == b"drums/old/kick.wav"


async def test_a_file_counts_only_once_its_writer_is_done(ground, folder):
    await ground.watch(folder)
    with (folder / "long.wav").open("wb", buffering=0) as file:
        for _ in range(12):
            file.write(b"x" * 1000)
            await asyncio.sleep(0.15)
        assert await ground.sounds() == {}
    found = await ground.known("long.wav")
    assert found["long.wav"].size == 12_000
    assert len(await ground.jobs()) == 1


async def test_hidden_and_unfinished_names_count_once_they_get_their_own(ground, folder):
    await ground.watch(folder, include=["*"])
    for name in (
        ".loop.wav.Xy12",
        "loop.wav.part",
        "loop.tmp",
        "loop.wav.crdownload",
        "~loop.wav",
        "loop.wav~",
    ):
        (folder / name).write_bytes(b"a loop")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "loop.wav").write_bytes(b"a loop")
    await ground.idle()
    assert await ground.sounds() == {}
    (folder / "loop.wav.part").rename(folder / "loop.wav")
    assert list(await ground.known("loop.wav")) == ["loop.wav"]


async def test_only_sounds_are_taken_and_what_the_patterns_say(ground, folder):
    await ground.watch(folder, ignore=["*_old*", "drafts"])
    for name in (
        "loop.wav",
        "LOUD.AIFF",
        "loop.wav.asd",
        "cover.jpg",
        "loop_old.wav",
        "drafts/x.wav",
        "a/b.ogg",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(name.encode())
    await ground.known("loop.wav", "LOUD.AIFF", "b.ogg")
    await ground.idle()
    assert set(await ground.sounds()) == {"loop.wav", "LOUD.AIFF", "b.ogg"}


async def test_an_empty_file_waits_for_its_first_byte(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").touch()
    await ground.idle()
    assert await ground.sounds() == {}
    (folder / "loop.wav").write_bytes(b"a loop")
    await ground.known("loop.wav")


async def test_a_renamed_file_stays_the_same_sound_and_is_not_heard_again(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    before = (await ground.known("loop.wav"))["loop.wav"]
    (folder / "loop.wav").rename(folder / "better.wav")
    after = await ground.known("better.wav")
    assert set(after) == {"better.wav"}
    assert (after["better.wav"].id, after["better.wav"].path) == (before.id, b"better.wav")
    await ground.idle()
    assert len(await ground.jobs()) == 1
    assert (await ground.events())[3:] == ["audio.moved"]


async def test_a_renamed_folder_keeps_all_its_sounds(ground, folder):
    names = [f"{number}.wav" for number in range(30)]
    (folder / "drums").mkdir()
    for name in names:
        (folder / "drums" / name).write_bytes(name.encode())
    await ground.watch(folder)
    before = await ground.known(*names)
    (folder / "drums").rename(folder / "percussion")

    async def moved():
        return all(sound.path.startswith(b"percussion/") for sound in (await ground.sounds()).values())

    await ground.until(moved)
    assert {name: sound.id for name, sound in (await ground.sounds()).items()} == {
        name: sound.id for name, sound in before.items()
    }
    assert len(await ground.jobs()) == 30
    assert "audio.missing" not in await ground.events()


async def test_a_file_moved_from_one_watched_folder_to_another_keeps_its_record(ground, folder, tmp_path):
    other = tmp_path / "library"
    other.mkdir()
    await ground.watch(folder)
    destination = await ground.watch(other)
    (folder / "loop.wav").write_bytes(b"a loop")
    before = (await ground.known("loop.wav"))["loop.wav"]
    shutil.move(folder / "loop.wav", other / "loop.wav")

    async def moved():
        return (await ground.sounds())["loop.wav"].folder == destination.id

    await ground.until(moved)
    assert (await ground.sounds())["loop.wav"].id == before.id
    assert len(await ground.jobs()) == 1


async def test_a_copy_is_a_sound_of_its_own(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    await ground.known("loop.wav")
    shutil.copy2(folder / "loop.wav", folder / "copy.wav")
    os.link(folder / "loop.wav", folder / "link.wav")
    found = await ground.known("loop.wav", "copy.wav", "link.wav")
    assert len({sound.id for sound in found.values()}) == 3
    assert len({sound.sha256 for sound in found.values()}) == 1


async def test_new_content_is_a_new_version_of_the_same_sound(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"first")
    before = (await ground.known("loop.wav"))["loop.wav"]
    (folder / "next.tmp").write_bytes(b"second")
    (folder / "next.tmp").replace(folder / "loop.wav")
    digest = hashlib.sha256(b"second").hexdigest()

    async def changed():
        return (await ground.sounds())["loop.wav"].sha256 == digest

    await ground.until(changed)
    assert (await ground.sounds())["loop.wav"].id == before.id
    assert [job.sha256 for job in await ground.jobs() if job.state is State.QUEUED] == [digest]
    assert "audio.changed" in await ground.events()


async def test_touching_a_file_changes_nothing(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    await ground.known("loop.wav")
    os.utime(folder / "loop.wav", (1, 1))
    await ground.idle()
    assert await ground.events() == ["folder.added", "audio.added", "audio.queued"]


async def test_a_deleted_file_is_missing_and_found_again_when_it_returns(ground, folder, tmp_path):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    before = (await ground.known("loop.wav"))["loop.wav"]
    shutil.move(folder / "loop.wav", tmp_path / "loop.wav")

    async def missing():
        return (await ground.sounds())["loop.wav"].missing_at is not None

    await ground.until(missing)
    shutil.copy(tmp_path / "loop.wav", folder / "loop.wav")
    after = (await ground.known("loop.wav"))["loop.wav"]
    assert after.id == before.id
    assert (await ground.events())[3:] == ["audio.missing", "audio.found"]
    assert len(await ground.jobs()) == 1


async def test_two_thousand_files_at_once_are_all_known_and_none_twice(ground, folder):
    await ground.watch(folder)
    for number in range(2_000):
        place = folder / f"{number % 20}" / f"{number}.wav"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"%d" % number)

    async def all_known():
        return len(await ground.sounds()) == 2_000

    await ground.until(all_known, 60)
    await ground.idle()
    assert len(await ground.sounds()) == len(await ground.jobs()) == 2_000
