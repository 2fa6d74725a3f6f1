"""Which plugins are off, and what was set for analyzers, is remembered."""

from samplemind_daemon.store import Store, plugins


async def test_a_plugin_is_on_until_it_is_switched_off(store):
    assert await store.read(plugins.disabled) == set()
    for name, enabled in (("key", False), ("tempo", False), ("key", True)):
        await store.write(plugins.enable, name, enabled)
    assert await store.read(plugins.disabled) == {"tempo"}


async def test_settings_are_kept_as_a_whole_for_each_analyzer_and_outlive_the_daemon(store):
    await store.write(plugins.configure, "tempo", {"low": 60, "high": 200.5})
    await store.write(plugins.configure, "key", {"profile": "a\u266d", "fine": True})
    await store.write(plugins.configure, "tempo", {"low": 70})
    another = Store(store.place)
    assert await another.read(plugins.settings) == {
        "tempo": {"low": 70},
        "key": {"profile": "a\u266d", "fine": True},
    }
    another.close()
