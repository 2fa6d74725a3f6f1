"""Flags are for whom they were set, from the next question on, and every change is remembered."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openfeature import api

from samplemind_daemon.access.flags import Flags
from samplemind_daemon.access.flags.names import DESCRIPTORS, PURPOSES
from samplemind_daemon.access.flags.provider import share
from samplemind_daemon.model import Audience, Switch
from samplemind_daemon.refusals import Denied, Invalid, NotFound
from samplemind_daemon.service import rules
from samplemind_daemon.store import users


@pytest.fixture
async def flags(access):
    await access.prepare()
    return access.flags


@pytest.fixture
async def user(store, ada):
    found = await store.read(users.find_login, ada)
    return found[0]


@pytest.fixture
async def other(store, bob):
    found = await store.read(users.find_login, bob)
    return found[0]


def with_marks(user, *marks):
    return replace(user, marks=marks)


def test_there_are_twenty_flags_each_with_a_purpose():
    assert len(PURPOSES) == 20 and all(len(purpose) > 10 for purpose in PURPOSES.values())
    assert set(rules.FLAGS.values()) | set(DESCRIPTORS) <= set(PURPOSES)


async def test_all_are_on_until_somebody_sets_them(flags, user):
    assert set(flags.evaluate(user, ()).values()) == {True}


@pytest.mark.parametrize(
    ("audience", "on"),
    [(Audience.ALL, "abp"), (Audience.NOBODY, ""), (Audience.BETA, "b"), (Audience.PREMIUM, "p")],
)
async def test_a_flag_is_on_for_its_audience_and_for_nobody_else(flags, user, audience, on):
    await flags.set(user, "genre", Switch(audience))
    people = {"a": user, "b": with_marks(user, "beta"), "p": with_marks(user, "premium")}
    assert "".join(name for name, one in people.items() if flags.is_on("genre", one)) == on
    assert flags.is_on("mood", user)


async def test_a_share_holds_always_the_same_users_and_a_larger_one_holds_the_smaller(flags, user):
    crowd = [replace(user, id=f"user-{number}") for number in range(2_000)]

    async def held(percent):
        await flags.set(user, "genre", Switch(Audience.SHARE, percent))
        return {one.id for one in crowd if flags.is_on("genre", one)}

    assert await held(0) == set()
    tenth, quarter = await held(10), await held(25)
    assert tenth < quarter and await held(10) == tenth
    assert abs(len(tenth) - 200) < 50 and abs(len(quarter) - 500) < 75
    assert len(await held(100)) == 2_000
    others = {one.id for one in crowd if share("mood", one.id) < 10}
    assert 5 < len(tenth & others) < 50  # another flag, another tenth


async def test_what_is_set_for_a_user_goes_before_what_is_set_for_all(flags, user, other):
    await flags.set(user, "genre", Switch(Audience.NOBODY))
    await flags.override(user, "genre", " ADA@example.org", True)
    assert flags.is_on("genre", user) and not flags.is_on("genre", other)
    await flags.set(user, "genre", Switch())
    await flags.override(user, "genre", other.id, False)
    assert not flags.is_on("genre", other)
    await flags.override(user, "genre", other.id, None)
    assert flags.is_on("genre", other)


async def test_every_change_is_kept_with_who_made_it_and_when(flags, user, other, clock):
    began = clock.moment
    await flags.set(user, "genre", Switch(Audience.SHARE, 25))
    clock.turn(minutes=1)
    await flags.override(other, "genre", user.id, True)
    await flags.override(other, "genre", user.id, True)  # changes nothing, and is no change
    clock.turn(minutes=1)
    await flags.override(user, "genre", user.id, None)
    named, changes = await flags.history("genre")
    assert named == []
    told = [(one.at, one.author, one.user, one.before, one.after) for one in reversed(changes)]
    assert [(author, whom, before, after) for _, author, whom, before, after in told] == [
        (user.id, "", "all", "25 %"),
        (other.id, user.id, "as for all", "on"),
        (user.id, user.id, "on", "as for all"),
    ]
    assert [(at - began).total_seconds() for at, *_ in told] == [0, 60, 120]


async def test_what_was_set_outlives_the_daemon(flags, store, user, clock):
    await flags.set(user, "genre", Switch(Audience.NOBODY))
    await flags.override(user, "mood", user.id, False)
    again = Flags(store, clock)
    await again.open()
    assert not again.is_on("genre", user) and not again.is_on("mood", user)
    again.close()


async def test_what_cannot_be_set_is_refused(flags, user):
    for percent in (-1, 101):
        with pytest.raises(Invalid):
            await flags.set(user, "genre", Switch(Audience.SHARE, percent))
    with pytest.raises(NotFound):
        await flags.set(user, "no such flag", Switch())
    with pytest.raises(NotFound):
        await flags.override(user, "genre", "nobody@example.org", True)
    assert flags.get("genre").switch == Switch()


async def test_flags_are_asked_through_openfeature(flags, user):
    client = api.get_client(flags._domain)
    assert client.provider.get_metadata().name == "samplemind store"
    told = client.get_boolean_details("no such flag", True)
    assert (told.value, told.error_code) == (True, "FLAG_NOT_FOUND")
    assert client.get_string_details("genre", "x").error_code == "TYPE_MISMATCH"


async def test_registration_is_switched_for_whoever_would_register(access, flags, user, password):
    await flags.set(user, "registration", Switch(Audience.NOBODY))
    with pytest.raises(Denied) as refused:
        await access.register("carl@example.org", password)
    assert refused.value.reason == "FEATURE_OFF"
    await flags.set(user, "registration", Switch())
    await access.register("carl@example.org", password)


def test_the_guide_names_every_flag_with_its_purpose():
    guide = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
    rows = dict(
        re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", guide.partition("## Feature flags")[2], re.MULTILINE)
    )
    assert rows == PURPOSES
