"""Calls are counted by whoever makes them, and what was spent outlives the daemon."""

import asyncio

import pytest

from samplemind_daemon.access import Access
from samplemind_daemon.access.calls import WHOLE, Calls
from samplemind_daemon.access.places import place
from samplemind_daemon.access.purses import Limit, Overdrawn, Purses
from samplemind_daemon.refusals import Exhausted
from samplemind_daemon.settings import Settings

MINUTE, HOUR = Limit(60, 60), Limit(1_000, 3_600)


@pytest.fixture
async def purses(store, clock):
    purses = Purses(store, clock)
    await purses.open()
    yield purses
    await purses.close()


def spend(purses, purse="ada", limits=(MINUTE, HOUR), amount=1):
    """Whether there was enough left."""
    try:
        purses.spend(purse, limits, amount)
    except Overdrawn:
        return False
    return True


async def test_sixty_calls_a_minute_are_taken_and_the_next_one_after_the_time_that_was_told(purses, clock):
    for left in range(59, -1, -1):
        assert purses.spend("ada", [MINUTE]).remaining == left
    with pytest.raises(Overdrawn) as refused:
        purses.spend("ada", [MINUTE])
    assert 55 < refused.value.wait_seconds <= 65
    clock.turn(seconds=refused.value.wait_seconds - 0.01)
    assert not spend(purses)
    clock.turn(seconds=0.02)
    assert spend(purses)


async def test_no_minute_however_it_is_laid_holds_more_than_sixty_calls(purses, clock):
    taken = []
    for second in range(400):
        clock.turn(seconds=0.77)
        for _ in range(7 if second % 50 < 9 else 1):
            if spend(purses, limits=[MINUTE]):
                taken.append(clock.moment)
    assert len(taken) > 150
    for begin in taken:
        assert sum(0 <= (one - begin).total_seconds() < 60 for one in taken) <= 60


async def test_the_hour_binds_though_the_minute_does_not(purses, clock):
    taken = 0
    for _ in range(40):
        taken += sum(spend(purses) for _ in range(50))
        clock.turn(seconds=66)
    assert taken == 1_000
    clock.turn(hours=1)
    assert spend(purses)


async def test_what_is_refused_takes_nothing(purses):
    small = Limit(3, 600)
    for _ in range(3):
        purses.spend("ada", [MINUTE, small])
    for _ in range(10):
        assert not spend(purses, limits=[MINUTE, small])
    assert purses.spend("ada", [MINUTE]).remaining == 56


async def test_what_was_spent_outlives_the_daemon(store, clock, purses):
    for _ in range(60):
        assert spend(purses)
    await purses.close()
    again = Purses(store, clock)
    await again.open()
    assert not spend(again) and spend(again, "bob")
    await again.close()


async def test_two_daemons_on_one_database_count_together_a_moment_late(store, clock, purses):
    other = Purses(store, clock)
    await other.open()
    for one in (purses, other):
        assert all(spend(one) for _ in range(30))
    for one in (purses, other, purses):  # each adds what it counted, and learns what the others did
        assert spend(one, amount=0)
        await one._write()
    assert not spend(purses) and not spend(other)
    clock.turn(seconds=66)
    assert all(spend(purses) for _ in range(60)) and not spend(purses)
    await other.close()


async def test_a_crash_forgets_a_second_of_spending_and_no_more(store, clock, purses):
    for _ in range(60):
        assert spend(purses)
    await asyncio.sleep(1.3)
    after_the_crash = Purses(store, clock)
    await after_the_crash.open()
    assert not spend(after_the_crash)


async def test_a_clock_that_is_set_back_keeps_nobody_out(purses, clock):
    clock.turn(days=40)
    assert all(spend(purses) for _ in range(60)) and not spend(purses)
    clock.turn(days=-40)
    assert all(spend(purses) for _ in range(60)) and not spend(purses)


async def test_what_counts_no_more_is_forgotten(store, clock, purses):
    assert spend(purses)
    await purses.close()
    clock.turn(hours=2)
    await purses.forget()
    with_none = Purses(store, clock)
    await with_none.open()
    assert with_none.spend("ada", [HOUR]).remaining == 999


async def test_very_many_purses_take_bounded_memory(purses, monkeypatch):
    monkeypatch.setattr("samplemind_daemon.access.purses.MOST", 100)
    for number in range(60):
        assert spend(purses)
        for other in range(3):
            spend(purses, f"{number}/{other}", [MINUTE])
    assert len(purses._spent) <= 101 and not spend(purses)  # whoever calls often is not forgotten


