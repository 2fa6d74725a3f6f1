"""Watched folders are known with the files in them, and what goes missing is not deleted."""

from dataclasses import replace

import pytest

from samplemind_daemon.model import FolderState, Place, State
from samplemind_daemon.store import arrivals, events, folders, jobs, results, sounds
from samplemind_daemon.store.arrivals import Arrival


@pytest.fixture
def watched(store):
    async def watched(id="f1", user="ada", path=b"/sounds"):
        return await store.write(folders.add, user, id, path, True, ["*.wav"], [])

    return watched


def place(path, audio="", size=5, mtime_ns=17):
    return Place(audio, path, size, mtime_ns, 2, 99, None)


async def test_a_path_is_watched_once_for_a_user(store, watched, told):
    first = await watched("f1")
    assert await watched("f2") == first and (await watched("f3", "bob")).id == "f3"
    assert [one.id for one in await store.read(folders.everyone)] == ["f1", "f3"]
    assert await told() == ["folder.added"]


async def test_a_folder_comes_back_as_it_was_given(store, watched):
    folder = await watched(path=b"/so\xffunds")
    assert await store.read(folders.find, "ada", "f1") == folder
    assert (folder.path, folder.recursive, folder.include, folder.ignore) == (
        b"/so\xffunds",
        True,
        ("*.wav",),
        (),
    )
    assert await store.read(folders.find, "bob", "f1") is None
    changed = await store.write(folders.update, "f1", False, [], ["*.tmp"])
    assert (changed.recursive, changed.include, changed.ignore) == (False, (), ("*.tmp",))


async def test_a_state_is_told_when_it_changes_and_only_then(store, watched, told):
    await watched()
    for state in (FolderState.PAUSED, FolderState.PAUSED, FolderState.ACTIVE):
        assert (await store.write(folders.put, "f1", state)).state is state
    assert await told() == ["folder.added", "folder.changed", "folder.changed"]


async def test_a_paused_folder_stays_paused_whether_it_is_there_or_not(store, watched):
    await watched()
    assert await store.write(folders.turn, "f1", FolderState.OFFLINE)
    await store.write(folders.put, "f1", FolderState.PAUSED)
    assert not await store.write(folders.turn, "f1", FolderState.ACTIVE)
    assert (await store.read(folders.find, "ada", "f1")).state is FolderState.PAUSED
    assert not await store.write(folders.turn, "no such folder", FolderState.ACTIVE)


async def test_what_tells_a_folder_from_another_at_its_path_is_kept(store, watched):
    await watched()
    assert await store.read(folders.marker, "f1") == ""
    await store.write(folders.mark, "f1", "dev 1 inode 2")
    assert await store.read(folders.marker, "f1") == "dev 1 inode 2"


async def test_the_files_of_a_folder_are_known_as_they_were_last_seen(store, watched, sound):
    await watched()
    made = {path: await sound(folder="f1", place=place(path), size=5) for path in (b"a.wav", b"b/\xff.wav")}
    await sound()
    expected = {path: place(path, audio.id) for path, audio in made.items()}
    assert await store.read(folders.places, "f1") == expected
    assert await store.read(folders.places_at, "f1", [b"a.wav", b"gone"]) == {b"a.wav": expected[b"a.wav"]}
    assert len(await store.read(folders.places_at, "f1", [b"a.wav", *(b"%d" % n for n in range(1_200))])) == 1


async def test_a_moved_file_keeps_its_record(store, watched, sound):
    await watched()
    await watched("f2", path=b"/other")
    audio = await sound(folder="f1", place=place(b"a.wav"))
    moved = await store.write(folders.settle, audio, "f2", place(b"x/b.wav"), "b.wav")
    assert (moved.id, moved.sha256, moved.name, moved.path) == (audio.id, audio.sha256, "b.wav", b"x/b.wav")
    assert moved.folder == "f2" and list(await store.read(folders.places, "f1")) == []


