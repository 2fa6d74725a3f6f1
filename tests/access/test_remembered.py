"""Who calls is not asked of the store each time; who is put out is out at once all the same."""

import asyncio
from datetime import timedelta

import pytest

from samplemind_daemon.access.remembered import MOST, Remembered
from samplemind_daemon.model import Caller, Role, Scope, User
from samplemind_daemon.refusals import Unauthenticated


@pytest.fixture
def remembered(clock):
    return Remembered(clock)


class Store:
    """Answers as long as nobody is put out, and counts how often it is asked."""

    def __init__(self, clock):
        self.clock, self.asked, self.out = clock, 0, False
        self.caller = Caller(User("1", "a@b.c", Role.MEMBER, (), clock(), True, False, 0), Scope.READ)

    async def find(self):
        self.asked += 1
        if self.out:
            raise Unauthenticated("UNAUTHENTICATED", "Out.")
        return self.caller


@pytest.fixture
def asked(clock):
    return Store(clock)


async def test_a_second_long_the_same_credential_needs_no_look(remembered, asked, clock):
    for _ in range(100):
        assert await remembered.caller("a", asked.find) is asked.caller
        clock.turn(milliseconds=9)
    assert asked.asked == 1
    clock.turn(milliseconds=100)
    await remembered.caller("a", asked.find)
    await remembered.caller("b", asked.find)
    assert asked.asked == 3


async def test_a_clock_that_is_set_back_or_stands_keeps_nobody_in_longer(
    remembered, asked, clock, monkeypatch
):
    await remembered.caller("a", asked.find)
    clock.turn(seconds=-10)
    await remembered.caller("a", asked.find)
    assert asked.asked == 2
    monkeypatch.setattr("samplemind_daemon.access.remembered.LIFE", timedelta(seconds=0.05))
    await asyncio.sleep(0.1)
    await remembered.caller("a", asked.find)
    assert asked.asked == 3


async def test_whoever_is_forgotten_is_asked_for_again(remembered, asked):
    await remembered.caller("a", asked.find)
    asked.out = True
    remembered.forget()
    for _ in range(3):  # and that somebody is nobody is never remembered
        with pytest.raises(Unauthenticated):
            await remembered.caller("a", asked.find)
    assert asked.asked == 4


async def test_an_answer_from_before_somebody_was_put_out_is_not_remembered(remembered, asked):
    async def slowly():
        found = await asked.find()
        asked.out = True
        remembered.forget()  # while the answer is on its way
        return found

    assert await remembered.caller("a", slowly) is asked.caller
    with pytest.raises(Unauthenticated):
        await remembered.caller("a", asked.find)


async def test_so_many_are_remembered_and_no_secret_of_them(remembered, asked):
    for number in range(MOST + 10):
        await remembered.caller(f"secret {number}", asked.find)
    assert len(remembered._known) == MOST
    assert not any("secret" in name for name in remembered._known)
    await remembered.caller(f"secret {MOST + 9}", asked.find)
    assert asked.asked == MOST + 10
