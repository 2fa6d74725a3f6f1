"""What was found comes back as it was found, the latest of each analyzer."""

import json

import pytest

from samplemind_daemon.model import Descriptor, Result
from samplemind_daemon.store import results
from samplemind_daemon.store.tables import Results

A, B = "a" * 64, "b" * 64


def result(analyzer, value=1.5, version=1, **more):
    about = {
        "unit": "BPM", "confidence": 0.75, "status": "ok", "candidates": ((64.0, 0.2), (256.0, None)),
        "reason": "", "made_by": analyzer, "version": version,
    }  # fmt: skip
    descriptor = Descriptor(name=f"{analyzer}.x", value=value, **(about | more))
    return Result(analyzer, version, f"print of {analyzer} {version}", (descriptor,))


@pytest.mark.parametrize(
    "value",
    [
        128.0, 0.1 + 0.2, -0.0, 5e-324, 7, 2**53 + 1, "A minor", "\u266d\x00'\"", True, None,
        (), (1.5, 2.5), ("a", "b"), (("house", 0.5), ("techno", 0.25)),
    ],
)  # fmt: skip
async def test_a_value_comes_back_as_it_was(store, value):
    kept = result("tempo", value)
    await store.write(results.keep, A, [kept])
    [back] = await store.read(results.of, A)
    assert back == kept and type(back.descriptors[0].value) is type(value)


async def test_ten_thousand_beats_come_back(store):
    beats = tuple(number * 0.4687 for number in range(10_000))
    await store.write(results.keep, A, [result("tempo", beats)])
    assert (await store.read(results.of, A))[0].descriptors[0].value == beats


async def test_the_latest_result_of_an_analyzer_takes_the_place_of_the_earlier_one(store):
    await store.write(results.keep, A, [result("tempo", 120.0), result("key", "A")])
    await store.write(results.keep, A, [result("tempo", 121.0, version=2)])
    assert await store.read(results.of, A) == [result("key", "A"), result("tempo", 121.0, version=2)]
    assert await store.read(results.prints, A) == {"key": "print of key 1", "tempo": "print of tempo 2"}


async def test_the_results_of_many_contents_are_found_together_and_never_mixed(store):
    await store.write(results.keep, A, [result("key", "A")])
    await store.write(results.keep, B, [result("key", "B"), result("tempo", 90.0)])
    assert await store.read(results.of_many, [A, B, "c" * 64]) == {
        A: [result("key", "A")],
        B: [result("key", "B"), result("tempo", 90.0)],
    }
    assert await store.read(results.of, "c" * 64) == []


async def test_only_what_is_asked_for_is_read_and_no_lists_unless_they_are_named(store):
    beats = Descriptor("tempo.beats", (0.5, 1.0), "s", None, "ok", ((0.25, None),), "", "tempo", 1)
    unknown = Descriptor("tempo.bars", None, "s", None, "unmeasurable", (), "no bars", "tempo", 1)
    [number] = result("tempo").descriptors
    tempo = Result("tempo", 1, "print", (beats, number, unknown))
    await store.write(results.keep, A, [tempo, result("key", "A")])

    async def read(*names):
        found = await store.read(results.of_many, [A], frozenset(names))
        return {one.analyzer: one.descriptors for one in found.get(A, [])}

    assert await read() == {"key": result("key", "A").descriptors, "tempo": (number, unknown)}
    assert await read("tempo.beats", "tempo.bars") == {"tempo": (beats, unknown)}
    assert await read("nothing.such") == {}


async def test_lists_that_were_kept_before_they_lay_apart_are_read_all_the_same(store):
    await store.write(results.keep, A, [result("tempo", (1.5, 2.5))])

    def put_together(db):
        [row] = Results.select().execute(db)
        whole = [{**one, "value": [1.5, 2.5]} for one in json.loads(row.descriptors)]
        Results.update(descriptors=json.dumps(whole), lists="{}").execute(db)

    await store.write(put_together)
    assert await store.read(results.of, A) == [result("tempo", (1.5, 2.5))]
    assert (await store.read(results.of_many, [A], frozenset()))[A][0].descriptors == ()


async def test_what_is_no_finite_number_is_not_kept(store):
    with pytest.raises(ValueError):
        await store.write(results.keep, A, [result("tempo", float("inf"))])
    assert await store.read(results.of, A) == []
