"""Sounds are kept as they came, found by their owner only, and forgotten with all that hangs on them."""

from datetime import UTC, datetime

import pytest

from samplemind_daemon.model import Lane, Media, Place, Problem, Result, State
from samplemind_daemon.store import jobs, results, sounds
from samplemind_daemon.store.sounds import Clause, Listing

MEDIA = Media("flac", "flac", 96_000, 2, 24, 3.25, {"title": "Öl", "bpm": "120"}, ("It ends early.",))
RESULT = Result("loudness", 2, "0" * 32, ())


async def test_a_sound_is_kept_as_it_came(store, sound):
    audio = await sound(name="a/b\u2028\U0001f600.wav", size=2**40, content="ab")
    assert audio == await store.read(sounds.find, "ada", audio.id)
    assert (audio.name, audio.size, audio.state) == ("a/b\u2028\U0001f600.wav", 2**40, State.UPLOADED)
    assert audio.sha256 == "ab".rjust(64, "0")
    assert (audio.media, audio.problem, audio.folder, audio.path, audio.missing_at) == (None,) * 5
    assert audio.created_at.tzinfo is UTC and audio.created_at == audio.state_at


async def test_a_path_need_not_be_text(store, sound):
    place = Place("", b"caf\xe9/\xff\n.wav", 5, 17, 2, 2**63 - 1, None)
    audio = await sound(folder="f", place=place)
    assert audio.path == b"caf\xe9/\xff\n.wav"


async def test_nobody_finds_renames_or_deletes_anothers_sound(store, sound):
    audio = await sound("ada")
    assert await store.read(sounds.find, "bob", audio.id) is None
    assert await store.read(sounds.find_content, "bob", audio.sha256) is None
    assert await store.read(sounds.find_many, "bob", [audio.id]) == {}
    assert await store.write(sounds.rename, "bob", audio.id, "mine.wav") is None
    assert await store.write(sounds.remove, "bob", audio.id) is None
    assert await store.read(sounds.page, "bob", Listing(), 10) == []
    assert await store.read(sounds.find, "ada", audio.id) == audio


async def test_what_decoding_found_belongs_to_the_content_whoever_has_it(store, sound):
    mine, theirs, other = await sound("ada", "a"), await sound("bob", "a"), await sound("bob", "b")
    await store.write(sounds.describe, mine.sha256, MEDIA)
    assert (await store.read(sounds.find, "ada", mine.id)).media == MEDIA
    assert (await store.read(sounds.find, "bob", theirs.id)).media == MEDIA
    assert (await store.read(sounds.find, "bob", other.id)).media is None


async def test_a_renamed_sound_has_the_name_and_it_is_told(store, sound, told):
    audio = await sound()
    assert (await store.write(sounds.rename, "ada", audio.id, "new.wav")).name == "new.wav"
    assert await told() == ["audio.added", "audio.renamed"]


async def test_a_state_comes_with_its_moment_and_its_problem_and_the_next_one_clears_it(store, sound):
    audio = await sound()
    failed = await store.write(sounds.move, audio, State.FAILED, Problem("EMPTY", "It holds no sound."))
    assert (failed.state, failed.problem.reason) == (State.FAILED, "EMPTY")
    assert failed.state_at > audio.state_at
    assert (await store.write(sounds.move, failed, State.QUEUED)).problem is None


async def test_a_deleted_sound_takes_its_jobs_along_and_is_told(store, sound, told):
    audio = await sound()
    job = await store.write(jobs.add, audio)
    assert await store.write(sounds.remove, "ada", audio.id) == audio.sha256
    assert await store.read(sounds.find, "ada", audio.id) is None
    assert await store.read(jobs.find, "ada", job.id) is None
    assert await store.write(jobs.claim, tuple(Lane)) is None
    assert (await told())[-1] == "audio.deleted"
    assert await store.write(sounds.remove, "ada", audio.id) is None