async def test_a_changed_file_has_its_new_content_and_the_old_one_is_forgotten(store, watched, sound):
    await watched()
    audio = await sound(folder="f1", place=place(b"a.wav"), content="a")
    await store.write(results.keep, audio.sha256, [])
    changed = await store.write(folders.settle, audio, "f1", place(b"a.wav", size=7), "a.wav", "b" * 64)
    assert (changed.id, changed.sha256, changed.size) == (audio.id, "b" * 64, 7)
    assert await store.read(sounds.digests, [audio.sha256, "b" * 64]) == {"b" * 64}


async def test_the_old_content_of_a_changed_file_stays_where_another_sound_has_it(store, watched, sound):
    await watched()
    audio, _ = await sound(folder="f1", place=place(b"a.wav"), content="a"), await sound("bob", content="a")
    await store.write(folders.settle, audio, "f1", place(b"a.wav"), "a.wav", "b" * 64)
    assert await store.read(sounds.digests, [audio.sha256]) == {audio.sha256}


async def test_a_file_that_is_gone_is_missing_and_told_once_and_nothing_is_deleted(
    store, watched, sound, told
):
    await watched()
    audio = await sound(folder="f1", place=place(b"a.wav"))
    for _ in range(2):
        await store.write(folders.lose, "ada", [audio.id])
    gone = await store.read(sounds.find, "ada", audio.id)
    assert gone.missing_at is not None and gone.state is State.UPLOADED
    assert (await told()).count("audio.missing") == 1
    assert await store.read(folders.count, "f1") == (0, 1)
    back = await store.write(folders.settle, gone, "f1", place(b"a.wav"), "a.wav")
    assert back.missing_at is None and await store.read(folders.count, "f1") == (1, 0)


async def test_a_content_that_turns_up_again_is_known_by_its_missing_twin_first(store, watched, sound):
    await watched()
    there = await sound(folder="f1", place=place(b"there.wav"), content="a")
    gone = await sound(folder="f1", place=place(b"gone.wav"), content="a")
    await sound("bob", content="a")
    await sound(content="a")  # an upload lies in no folder
    await store.write(folders.lose, "ada", [gone.id])
    found = await store.read(folders.twins, "ada", [there.sha256])
    assert [(one.audio, one.file) for one in found] == [(gone.id, None), (there.id, b"/sounds/there.wav")]
    await store.write(folders.put, "f1", FolderState.OFFLINE)
    assert await store.read(folders.twins, "ada", [there.sha256]) == []


async def test_a_folder_that_is_watched_no_more_leaves_its_sounds(store, watched, sound, told):
    await watched()
    audio = await sound(folder="f1", place=place(b"a.wav"))
    await store.write(folders.remove, "f1")
    assert await store.read(folders.find, "ada", "f1") is None
    assert await store.read(sounds.find, "ada", audio.id) == audio
    assert (await told())[-1] == "folder.removed"


async def test_folders_are_listed_page_by_page(store, watched):
    for number in range(5):
        await watched(f"f{number}", path=b"/%d" % number)
    await watched("f9", "bob", b"/9")
    first = await store.read(folders.page, "ada", "", 3)
    rest = await store.read(folders.page, "ada", first[-1].id, 3)
    assert [one.id for one in first + rest] == [f"f{number}" for number in range(5)]


async def test_files_that_arrive_together_become_what_they_become_one_by_one(store, watched, told):
    folder = await watched()
    places = [place(b"a.wav"), place(b"b.wav")]
    await store.write(arrivals.add, "ada", folder.id, [Arrival(one, "x", "e" * 64) for one in places])
    many = await store.read(sounds.page, "ada", sounds.Listing(order="name"), 9)
    at_once = await told(after=1)
    for one in many:
        await store.write(sounds.remove, "ada", one.id)
    last = (await store.read(events.bounds, "ada"))[1]
    for one in places:
        audio = await store.write(sounds.add, "ada", one.path.decode(), "x", 5, "e" * 64, folder.id, one)
        await store.write(jobs.add, audio)
    singly = await store.read(sounds.page, "ada", sounds.Listing(order="name"), 9)
    assert at_once == await told(after=last)
    assert sorted(map(bare, many), key=str) == sorted(map(bare, singly), key=str)


def bare(audio):
    """A sound without what no two have in common."""
    return replace(audio, id="", state_at=None, created_at=None)
