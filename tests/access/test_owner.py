"""At each start the owner has an account, a key on this machine, and a way in."""

import stat

import pytest

from samplemind_daemon.access import Access
from samplemind_daemon.access.signing import CannotReadKey
from samplemind_daemon.model import Role, Scope
from samplemind_daemon.refusals import Unauthenticated
from samplemind_daemon.settings import Settings


@pytest.fixture
def owner_key(home):
    return lambda: (home / "owner.key").read_text().strip()


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_the_first_start_makes_the_owner_and_a_key_that_nobody_else_can_read(access, home, owner_key):
    assert await access.prepare()
    assert mode(home / "owner.key") == 0o600 and mode(home / "signing.key") == 0o600
    caller = await access.authenticate(None, owner_key())
    assert (caller.user.role, caller.scope, caller.user.has_password) == (Role.OWNER, Scope.ADMIN, False)


async def test_a_second_start_keeps_the_owner_and_the_key(access, owner_key):
    await access.prepare()
    first, key = await access.authenticate(None, owner_key()), owner_key()
    await access.prepare()
    assert owner_key() == key
    assert (await access.authenticate(None, key)).user.id == first.user.id


async def test_a_lost_key_is_made_again_and_the_lost_one_is_void(access, home, owner_key):
    await access.prepare()
    lost = owner_key()
    (home / "owner.key").unlink()
    await access.prepare()
    assert await access.authenticate(None, owner_key())
    with pytest.raises(Unauthenticated):
        await access.authenticate(None, lost)


async def test_a_revoked_key_is_made_again_at_the_next_start(access, owner_key):
    await access.prepare()
    caller, old = await access.authenticate(None, owner_key()), owner_key()
    (key,) = await access.list_keys(caller, "", 10)
    await access.revoke_key(caller, key.id)
    await access.prepare()
    assert owner_key() != old and await access.authenticate(None, owner_key())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe rubbish", b"sm_" + b"A" * 43])
async def test_a_spoilt_key_file_is_made_again(access, home, owner_key, content):
    await access.prepare()
    (home / "owner.key").write_bytes(content)
    await access.prepare()
    assert await access.authenticate(None, owner_key())


async def test_a_key_file_that_others_can_read_is_closed_to_them(access, home, store):
    await access.prepare()
    for name in ("owner.key", "signing.key"):
        (home / name).chmod(0o644)
    again = Access(store, Settings(home=home))
    await again.prepare()
    assert mode(home / "owner.key") == 0o600 and mode(home / "signing.key") == 0o600
    await again.close()


async def test_a_spoilt_signing_key_stops_the_start_with_a_sentence(access, home, store):
    (home / "signing.key").write_text("rubbish")
    with pytest.raises(CannotReadKey, match="signing.key is no Ed25519 private key"):
        Access(store, Settings(home=home))


async def test_daemons_with_one_signing_key_take_each_others_tokens(access, home, store, clock, tmp_path):
    tokens, _ = await access.login_by_code(await access.prepare())
    key = tmp_path / "mounted.pem"
    key.symlink_to(home / "signing.key")  # as Kubernetes shows a secret
    beside = Access(store, Settings(home=tmp_path / "beside", signing_key=key), clock)
    assert await beside.authenticate(f"Bearer {tokens.access}", None)
    assert not (tmp_path / "beside" / "signing.key").exists()


async def test_daemons_on_one_database_have_an_owner_key_each(access, home, store, tmp_path):
    await access.prepare("one")
    beside = Access(store, Settings(home=tmp_path / "beside", signing_key=home / "signing.key"))
    await beside.prepare("another")
    for place in (home, tmp_path / "beside"):
        assert (
            await beside.authenticate(None, (place / "owner.key").read_text().strip())
        ).user.role is Role.OWNER


async def test_a_signing_key_that_is_named_and_not_there_stops_the_start_with_a_sentence(store, tmp_path):
    with pytest.raises(CannotReadKey, match="the signing key .*nowhere.pem cannot be read"):
        Access(store, Settings(home=tmp_path, signing_key=tmp_path / "nowhere.pem"))


async def test_the_code_lets_the_owner_in_once(access):
    code = await access.prepare()
    tokens, user = await access.login_by_code(code)
    assert user.role is Role.OWNER and await access.authenticate(f"Bearer {tokens.access}", None)
    with pytest.raises(Unauthenticated):
        await access.login_by_code(code)


async def test_the_code_ends_after_a_day(access, clock):
    code = await access.prepare()
    clock.turn(hours=24)
    with pytest.raises(Unauthenticated):
        await access.login_by_code(code)


async def test_a_new_start_gives_a_new_code_and_the_old_one_is_void(access):
    old = await access.prepare()
    new = await access.prepare()
    assert new and new != old
    with pytest.raises(Unauthenticated):
        await access.login_by_code(old)
    assert await access.login_by_code(new)


async def test_each_daemon_on_a_database_gives_a_code_that_is_good_once(access):
    here, there = await access.prepare("5d2ce1b8"), await access.prepare("c5aa1f02")
    for code in (here, there):
        assert await access.login_by_code(code)
        with pytest.raises(Unauthenticated):
            await access.login_by_code(code)


@pytest.mark.parametrize("code", ["", "x", "é" * 5_000])
async def test_a_code_that_is_none_lets_nobody_in(access, code):
    await access.prepare()
    with pytest.raises(Unauthenticated):
        await access.login_by_code(code)


async def test_an_owner_with_a_password_needs_no_code_any_more(access, owner_key, password):
    code = await access.prepare()
    caller = await access.authenticate(None, owner_key())
    with pytest.raises(Unauthenticated):
        await access.change_password(caller, "there was none", password)
    await access.change_password(caller, "", password)
    with pytest.raises(Unauthenticated):
        await access.login_by_code(code)  # given before the password was chosen
    assert await access.prepare() is None
    _, user = await access.login("owner@localhost", password)
    assert user.role is Role.OWNER and user.has_password


async def test_nobody_becomes_the_owner_by_registering(access, password):
    await access.prepare()
    await access.register("owner@localhost", password)
    with pytest.raises(Unauthenticated):
        await access.login("owner@localhost", password)
    await access.register("ada@example.org", password)
    assert (await access.login("ada@example.org", password))[1].role is Role.MEMBER


async def test_secrets_are_in_no_file_but_their_own(access, home, owner_key):
    code = await access.prepare()
    tokens, _ = await access.login_by_code(code)
    await access.refresh(tokens.refresh)
    kept = b"".join(file.read_bytes() for file in home.glob("samplemind.db*"))
    for secret in (code, tokens.refresh, tokens.access, owner_key()[10:]):
        assert secret.encode() not in kept
