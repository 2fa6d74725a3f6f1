"""API keys are let in as far as their scope goes, until they end or are revoked."""

from datetime import timedelta
from uuid import uuid4

import pytest

from samplemind_daemon.access import keys as limits
from samplemind_daemon.model import Caller, Scope
from samplemind_daemon.refusals import Denied, Exhausted, Invalid, NotFound, Unauthenticated, Untimely


@pytest.fixture
async def me(access, ada, password) -> Caller:
    tokens, _ = await access.login(ada, password)
    return await access.authenticate(f"Bearer {tokens.access}", None)


@pytest.fixture
async def other(access, bob, password) -> Caller:
    tokens, _ = await access.login(bob, password)
    return await access.authenticate(f"Bearer {tokens.access}", None)


async def test_a_key_lets_its_user_in_with_its_scope(access, me):
    key, secret = await access.create_key(me, str(uuid4()), "studio", Scope.ANALYZE, None)
    caller = await access.authenticate(None, secret)
    assert (caller.user, caller.scope, caller.session) == (me.user, Scope.ANALYZE, "")
    assert secret.startswith(key.prefix) and secret.startswith("sm_") and len(secret) == 46


async def test_the_store_does_not_hold_the_secret(access, me, home, store):
    key, secret = await access.create_key(me, str(uuid4()), "studio", Scope.ADMIN, None)
    kept = b"".join(file.read_bytes() for file in home.glob("samplemind.db*"))
    assert key.id.encode() in kept and secret[len(key.prefix) :].encode() not in kept


@pytest.mark.parametrize("secret", ["", "sm_", "sm_" + "A" * 43, "sm_" + "é" * 43, "x" * 100_000])
async def test_a_key_that_is_none_is_refused(access, me, secret):
    with pytest.raises(Unauthenticated):
        await access.authenticate(None, secret)


async def test_a_revoked_key_is_refused_from_the_next_call_on(access, me, clock):
    key, secret = await access.create_key(me, str(uuid4()), "studio", Scope.READ, None)
    assert await access.authenticate(None, secret)
    revoked = await access.revoke_key(me, key.id)
    assert revoked.revoked_at == clock()
    with pytest.raises(Unauthenticated):
        await access.authenticate(None, secret)
    clock.turn(hours=1)
    assert (await access.revoke_key(me, key.id)).revoked_at == revoked.revoked_at  # the first time stands


async def test_a_key_ends_when_it_was_to_end(access, me, clock):
    ends = clock() + timedelta(hours=1)
    _, secret = await access.create_key(me, str(uuid4()), "guest", Scope.READ, ends)
    clock.turn(minutes=59)
    assert await access.authenticate(None, secret)
    clock.turn(minutes=1)
    with pytest.raises(Unauthenticated):
        await access.authenticate(None, secret)


@pytest.mark.parametrize(("holds", "asks"), [(Scope.READ, Scope.ANALYZE), (Scope.ANALYZE, Scope.ADMIN)])
async def test_a_key_is_never_given_more_than_its_maker_has(access, me, holds, asks):
    _, secret = await access.create_key(me, str(uuid4()), "small", holds, None)
    small = await access.authenticate(None, secret)
    with pytest.raises(Denied, match=asks):
        await access.create_key(small, str(uuid4()), "big", asks, None)
    await access.create_key(small, str(uuid4()), "as small", holds, None)


async def test_the_same_request_makes_one_key_and_gets_the_same_answer(access, me, clock):
    id = str(uuid4())
    first = await access.create_key(me, id, "studio", Scope.READ, None)
    clock.turn(minutes=1)
    assert await access.create_key(me, id, "studio", Scope.READ, None) == first
    assert len(await access.list_keys(me, "", 10)) == 1
    clock.turn(days=1)
    with pytest.raises(Untimely):
        await access.create_key(me, id, "studio", Scope.READ, None)


async def test_another_users_id_for_a_key_gives_nothing_away(access, me, other):
    id = str(uuid4())
    await access.create_key(me, id, "studio", Scope.READ, None)
    with pytest.raises(Untimely):
        await access.create_key(other, id, "studio", Scope.READ, None)
    assert await access.list_keys(other, "", 10) == []


async def test_a_key_of_another_user_cannot_be_told_from_none(access, me, other):
    key, secret = await access.create_key(me, str(uuid4()), "studio", Scope.READ, None)
    never = str(uuid4())
    said = []
    for id in (key.id, never):
        with pytest.raises(NotFound) as refusal:
            await access.revoke_key(other, id)
        said.append(refusal.value.message.replace(id, "…"))
    assert said[0] == said[1]
    with pytest.raises(Invalid):
        await access.list_keys(other, key.id, 10)
    assert await access.authenticate(None, secret)


async def test_keys_are_listed_newest_first_page_by_page(access, me, other, clock):
    made = []
    for number in range(7):
        made.insert(0, (await access.create_key(me, str(uuid4()), f"key {number}", Scope.READ, None))[0].id)
        clock.turn(seconds=number % 2)  # some are made at the same moment
    await access.create_key(other, str(uuid4()), "another's", Scope.READ, None)
    listed: list[str] = []
    while page := await access.list_keys(me, listed[-1] if listed else "", 3):
        listed += [key.id for key in page]
    assert sorted(listed) == sorted(made) and len(listed) == 7
    assert {listed[0], listed[1]} == {made[0], made[1]} or listed[0] == made[0]


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "two\nlines", "owner.key"])
async def test_a_key_without_a_proper_name_is_not_made(access, me, name):
    with pytest.raises(Invalid) as refusal:
        await access.create_key(me, str(uuid4()), name, Scope.READ, None)
    assert list(refusal.value.fields) == ["name"]


async def test_a_key_that_would_have_ended_already_is_not_made(access, me, clock):
    with pytest.raises(Invalid) as refusal:
        await access.create_key(me, str(uuid4()), "late", Scope.READ, clock())
    assert list(refusal.value.fields) == ["expires_at"]


async def test_the_last_use_is_written_down_once_a_minute(access, me, clock):
    _, secret = await access.create_key(me, str(uuid4()), "studio", Scope.READ, None)
    seen = []
    for _ in range(5):
        await access.authenticate(None, secret)
        await access.settle()
        seen.append((await access.list_keys(me, "", 1))[0].last_used_at)
        clock.turn(seconds=30)
    start = clock() - timedelta(seconds=150)
    assert [(at - start).total_seconds() for at in seen] == [0, 0, 60, 60, 120]


async def test_there_are_a_hundred_good_keys_a_user_at_most(access, me, other):
    for number in range(limits.MOST):
        key, _ = await access.create_key(me, str(uuid4()), f"key {number}", Scope.READ, None)
    with pytest.raises(Exhausted):
        await access.create_key(me, str(uuid4()), "one more", Scope.READ, None)
    await access.create_key(other, str(uuid4()), "another's", Scope.READ, None)
    await access.revoke_key(me, key.id)
    await access.create_key(me, str(uuid4()), "in its place", Scope.READ, None)


async def test_void_keys_are_listed_until_there_are_too_many(access, me, clock, monkeypatch):
    monkeypatch.setattr(limits, "VOID_KEPT", 3)
    for number in range(6):
        clock.turn(seconds=1)
        key, _ = await access.create_key(me, str(uuid4()), f"key {number}", Scope.READ, None)
        await access.revoke_key(me, key.id)
    clock.turn(seconds=1)
    await access.create_key(me, str(uuid4()), "good", Scope.READ, None)
    assert [key.name for key in await access.list_keys(me, "", 10)] == ["good", "key 5", "key 4", "key 3"]
