"""Who deletes a sound of a watch folder is not given it again, and the file stays where it is."""

import os

from samplemind_daemon.store import sounds


async def delete(ground, name, user="ada"):
    found = (await ground.known(name))[name]
    await ground.store.write(sounds.remove, user, found.id)
    return found


async def test_a_deleted_sound_does_not_come_back_though_its_file_stays(ground, folder):
    await ground.watch(folder)
    for name in ("gone.wav", "stays.wav"):
        (folder / name).write_bytes(name.encode())
    await ground.known("gone.wav", "stays.wav")
    await delete(ground, "gone.wav")
    await ground.idle()
    assert list(await ground.sounds()) == ["stays.wav"] and (folder / "gone.wav").exists()
    await ground.restart()
    await ground.idle()
    assert list(await ground.sounds()) == ["stays.wav"]
    assert "audio.missing" not in await ground.events()


async def test_a_forgotten_file_that_changes_is_a_new_sound(ground, folder):
    await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    old = await delete(ground, "loop.wav")
    await ground.idle()
    (folder / "loop.wav").write_bytes(b"another loop")
    new = (await ground.known("loop.wav"))["loop.wav"]
    assert new.id != old.id and new.size == 12
    await delete(ground, "loop.wav")
    await ground.idle()
    assert await ground.sounds() == {}


async def test_a_forgotten_file_that_goes_is_missed_by_nobody(ground, folder):
    await ground.watch(folder)
    for name in ("loop.wav", "pad.wav"):
        (folder / name).write_bytes(name.encode())
    await ground.known("loop.wav", "pad.wav")
    await delete(ground, "loop.wav")
    os.unlink(folder / "loop.wav")
    await ground.idle()
    assert "audio.missing" not in await ground.events()
    assert list(await ground.sounds()) == ["pad.wav"]


async def test_a_folder_that_is_watched_anew_is_seen_anew(ground, folder):
    known = await ground.watch(folder)
    (folder / "loop.wav").write_bytes(b"a loop")
    await delete(ground, "loop.wav")
    await ground.folders.delete("ada", known.id)
    await ground.watch(folder)
    await ground.known("loop.wav")
