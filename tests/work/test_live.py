"""Nobody has to keep up, and nobody misses the end."""

import asyncio

from samplemind_daemon.model import Result
from samplemind_daemon.work.live import MOST_KEPT, Closed, Ended, Hearing, Live, Waiting


def result(name):
    return Result(name, 1, "print", ())


async def drain(follower):
    said = []
    while (update := await follower.next(0.01)) is not None:
        said.append(update)
    return said


async def test_what_is_said_of_a_sound_comes_in_order_and_nothing_of_another_does():
    live = Live()
    with live.follow("a") as follower:
        for audio, update in (("a", Hearing(0.1)), ("b", Ended()), ("a", result("x")), ("a", Ended())):
            live.say(audio, update)
        assert await drain(follower) == [Hearing(0.1), result("x"), Ended()]


async def test_progress_that_nobody_read_is_replaced_by_newer_progress():
    live = Live()
    with live.follow("a") as follower:
        for step in range(10_000):
            live.say("a", Hearing(step / 10_000))
        assert await drain(follower) == [Hearing(0.9999)]


async def test_a_follower_that_never_reads_keeps_a_bounded_number_of_findings_and_the_end():
    live = Live()
    with live.follow("a") as follower:
        for number in range(10 * MOST_KEPT):
            live.say("a", Hearing(None))
            live.say("a", result(f"analyzer{number}"))
        live.say("a", Ended())
        said = await drain(follower)
    assert len(said) == MOST_KEPT and said[-1] == Ended()
    assert Hearing(None) not in said and said[-2] == result(f"analyzer{10 * MOST_KEPT - 1}")


async def test_two_followers_do_not_take_from_each_other_and_a_third_comes_too_late():
    live = Live()
    with live.follow("a") as first, live.follow("a") as second:
        live.say("a", Waiting())
        assert await drain(first) == await drain(second) == [Waiting()]
        with live.follow("a") as third:
            assert await drain(third) == []


async def test_a_follower_that_waits_is_woken():
    live = Live()
    with live.follow("a") as follower:
        asyncio.get_running_loop().call_later(0.05, live.say, "a", Ended())
        assert await follower.next(10) == Ended()


async def test_who_leaves_is_forgotten():
    live = Live()
    with live.follow("a"), live.await_ends(["a", "b", "a"]):
        assert live.followed == 2
    assert live.followed == 0


async def test_the_ends_of_many_sounds_are_gathered_until_they_are_asked_for():
    live = Live()
    with live.await_ends(["a", "b", "c"]) as endings:
        live.say("a", Hearing(0.5))
        assert await endings.next(0.01) == []
        for audio in ("b", "a", "b"):
            live.say(audio, Ended())
        assert await endings.next(10) == ["b", "a"]
        assert await endings.next(0.01) == []


async def test_all_learn_that_nothing_more_will_come():
    live = Live()
    with live.follow("a") as follower, live.await_ends(["a", "b"]) as endings:
        live.close()
        assert await follower.next(10) == Closed()
        assert await endings.next(10) == [] and endings.closed
