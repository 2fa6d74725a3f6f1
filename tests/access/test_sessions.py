"""Sessions last as long as they are used, and end at once when they are ended, or copied."""

import asyncio

import pytest

from samplemind_daemon.model import Scope, Session, SignIn
from samplemind_daemon.refusals import Denied, Unauthenticated, Untimely
from samplemind_daemon.store import sessions, users


@pytest.fixture
def let_in(access):
    """Whether a pair of tokens lets one in now."""

    async def let_in(tokens) -> bool:
        try:
            return bool(await access.authenticate(f"Bearer {tokens.access}", None))
        except Unauthenticated:
            return False

    return let_in


async def test_a_refreshed_session_goes_on_with_both_access_tokens(access, ada, password, let_in, clock):
    first, _ = await access.login(ada, password)
    clock.turn(minutes=20)
    second = await access.refresh(first.refresh)
    assert second.refresh != first.refresh and second.refresh_expires_at > first.refresh_expires_at
    assert await let_in(first) and await let_in(second)
    clock.turn(minutes=20)
    assert not await let_in(first) and await let_in(second)


async def test_a_hundred_parallel_refreshes_give_one_successor(access, ada, password, let_in):
    tokens, _ = await access.login(ada, password)
    given = await asyncio.gather(*(access.refresh(tokens.refresh) for _ in range(100)))
    assert len({one.refresh for one in given}) == 1
    assert await let_in(given[0])


async def test_a_lost_answer_can_be_asked_for_again_within_ten_seconds(access, ada, password, let_in, clock):
    tokens, _ = await access.login(ada, password)
    lost = await access.refresh(tokens.refresh)
    clock.turn(seconds=10)
    again = await access.refresh(tokens.refresh)
    assert (again.refresh, again.refresh_expires_at) == (lost.refresh, lost.refresh_expires_at)
    assert await let_in(again)
    assert await let_in(await access.refresh(again.refresh))


async def test_a_spent_token_that_comes_back_later_ends_the_whole_session(
    access, ada, password, let_in, clock
):
    first, _ = await access.login(ada, password)
    elsewhere, _ = await access.login(ada, password)
    second = await access.refresh(first.refresh)
    clock.turn(seconds=11)
    with pytest.raises(Unauthenticated):
        await access.refresh(first.refresh)
    assert not await let_in(first) and not await let_in(second)
    with pytest.raises(Unauthenticated):
        await access.refresh(second.refresh)
    assert await let_in(elsewhere)  # a session of its own


async def test_a_spent_token_whose_successor_is_spent_too_was_copied(access, ada, password, let_in, clock):
    first, _ = await access.login(ada, password)
    second = await access.refresh(first.refresh)
    third = await access.refresh(second.refresh)
    clock.turn(seconds=1)
    with pytest.raises(Unauthenticated):
        await access.refresh(first.refresh)
    assert not await let_in(third)


async def test_a_refresh_token_ends_after_seven_days_of_silence(access, ada, password, clock):
    early, _ = await access.login(ada, password)
    clock.turn(days=7, seconds=-1)
    late = await access.refresh(early.refresh)
    clock.turn(days=7)
    with pytest.raises(Unauthenticated):
        await access.refresh(late.refresh)


@pytest.mark.parametrize("token", ["", "x", "é" * 5_000, "'; DROP TABLE users; --"])
async def test_a_refresh_token_that_is_none_is_refused(access, ada, token):
    with pytest.raises(Unauthenticated):
        await access.refresh(token)


async def test_an_access_token_is_no_refresh_token_and_the_other_way_round(access, ada, password):
    tokens, _ = await access.login(ada, password)
    with pytest.raises(Unauthenticated):
        await access.refresh(tokens.access)
    with pytest.raises(Unauthenticated):
        await access.authenticate(f"Bearer {tokens.refresh}", None)


async def test_logging_out_ends_this_session_at_once_and_no_other(access, ada, password, let_in):
    here, _ = await access.login(ada, password)
    there, _ = await access.login(ada, password)
    await access.logout(await access.authenticate(f"Bearer {here.access}", None), everywhere=False)
    assert not await let_in(here) and await let_in(there)
    with pytest.raises(Unauthenticated):
        await access.refresh(here.refresh)


async def test_logging_out_everywhere_ends_all_of_the_users_sessions_and_nobody_elses(
    access, ada, bob, password, let_in
):
    here, _ = await access.login(ada, password)
    there, _ = await access.login(ada, password)
    other, _ = await access.login(bob, password)
    await access.logout(await access.authenticate(f"Bearer {here.access}", None), everywhere=True)
    assert not await let_in(here) and not await let_in(there) and await let_in(other)
    with pytest.raises(Unauthenticated):
        await access.refresh(there.refresh)
    assert await let_in((await access.login(ada, password))[0])