async def test_results_stay_as_long_as_anybody_has_the_content(store, sound):
    mine, theirs = await sound("ada", "a"), await sound("bob", "a")
    await store.write(results.keep, mine.sha256, [RESULT])
    assert await store.write(sounds.remove, "ada", mine.id) is None
    assert await store.read(results.of, mine.sha256) == [RESULT]
    assert await store.read(sounds.digests, [mine.sha256, "f" * 64]) == {mine.sha256}
    assert await store.write(sounds.remove, "bob", theirs.id) == theirs.sha256
    assert await store.read(results.of, mine.sha256) == []
    assert await store.read(sounds.digests, [mine.sha256]) == set()


async def test_a_content_that_comes_back_after_it_was_deleted_begins_anew(store, sound):
    first = await sound(content="a")
    await store.write(sounds.describe, first.sha256, MEDIA)
    await store.write(results.keep, first.sha256, [RESULT])
    await store.write(sounds.remove, "ada", first.id)
    again = await sound(content="a")
    assert again.media is None and await store.read(results.of, again.sha256) == []


async def test_the_oldest_sound_that_is_there_stands_for_its_content(store, sound):
    first, second = await sound(content="a"), await sound(content="a")
    assert (await store.read(sounds.find_content, "ada", first.sha256)).id == first.id
    await store.write(sounds.remove, "ada", first.id)
    assert (await store.read(sounds.find_content, "ada", first.sha256)).id == second.id


async def test_very_many_are_found_at_once(store, sound):
    made = {(await sound()).id for _ in range(1_100)}
    asked = [*made, *(f"no-{number}" for number in range(1_000))]
    assert set(await store.read(sounds.find_many, "ada", asked)) == made


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Clause("state", "failed"), ["kick_1.wav"]),
        (Clause("name", "kick", holds=True), ["kick_1.wav", "Kick 2.wav"]),
        (Clause("name", "kick_1.wav"), ["kick_1.wav"]),
        (Clause("name", "_1", holds=True), ["kick_1.wav"]),
        (Clause("name", "%", holds=True), ["100%.wav"]),
        (Clause("name", "' OR 1=1 --", holds=True), []),
        (Clause("folder_id", "f1"), ["Kick 2.wav"]),
        (Clause("sha256", "3".rjust(64, "0")), ["100%.wav"]),
    ],
)
async def test_a_list_can_be_narrowed(store, sound, clause, expected):
    kick = await sound(name="kick_1.wav")
    await sound(name="Kick 2.wav", folder="f1")
    await sound(name="100%.wav")
    await store.write(sounds.move, kick, State.FAILED)
    found = await store.read(sounds.page, "ada", Listing((clause,), "created_at", False), 10)
    assert [one.name for one in found] == expected
    assert await store.read(sounds.count, "ada", (clause,)) == len(expected)


async def test_conditions_are_all_met(store, sound):
    await sound(name="a1.wav", folder="f")
    await sound(name="a2.wav")
    both = (Clause("name", "a", holds=True), Clause("folder_id", "f"))
    assert [one.name for one in await store.read(sounds.page, "ada", Listing(both), 10)] == ["a1.wav"]


async def test_pages_follow_each_other_though_sounds_come_and_go_between_them(store, sound):
    made = [await sound(name="same.wav") for _ in range(5)]
    first = await store.read(sounds.page, "ada", Listing((), "name", False), 2)
    await store.write(sounds.remove, "ada", first[0].id)
    await store.write(sounds.remove, "ada", first[1].id)
    await sound(name="earlier.wav")
    after = sounds.position(first[-1], "name")
    rest = await store.read(sounds.page, "ada", Listing((), "name", False, after), 10)
    assert [one.id for one in rest] == [one.id for one in made[2:]]


async def test_a_position_survives_being_written_down(store, sound):
    audio = await sound()
    value, id = sounds.position(audio, "created_at")
    assert isinstance(value, int) and id == audio.id
    assert datetime.fromtimestamp(value / 1e6, UTC) == audio.created_at


async def test_states_are_counted_for_one_user(store, sound):
    for user in ("ada", "ada", "bob"):
        await sound(user)
    await store.write(sounds.move, await sound("ada"), State.COMPLETED)
    assert await store.read(sounds.count_states, "ada") == {"uploaded": 2, "completed": 1}
    assert await store.read(sounds.count, "ada") == 3
