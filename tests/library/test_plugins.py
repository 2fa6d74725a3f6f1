"""Plugins are shown as they are, and set while the daemon runs."""

import asyncio

import pytest
from engine_room import QUIET, ended

from samplemind_daemon.model import State
from samplemind_daemon.refusals import Invalid, NotFound


def offered(plugin, name):
    return next(one for one in plugin.analyzers if one.info.name == name)


async def test_every_plugin_is_listed_with_what_it_offers_and_what_is_wrong(room):
    one = await room(start=False)
    (one.settings.plugins / "broken.py").write_text("import no_such_module\n")
    await one.crew.look_for_plugins()
    async with asyncio.timeout(10):
        while "broken" not in {plugin.info.name for plugin in one.plugins.list()}:
            await asyncio.sleep(0.05)
    listed = {plugin.info.name: plugin for plugin in one.plugins.list()}
    assert list(listed) == sorted(listed) and {"key", "level", "loudness", "tempo"} <= set(listed)
    assert "no_such_module" in listed["broken"].info.problem and listed["broken"].analyzers == ()
    assert [analyzer.info.name for analyzer in listed["level"].analyzers] == ["level", "twice", "length"]
    assert offered(listed["level"], "level").settings == {"gain": 1.0}


async def test_a_plugin_that_is_switched_off_says_so_and_so_do_its_analyzers(room):
    one = await room()
    user = await one.user()
    off = await one.plugins.enable(user, "level", False)
    assert not off.enabled and "switched off" in offered(off, "twice").problem
    on = await one.plugins.enable(user, "level", True)
    assert on.enabled and offered(on, "twice").problem == ""
    assert await one.events(user) == ["plugin.changed", "plugin.changed"]


async def test_a_parameter_is_set_from_the_next_sound_on_and_null_goes_back_to_the_default(room):
    one = await room()
    user = await one.user()
    changed = await one.plugins.configure(user, "level", {"gain": "3"})
    assert offered(changed, "level").settings == {"gain": 3.0}
    audio = await one.sound(user, QUIET)
    assert await ended(one, audio) == [State.COMPLETED]
    assert (await one.found(audio))["level.heard"] == pytest.approx(3 * QUIET)
    back = await one.plugins.configure(user, "level", {"gain": "null"})
    assert offered(back, "level").settings == {"gain": 1.0}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"gain": "11"}, "more than 10"),
        ({"gain": "-1"}, "less than 0"),
        ({"gain": '"loud"'}, "not of type float"),
        ({"gain": "true"}, "not of type float"),
        ({"gain": "1e999"}, "not of type float"),
        ({"gain": "NaN"}, "not of type float"),
        ({"gain": "1" * 400}, "not of type float"),
        ({"gain": "[" * 5_000}, "not JSON"),
        ({"gain": "{"}, "not JSON"),
        ({"gain": ""}, "not JSON"),
        ({"volume": "1"}, "no such parameter"),
        ({"gain": "1", "volume": "1"}, "no such parameter"),
    ],
)
async def test_what_a_parameter_cannot_be_is_refused_field_by_field_and_nothing_is_set(room, values, why):
    one = await room(start=False)
    user = await one.user()
    with pytest.raises(Invalid, match="level cannot be set so") as refused:
        await one.plugins.configure(user, "level", values)
    [field] = refused.value.fields
    assert field.startswith("values_json.") and why in refused.value.fields[field]
    assert offered(one.plugins.get("level"), "level").settings == {"gain": 1.0}
    assert await one.events(user) == []


async def test_what_is_not_there_is_not_found(room):
    one = await room(start=False)
    user = await one.user()
    for deed in (
        lambda: one.plugins.enable(user, "no_such", False),
        lambda: one.plugins.configure(user, "no_such", {}),
    ):
        with pytest.raises(NotFound, match="no_such"):
            await deed()
    with pytest.raises(NotFound):
        one.plugins.get("no_such")