async def test_a_full_disk_keeps_nobody_from_calling(purses, store, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "no space left")

    monkeypatch.setattr("samplemind_daemon.store.spendings.add", full)
    assert spend(purses)
    await asyncio.sleep(1.2)
    assert spend(purses)
    monkeypatch.undo()


async def test_a_user_and_a_place_are_counted_apart_and_cheap_calls_as_parts(store, clock, purses):
    calls = Calls(purses, Settings(calls_a_minute=2))
    here = "192.0.2.1"
    assert calls.charge(None, here, 1).remaining == 1
    assert calls.charge(None, here, WHOLE).remaining == 0
    with pytest.raises(Exhausted) as refused:
        calls.charge(None, here, WHOLE)
    assert (refused.value.reason, refused.value.facts["limit"]) == ("RATE_LIMITED", "2")
    assert refused.value.retry_seconds > 0 and "2 calls a minute" in refused.value.message
    assert calls.charge(None, here, 1)  # there is room for small ones
    assert calls.charge(None, "192.0.2.2", WHOLE).limit.amount == 2


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("ipv4:192.0.2.7:4711", "192.0.2.7"),
        ("ipv6:[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        ("ipv6:%5B2001:db8:1:2::9%5D:4711", "2001:db8:1:2::/64"),
        ("ipv6:[::ffff:192.0.2.7]:4711", "192.0.2.7"),
        ("ipv6:[fe80::1%25eth0]:4711", "fe80::/64"),
        ("unix:", "nowhere"),
        ("", "nowhere"),
    ],
)
def test_a_place_is_an_address_or_the_network_that_its_holder_has(peer, expected):
    assert place(peer) == expected


@pytest.fixture
def guess(access, ada):
    """Try a password for ada, or for another, from a place; what came of it."""

    async def guess(place, password="not the password", email=ada):
        try:
            await access.login(email, password, place)
            return "let in"
        except Exhausted as refused:
            return refused.reason if refused.retry_seconds > 0 else "no time to come back"
        except Exception as refused:
            return type(refused).__name__

    return guess


async def test_a_thousand_guesses_at_one_account_are_ten_verifications(access, guess, password, clock):
    before = access.passwords.verified
    said = [await guess("192.0.2.66") for _ in range(1_000)]
    assert access.passwords.verified - before == 10
    assert said == ["Unauthenticated"] * 10 + ["TOO_MANY_GUESSES"] * 990
    for number in range(10):
        assert await guess(f"192.0.2.{number}", password) == "let in"  # elsewhere, nothing is the matter
    clock.turn(minutes=6)
    assert await guess("192.0.2.66", password) == "let in"


async def test_guessing_from_everywhere_keeps_nobody_out_of_where_he_signs_in(
    access, guess, password, monkeypatch
):
    monkeypatch.setattr("samplemind_daemon.access.guesses.ANYWHERE", Limit(20, 300))
    assert await guess("192.0.2.200", password) == "let in"
    before = access.passwords.verified
    for number in range(60):
        await guess(f"192.0.2.{number}")
    assert access.passwords.verified - before == 20
    assert await guess("192.0.2.250", password) == "TOO_MANY_GUESSES"
    for _ in range(10):
        assert await guess("192.0.2.200", password) == "let in"


async def test_an_account_that_does_not_exist_is_guessed_at_as_one_that_does(access, guess):
    for email in ("ada@example.org", "nobody@example.org"):
        said = [await guess("192.0.2.66", email=email) for _ in range(12)]
        assert said == ["Unauthenticated"] * 10 + ["TOO_MANY_GUESSES"] * 2


async def test_right_passwords_are_no_guesses(access, guess, password):
    for _ in range(12):
        assert await guess("192.0.2.1", password) == "let in"


async def test_guesses_outlive_a_restart(access, store, home, clock, guess, password):
    for _ in range(10):
        await guess("192.0.2.66")
    await access.close()
    again = Access(store, Settings(home=home), clock)
    await again.prepare()
    with pytest.raises(Exhausted):
        await again.login("ada@example.org", password, "192.0.2.66")
    await again.close()


async def test_a_stolen_session_guesses_the_password_no_faster(access, ada, password):
    tokens, _ = await access.login(ada, password)
    thief = await access.authenticate(f"Bearer {tokens.access}", None)
    said = []
    for _ in range(12):
        with pytest.raises(Exception) as refused:
            await access.change_password(thief, "not the password", "a strange new one", "192.0.2.66")
        said.append(type(refused.value).__name__)
    assert said == ["Unauthenticated"] * 10 + ["Exhausted"] * 2
