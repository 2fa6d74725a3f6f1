"""Who has an account cannot be found out, by words or by waiting."""

import os
import time
from statistics import median

import pytest
from scipy.stats import mannwhitneyu

from samplemind_daemon.access.purses import Limit
from samplemind_daemon.refusals import Unauthenticated

PAIRS = int(os.environ.get("SAMPLEMIND_TIMED_SIGN_INS", "30"))  # 500 in the long run


@pytest.fixture
def unlimited(monkeypatch):
    monkeypatch.setattr("samplemind_daemon.access.guesses.HERE", Limit(10**6, 300))
    monkeypatch.setattr("samplemind_daemon.access.guesses.ANYWHERE", Limit(10**6, 300))


async def timed(deed, *given):
    began = time.perf_counter()
    try:
        answer = await deed(*given)
    except Unauthenticated as refused:
        answer = refused.reason, refused.message
    return time.perf_counter() - began, answer


async def alike(deed, known, unknown):
    """Do both in turn, again and again: their medians' ratio, and how likely such a difference is by chance."""
    took, said = {known: [], unknown: []}, set()
    for number in range(PAIRS):
        for one in (known, unknown) if number % 2 else (unknown, known):
            seconds, answer = await timed(deed, one, number)
            took[one].append(seconds)
            said.add(answer)
    assert len(said) == 1
    low, high = sorted((median(took[known]), median(took[unknown])))
    return high / low, mannwhitneyu(took[known], took[unknown]).pvalue


async def test_signing_in_takes_as_long_and_says_the_same_whether_or_not_there_is_such_an_account(
    access, ada, unlimited
):
    async def sign_in(email, number):
        return await access.login(email, f"wrong password {number}", "192.0.2.1")

    ratio, by_chance = await alike(sign_in, ada, "nobody@example.org")
    print(f"\nmedians differ by {ratio - 1:.1%}, by chance {by_chance:.2f}")
    assert ratio < 1.05 or by_chance > 0.01


async def test_registering_takes_as_long_and_says_the_same_whether_or_not_there_is_such_an_account(
    access, ada, unlimited
):
    async def register(email, number):
        address = email if email == ada else f"new{number}@example.org"
        return await access.register(address, f"seven purple geese {number}")

    ratio, by_chance = await alike(register, ada, "new")
    print(f"\nmedians differ by {ratio - 1:.1%}, by chance {by_chance:.2f}")
    assert ratio < 1.05 or by_chance > 0.01
