"""Plugins over the wire: everyone may look, the owner may set."""

import json
from uuid import uuid4

import pytest
from raw_calls import Channel

PLUGIN = """
from samplemind_sdk import Analyzer, Output, hookimpl, parameter

class Wanted(Analyzer):
    "Says what is wanted."
    name = "wanted"
    word = parameter("a", choices=("a", "b"), help="Which word.")
    count = parameter(2, low=1, high=5, unit="words")
    words = Output(kind=str, many=True, choices=("a", "b"), help="The words.")
    def describe(self): yield self.words([self.word] * self.count)

@hookimpl
def analyzers(): return [Wanted]
"""


@pytest.fixture
def owner(own_daemon, tmp_path):
    """The calls of the owner of a daemon with a plugin to set."""
    folder = tmp_path / "home0" / "plugins"
    folder.mkdir(parents=True)
    (folder / "wanted.py").write_text(PLUGIN)
    return Owner(own_daemon())


class Owner:
    """Calls a daemon as its owner."""

    def __init__(self, process):
        self.process = process

    def __call__(self, rpc, **given):
        channel = Channel(self.process.address)
        try:
            return channel.call(rpc, [("x-api-key", self.process.owner_key)], **given)
        finally:
            channel.close()


def test_a_plugin_is_shown_with_all_that_it_declares(owner):
    plugins = {one.name: one for one in owner("PluginService/List").answer.plugins}
    assert {"key", "loudness", "tempo", "wanted"} <= set(plugins)
    assert plugins["tempo"].origin.startswith("samplemind ") and plugins["wanted"].origin.endswith(
        "wanted.py"
    )
    assert owner("PluginService/Get", name="wanted").answer.plugin == plugins["wanted"]
    [wanted] = plugins["wanted"].analyzers
    count, word = wanted.parameters
    assert (count.type, count.unit, count.low, count.high, count.default_json) == ("int", "words", 1, 5, "2")
    assert (word.type, list(word.choices), word.help, word.value_json) == (
        "str",
        ["a", "b"],
        "Which word.",
        '"a"',
    )
    assert not word.HasField("low") and not word.HasField("high")
    [words] = wanted.outputs
    assert (words.name, words.type, words.many, list(words.choices)) == (
        "wanted.words",
        "str",
        True,
        ["a", "b"],
    )


def test_plugins_are_listed_page_by_page(owner):
    names, token = [], ""
    while True:
        answer = owner("PluginService/List", page_size=2, page_token=token).answer
        assert 1 <= len(answer.plugins) <= 2
        names += [one.name for one in answer.plugins]
        if not (token := answer.next_page_token):
            break
    assert names == [one.name for one in owner("PluginService/List").answer.plugins]
    assert owner("PluginService/List", page_token="nonsense").reason == "INVALID_PAGE_TOKEN"


def test_what_is_set_is_shown_and_outlives_a_restart(owner):
    values = {"word": json.dumps("b"), "count": "3"}
    changed = owner(
        "PluginService/Configure", analyzer="wanted", values_json=values, request_id=str(uuid4())
    ).answer.plugin  # fmt: skip
    [wanted] = changed.analyzers
    assert {one.name: one.value_json for one in wanted.parameters} == {"word": '"b"', "count": "3"}
    assert not owner("PluginService/Disable", name="wanted").answer.plugin.enabled
    assert owner("PluginService/Enable", name="wanted").answer.plugin.enabled
    kinds = [event.kind for event in owner("EventService/List", kinds=["plugin."]).answer.events]
    assert kinds == ["plugin.changed"] * 3
    owner.process.restart()
    assert owner("PluginService/Get", name="wanted").answer.plugin == changed


def test_what_cannot_be_set_is_refused_field_by_field(owner):
    refused = owner("PluginService/Configure", analyzer="wanted", values_json={"word": '"c"', "count": "9"})
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_SETTING")
    assert set(refused.fields) == {"values_json.word", "values_json.count"}
    for rpc in ("Get", "Enable", "Disable"):
        assert owner(f"PluginService/{rpc}", name="nope").reason == "PLUGIN_NOT_FOUND"
    assert owner("PluginService/Configure", analyzer="nope").reason == "ANALYZER_NOT_FOUND"