async def test_an_api_key_has_no_session_to_end_and_ends_others_only_with_enough_scope(
    access, ada, password, let_in
):
    tokens, _ = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {tokens.access}", None)
    _, reading = await access.create_key(me, "k-read", "reads", Scope.READ, None)
    _, ruling = await access.create_key(me, "k-admin", "rules", Scope.ADMIN, None)
    with pytest.raises(Untimely):
        await access.logout(await access.authenticate(None, ruling), everywhere=False)
    with pytest.raises(Denied):
        await access.logout(await access.authenticate(None, reading), everywhere=True)
    assert await let_in(tokens)
    await access.logout(await access.authenticate(None, ruling), everywhere=True)
    assert not await let_in(tokens)


async def test_a_new_password_ends_every_other_session(access, ada, password, let_in):
    here, _ = await access.login(ada, password)
    there, _ = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {here.access}", None)
    fresh = await access.change_password(me, password, "nine yellow geese")
    assert await let_in(fresh) and not await let_in(here) and not await let_in(there)
    with pytest.raises(Unauthenticated):
        await access.login(ada, password)
    assert await let_in((await access.login(ada, "nine yellow geese"))[0])
    assert await let_in(await access.refresh(fresh.refresh))


async def test_a_new_password_needs_the_old_one(access, ada, password, let_in):
    tokens, _ = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {tokens.access}", None)
    for wrong in ("", "not the old one"):
        with pytest.raises(Unauthenticated):
            await access.change_password(me, wrong, "nine yellow geese")
    assert await let_in(tokens)


async def test_of_two_password_changes_at_once_one_is_made(access, ada, password):
    tokens, _ = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {tokens.access}", None)
    wanted = ["nine yellow geese", "five orange geese"]
    made = await asyncio.gather(
        *(access.change_password(me, password, new) for new in wanted), return_exceptions=True
    )
    refused = [isinstance(one, Unauthenticated) for one in made]
    assert sorted(refused) == [False, True]
    assert await access.login(ada, wanted[refused.index(False)])


async def test_a_disabled_user_is_refused_within_a_second(access, store, ada, password, let_in, clock):
    tokens, user = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {tokens.access}", None)
    _, secret = await access.create_key(me, "k", "machine", Scope.READ, None)
    await store.write(users.disable, user.id)  # as another program does
    clock.turn(seconds=1)
    assert not await let_in(tokens)
    for attempt in (
        access.refresh(tokens.refresh),
        access.login(ada, password),
        access.authenticate(None, secret),
    ):
        with pytest.raises(Unauthenticated):
            await attempt
    await store.write(users.disable, user.id, False)
    assert await let_in(tokens)


async def test_a_session_that_begins_while_all_are_ended_does_not_begin(access, store, ada, password, clock):
    _, user = await access.login(ada, password)
    await store.write(sessions.end_all, user.id, clock())
    late = Session("s", clock(), clock(), clock(), SignIn())
    assert not await store.write(sessions.begin, user, late, "t")


async def test_the_oldest_of_too_many_sessions_gives_way(access, store, ada, password, let_in, clock):
    first, user = await access.login(ada, password)
    for number in range(sessions.MOST):
        assert await let_in(first)
        clock.turn(seconds=1)
        next = Session(f"s{number}", clock(), clock(), first.refresh_expires_at, SignIn())
        await store.write(sessions.begin, user, next, f"t{number}")
    assert not await let_in(first)


async def test_what_has_expired_is_forgotten_and_nothing_else(access, ada, bob, password, let_in, clock):
    await access.login(ada, password)
    clock.turn(days=6)
    lasting, _ = await access.login(bob, password)
    clock.turn(days=1)
    assert await access.forget() == 1
    assert await let_in(await access.refresh(lasting.refresh))


async def test_an_ended_session_and_a_revoked_key_are_out_at_the_next_call(access, ada, password, let_in):
    first, _ = await access.login(ada, password)
    second, _ = await access.login(ada, password)
    me = await access.authenticate(f"Bearer {first.access}", None)
    made, secret = await access.create_key(me, "k", "machine", Scope.READ, None)
    assert await let_in(second)
    assert await access.authenticate(None, secret)
    await access.revoke_key(me, made.id)
    with pytest.raises(Unauthenticated):
        await access.authenticate(None, secret)
    await access.logout(me, everywhere=False)
    assert not await let_in(first) and await let_in(second)
    await access.logout(await access.authenticate(f"Bearer {second.access}", None), everywhere=True)
    assert not await let_in(second)
