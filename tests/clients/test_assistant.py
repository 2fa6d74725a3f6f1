"""The library as an assistant has it: over the Model Context Protocol, started and talked to as assistants do."""

import json
from contextlib import asynccontextmanager

import pytest
from commanding import COMMAND

mcp = pytest.importorskip("mcp", reason="the extra samplemind[mcp] is not installed")


@pytest.fixture
def assistant(here):
    """A maker of an assistant that has started `samplemind mcp` with these options."""

    @asynccontextmanager
    async def start(*options, **environment):
        program, *words = [*COMMAND, "mcp", *options]
        server = mcp.StdioServerParameters(command=program, args=words, env=here | environment)
        async with mcp.Client(server, read_timeout_seconds=60) as client:
            yield client

    return start


async def ask(client, tool, **given):
    answered = await client.call_tool(tool, given)
    text = " ".join(part.text for part in answered.content)
    return (None, text) if answered.is_error else (answered.structured_content or json.loads(text), text)


async def test_nothing_that_changes_anything_is_offered_unless_it_is_allowed(assistant):
    async with assistant() as client:
        tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == {
        "library_status", "search_sounds", "get_sound", "compare_sounds", "similar_sounds", "fitting_sounds",
    }  # fmt: skip
    assert all(tool.annotations.read_only_hint for tool in tools)
    async with assistant("--allow-changes") as client:
        more = (await client.list_tools()).tools
    added = {tool.name for tool in more} - {tool.name for tool in tools}
    assert added == {"analyze_file", "analyze_sound", "correct_sound"}
    assert not any(tool.annotations.read_only_hint for tool in more if tool.name in added)


async def test_an_assistant_hears_a_file_and_compares_it_with_another(assistant, loop):
    async with assistant("--allow-changes") as client:
        one, _ = await ask(client, "analyze_file", path=str(loop("one.wav")))
        two, _ = await ask(client, "analyze_file", path=str(loop("two.wav", 6.0)))
        assert one["state"] == "completed" and one["seconds"] == 4.0
        kind = one["findings"]["kind.label"]
        assert 0 <= kind["confidence"] <= 1 if "value" in kind else kind["unknown"]
        both, _ = await ask(client, "compare_sounds", ids=[one["id"], two["id"]])
        assert set(both["findings"]["loudness.integrated"]) == {one["id"], two["id"]}
        known, text = await ask(client, "get_sound", id=one["id"])
        assert known["findings"] == one["findings"]
        assert "waveform.peaks" not in known["findings"] and len(text) < 20_000


async def test_an_assistant_searches_corrects_and_finds_what_fits(assistant, loop):
    async with assistant("--allow-changes") as client:
        one, _ = await ask(client, "analyze_file", path=str(loop("amber kick.wav")))
        two, _ = await ask(client, "analyze_file", path=str(loop("amber snare.wav", 5.0)))
        found, _ = await ask(client, "search_sounds", wanted={"text": "amber", "seconds_to": 4.5})
        assert [row["id"] for row in found["sounds"]] == [one["id"]] and found["total"] == 1
        for id in (one["id"], two["id"]):
            corrected, _ = await ask(client, "correct_sound", id=id, name="tempo.bpm", value=117.0)
            assert corrected["findings"]["tempo.bpm"]["value"] == 117
        wanted = {"text": "amber", "bpm_from": 116, "bpm_to": 118}
        found, _ = await ask(client, "search_sounds", wanted=wanted, order_by="name desc")
        assert [row["id"] for row in found["sounds"]] == [two["id"], one["id"]]
        near, _ = await ask(client, "similar_sounds", id=one["id"], among={"text": "amber"})
        assert [row["id"] for row in near["sounds"]] == [two["id"]]
        fits, _ = await ask(client, "fitting_sounds", id=one["id"], among={"text": "amber"})
        assert [row["id"] for row in fits["sounds"]] == [two["id"]] and fits["sounds"][0]["reasons"]
        nothing, why = await ask(client, "search_sounds", wanted={"key": "H sharp"})
        assert nothing is None and "key" in why


async def test_what_the_daemon_refuses_is_said_in_its_words(assistant):
    async with assistant() as client:
        nothing, said = await ask(client, "get_sound", id="no such sound")
    assert nothing is None and "There is no sound 'no such sound'" in said and "AUDIO_NOT_FOUND" in said


def test_a_daemon_that_cannot_be_reached_is_said_at_once(run):
    done = run("mcp", SAMPLEMIND_SERVER="127.0.0.1:1", SAMPLEMIND_KEY="sm_" + "A" * 43)
    assert done.returncode == 3 and b"127.0.0.1:1" in done.stderr and not done.stdout
