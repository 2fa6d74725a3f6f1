"""What is stale is known with its reasons before anything is done, and just that is done."""

import pytest
from engine_room import ended, until

from samplemind_daemon.library.query import Queries
from samplemind_daemon.library.stale import Stale
from samplemind_daemon.model import Query, Range, State
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.store import sounds


@pytest.fixture
def stale():
    """What is stale in an engine room, where so many jobs may be open."""

    def of(one, most=1_000):
        settings = one.settings.model_copy(update={"max_open_jobs": most})
        return Stale(one.store, one.engine, Queries(one.store), one.recipes, settings)

    return of


async def plug(one, **versions):
    """Drop in other versions of the plugin, and wait until they are known."""
    one.plug(**versions)
    await one.crew.look_for_plugins()

    def known():
        found = {info.name: info.version for info in one.recipes.current.registry.values()}
        return all(found[name] == version for name, version in versions.items())

    await until(known)


def told(preview):
    return {
        name: (sorted(found.versions), found.version, sorted(found.reasons), found.sounds)
        for name, found in preview.analyzers.items()
    }


async def test_what_is_fresh_is_not_stale(room, stale):
    one = await room()
    user = await one.user()
    assert await ended(one, await one.sound(user), await one.sound(user)) == [State.COMPLETED] * 2
    preview = await stale(one).preview(user, Query())
    assert (preview.total, preview.sounds, preview.seconds, preview.analyzers) == (2, 0, 0.0, {})
    assert await stale(one).queue(user, Query()) == (0, 0)


async def test_another_version_stales_it_and_what_builds_on_it_and_both_are_made_again(room, stale):
    one = await room()
    user = await one.user()
    first, second = await one.sound(user, seconds=0.5), await one.sound(user, seconds=1.5)
    await ended(one, first, second)
    await plug(one, level=2, twice=1)
    preview = await stale(one).preview(user, Query())
    assert told(preview) == {"level": ([1], 2, ["version"], 2), "twice": ([1], 1, ["inputs"], 2)}
    assert preview.seconds == pytest.approx(2.0, abs=0.01) and preview.total == preview.sounds == 2
    heard = len(one.heard())
    assert await stale(one).queue(user, Query(duration=Range(low=1.0))) == (1, 0)
    assert await ended(one, second) == [State.COMPLETED]
    assert len(one.heard()) == heard + 1
    assert (await stale(one).preview(user, Query())).sounds == 1


async def test_what_only_reasons_is_made_again_without_decoding(room, stale):
    one = await room()
    user = await one.user()
    audio = await one.sound(user)
    await ended(one, audio)
    await plug(one, level=1, twice=2)
    preview = await stale(one).preview(user, Query())
    assert told(preview) == {"twice": ([1], 2, ["version"], 1)} and preview.seconds == 0


async def test_another_setting_is_told_from_another_version(room, stale):
    one = await room()
    user = await one.user()
    await ended(one, await one.sound(user))
    await one.plugins.configure(user, "level", {"gain": "2"})
    preview = await stale(one).preview(user, Query())
    assert told(preview) == {"level": ([1], 1, ["parameters"], 1), "twice": ([1], 1, ["inputs"], 1)}


async def test_an_analyzer_that_is_new_is_missing_and_the_same_content_is_decoded_once(room, stale):
    one = await room()
    user = await one.user()
    await one.plugins.enable(user, "level", False)
    await one.plugins.enable(user, "shape", True)
    audio = await one.sound(user, seconds=1.0)
    data = one.blobs.path(audio.sha256).read_bytes()
    twin = await one.sound(user, data=data)
    await ended(one, audio, twin)
    await one.plugins.enable(user, "level", True)
    preview = await stale(one).preview(user, Query())
    assert told(preview)["length"] == ([], 1, ["missing"], 2)
    assert preview.seconds == pytest.approx(1.0, abs=0.01)


async def test_only_as_many_are_queued_as_the_users_jobs_allow(room, stale):
    one = await room()
    user = await one.user()
    audios = [await one.sound(user) for _ in range(5)]
    await ended(one, *audios)
    await plug(one, level=2, twice=1)
    await one.engine.drain(0)  # nobody takes them
    assert await stale(one, most=3).queue(user, Query()) == (3, 2)
    assert await stale(one, most=3).queue(user, Query()) == (0, 2)
    assert await stale(one, most=4).queue(user, Query()) == (1, 1)


async def test_what_failed_is_away_or_is_anothers_is_not_stale(room, stale):
    one = await room()
    user, other = await one.user(), await one.user("bob@example.org")
    broken = await one.sound(user, data=b"no sound at all")
    assert await ended(one, broken, await one.sound(other)) == [State.FAILED, State.COMPLETED]
    await plug(one, level=2, twice=1)
    assert (await stale(one).preview(user, Query())).sounds == 0
    assert (await one.store.read(sounds.find, user, broken.id)).state is State.FAILED
    with pytest.raises(Invalid):
        await stale(one).preview(user, Query(bpm=Range(low=float("nan"))))
