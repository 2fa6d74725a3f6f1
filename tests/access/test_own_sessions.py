"""A user sees where the account is signed in, and ends what it does not know."""

from datetime import timedelta

import pytest

from samplemind_daemon.access.signing import digest
from samplemind_daemon.model import SignIn
from samplemind_daemon.refusals import NotFound, Unauthenticated
from samplemind_daemon.store import codes

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0)"


@pytest.fixture
def come(access, password):
    """Signs somebody in from a place with a client: the tokens, and who calls with them."""

    async def come(email, place="192.0.2.1", agent=BROWSER):
        tokens, _ = await access.login(email, password, place, agent)
        return tokens, await access.authenticate(f"Bearer {tokens.access}", None)

    return come


@pytest.fixture
def list_all(access):
    """All sessions that somebody sees."""

    async def list_all(caller):
        await access.settle()
        return await access.list_sessions(caller, None, 1_000)

    return list_all


async def test_a_session_says_when_and_where_and_by_what_it_was_signed_in(access, ada, come, list_all, clock):
    tokens, me = await come(ada)
    [session] = await list_all(me)
    assert session.id == me.session and session.created_at == session.last_used_at == clock()
    assert session.expires_at == tokens.refresh_expires_at
    assert session.sign_in == SignIn("192.0.2.1", BROWSER)


async def test_what_a_client_says_of_itself_is_cut_and_printable(ada, come, list_all):
    _, me = await come(ada, agent="\x1b[31mevil\r\n\u202e" + "x" * 1_000)
    [session] = await list_all(me)
    assert session.sign_in.agent == "[31mevil" + "x" * 192


async def test_what_is_not_known_of_a_session_is_not_made_up(access, ada, password, list_all):
    tokens, _ = await access.login(ada, password, agent=" \t ")
    me = await access.authenticate(f"Bearer {tokens.access}", None)
    assert [session.sign_in for session in await list_all(me)] == [SignIn(None, None)]


async def test_a_session_that_is_older_than_what_is_kept_of_one_is_listed_without_it(
    access, store, ada, come, list_all, clock
):
    _, me = await come(ada)
    forget = "UPDATE sessions SET last_used_at = NULL, place = NULL, agent = NULL"
    await store.write(lambda db: db.execute_sql(forget))
    [old] = await list_all(me)
    assert (old.created_at, old.last_used_at, old.sign_in) == (clock(), None, SignIn())


async def test_a_use_is_kept_to_the_minute(access, ada, come, list_all, clock):
    tokens, me = await come(ada)
    came = clock()
    for seconds, noted in ((59, 0), (1, 60), (59, 60), (1, 120)):
        clock.turn(seconds=seconds)
        await access.authenticate(f"Bearer {tokens.access}", None)
        [session] = await list_all(me)
        assert session.last_used_at == came + timedelta(seconds=noted)


async def test_a_refresh_is_a_use_and_moves_the_end(access, ada, come, list_all, clock):
    tokens, me = await come(ada)
    clock.turn(minutes=20)
    later = await access.refresh(tokens.refresh)
    [session] = await list_all(me)
    assert (session.last_used_at, session.expires_at) == (clock(), later.refresh_expires_at)


async def test_a_code_and_a_new_password_say_where_they_were_used_too(
    access, store, ada, password, come, list_all, clock
):
    _, me = await come(ada)
    await store.write(codes.put, me.user.id, digest("a code"), clock.moment.replace(year=2027))
    await access.login_by_code("a code", "198.51.100.7", "a phone")
    assert {one.sign_in.agent for one in await list_all(me)} == {BROWSER, "a phone"}
    await access.change_password(me, password, "nine yellow geese", "198.51.100.9", "a tablet")
    assert [one.sign_in for one in await list_all(me)] == [SignIn("198.51.100.9", "a tablet")]


async def test_sessions_are_listed_newest_first_page_by_page_even_if_one_ends_meanwhile(
    access, ada, bob, come, clock
):
    made = []
    for number in range(7):
        _, me = await come(ada)
        made.append((clock(), me.session))
        clock.turn(seconds=number % 2)  # some are signed in at the same moment
    await come(bob)
    seen, after = [], None
    while page := await access.list_sessions(me, after, 3):
        seen += [(one.created_at, one.id) for one in page]
        after = seen[-1]
        await access.end_session(me, after[1])
    assert seen == sorted(made, reverse=True)


async def test_a_session_that_was_ended_is_out_at_the_next_call_and_others_stay(access, ada, come, list_all):
    here, me = await come(ada)
    there, stolen = await come(ada, "198.51.100.7", "curl/8")
    await access.end_session(me, stolen.session)
    with pytest.raises(Unauthenticated):
        await access.authenticate(f"Bearer {there.access}", None)
    with pytest.raises(Unauthenticated):
        await access.refresh(there.refresh)
    assert await access.authenticate(f"Bearer {here.access}", None)
    assert [one.id for one in await list_all(me)] == [me.session]


async def test_a_session_of_another_user_cannot_be_told_from_none_or_from_one_that_has_ended(
    access, ada, bob, come, list_all, clock
):
    _, me = await come(ada)
    tokens, other = await come(bob)
    _, ended = await come(ada)
    await access.end_session(me, ended.session)
    said = set()
    for id in (other.session, ended.session, "00000000-0000-4000-8000-000000000000", ""):
        with pytest.raises(NotFound) as refusal:
            await access.end_session(me, id)
        said.add((refusal.value.reason, refusal.value.message.replace(repr(id), "…")))
    assert len(said) == 1
    assert await access.authenticate(f"Bearer {tokens.access}", None)
    assert [one.id for one in await list_all(me)] == [me.session]


async def test_a_session_that_has_run_out_is_not_listed_and_cannot_be_ended(
    access, ada, come, list_all, clock
):
    _, old = await come(ada)
    clock.turn(days=7)
    _, me = await come(ada)
    assert [one.id for one in await list_all(me)] == [me.session]
    with pytest.raises(NotFound):
        await access.end_session(me, old.session)
