"""What changes about the plugins changes just what builds on it, without a restart."""

from dataclasses import replace

from engine_room import EACH_ENGINE, QUIET, ended, until

from samplemind_daemon.model import State
from samplemind_daemon.store import plugins, results

pytestmark = EACH_ENGINE

OLD = 77  # in place of a stored value: whoever does not make it again leaves it


async def aged(room):
    """A sound that was heard, whose stored values all say OLD."""
    audio = await room.sound(await room.user(), QUIET)
    await ended(room, audio)
    known = await room.store.read(results.of, audio.sha256)
    old = [
        replace(result, descriptors=tuple(replace(one, value=OLD) for one in result.descriptors))
        for result in known
    ]
    await room.store.write(results.keep, audio.sha256, old)
    return audio


async def versions(room, **wanted):
    """Wait until the recipe has these versions."""
    await until(lambda: all(
        name in room.recipes.current.registry and room.recipes.current.registry[name].version == version
        for name, version in wanted.items()
    ))  # fmt: skip


async def again(room, audio):
    await room.queue(audio)
    assert await ended(room, audio) == [State.COMPLETED]
    return await room.found(audio)


async def test_a_raised_version_makes_stale_what_builds_on_it_and_nothing_else(room):
    one = await room()
    audio = await aged(one)
    one.plug(level=2)
    await versions(one, level=2)
    found = await again(one, audio)
    assert found == {"level.heard": QUIET, "twice.much": 2 * QUIET, "length.samples": OLD}


async def test_what_only_reasons_is_made_again_without_hearing_the_sound(room):
    one = await room()
    audio = await aged(one)
    one.plug(twice=2)
    await versions(one, twice=2)
    one.blobs.path(audio.sha256).chmod(0)
    found = await again(one, audio)
    assert found == {"level.heard": OLD, "twice.much": 2 * OLD, "length.samples": OLD}
    assert one.heard() == [QUIET]


async def test_a_new_setting_counts_from_the_next_sound_on_and_makes_stale_what_builds_on_it(room):
    one = await room()
    audio = await aged(one)
    await one.store.write(plugins.configure, "level", {"gain": 2})
    await one.recipes.refresh()
    found = await again(one, audio)
    assert found == {"level.heard": 2 * QUIET, "twice.much": 4 * QUIET, "length.samples": OLD}


async def test_what_is_in_a_named_file_belongs_to_the_recipe_and_its_path_does_not(room, tmp_path):
    one = await room()
    named, other = tmp_path / "a.onnx", tmp_path / "b.onnx"
    labels = tmp_path / "a.labels.txt"

    async def print_with(path):
        await one.store.write(plugins.configure, "mood", {"model": str(path)})
        return (await one.recipes.refresh()).fingerprints["mood"]

    for plugin in ("style", "kind", "character"):
        await one.store.write(plugins.enable, plugin, True)
    none, missing = await print_with(""), await print_with(named)
    named.write_bytes(b"one model")
    other.write_bytes(b"one model")
    first = await print_with(named)
    assert len({none, missing, first}) == 3 and await print_with(other) == first == await print_with(named)
    named.write_bytes(b"another one")
    await until(lambda: one.recipes.current.fingerprints["mood"] not in (first, missing))
    second = one.recipes.current.fingerprints["mood"]
    labels.write_text("night\nday\n")
    assert (await one.recipes.look()).fingerprints["mood"] not in (first, missing, second)


async def test_a_setting_that_its_parameter_does_not_take_any_more_is_passed_over(room):
    one = await room()
    await one.store.write(plugins.configure, "level", {"gain": "loud", "gone": 1, "other": [1]})
    await one.recipes.refresh()
    audio = await one.sound(await one.user(), QUIET)
    await ended(one, audio)
    assert (await one.found(audio))["level.heard"] == QUIET


async def test_a_plugin_that_is_switched_off_hears_nothing_and_its_results_stay(room):
    one = await room()
    audio = await aged(one)
    await one.store.write(plugins.enable, "level", False)
    await one.recipes.refresh()
    assert await again(one, audio) == {"level.heard": OLD, "twice.much": OLD, "length.samples": OLD}
    other = await one.sound(audio.user, QUIET)
    assert await ended(one, other) == [State.COMPLETED]
    assert await one.found(other) == {}


async def test_a_plugin_that_is_dropped_in_or_taken_away_is_noticed(room):
    one = await room()
    text = (one.settings.plugins / "level.py").read_text()
    for name in ("level", "twice", "length"):
        text = text.replace(f'"{name}"', f'"new_{name}"')
    (one.settings.plugins / "new.py").write_text(text.replace("level.heard", "new_level.heard"))
    await versions(one, new_length=1)
    audio = await one.sound(await one.user(), QUIET, seconds=0.5)
    await ended(one, audio)
    assert (await one.found(audio))["new_length.samples"] == 22_050
    (one.settings.plugins / "new.py").unlink()
    await until(lambda: "new_length" not in one.recipes.current.registry)
    assert await ended(one, await one.sound(audio.user, QUIET)) == [State.COMPLETED]
