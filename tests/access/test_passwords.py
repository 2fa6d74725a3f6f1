"""Passwords are dear to guess, and sign-ins do not tell who has an account."""

import asyncio

import pytest

from samplemind_daemon.access import Access
from samplemind_daemon.access.guessable import is_guessable
from samplemind_daemon.refusals import Denied, Exhausted, Invalid, Unauthenticated
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import users

GUESSABLE = """
    password Password1 P@ssw0rd p4ssw0rd! passw0rd123 password2026!! 123password 12345678 123456789 1234567890
    87654321 qwertyui qwerty123 qwertyuiop 1qaz2wsx zaq12wsx aaaaaaaa abababab abcabcabc abcd1234 11112222 iloveyou
    iloveyou2 letmein! letmein123 welcome1 Welcome2025 sunshine princess1 football baseball superman trustno1
    dragon123 monkey123 changeme samplemind samplemind1 admin123 asdfghjkl zxcvbnm1 asdfasdf qwerqwer q1w1e1r1
    0987654321 abcdefgh starwars computer michelle11 !@#$%^&* 00000000000000 aaaaaaaaaaaaaaaaaaaaaaaa
""".split()
STRANGE = [
    "seven purple geese", "correct horse battery staple", "tr0ub4dor&3x", "passwordless horses", "x7#kP2vq",
    "mein Hut der hat drei Ecken", "пароль от сердца моего", "ünïcödé ëvërÿwhërë", "qwerty keyboards make me sad",
    "12345 luggage codes", "bananaphone-ring", "k3 u9 z2 m5",
]  # fmt: skip


@pytest.mark.parametrize("password", [one for one in GUESSABLE if one != "q1w1e1r1"])
def test_a_password_that_is_guessed_first_is_known_for_one(password):
    assert is_guessable(password)


@pytest.mark.parametrize("password", STRANGE)
def test_a_strange_password_is_not_taken_for_a_common_one(password):
    assert not is_guessable(password)


def test_ones_own_name_is_no_password():
    assert is_guessable("wolfgang1756", "wolfgang@salzburg.example")
    assert is_guessable("salzburg!!", "wolfgang@salzburg.example")
    assert not is_guessable("wolfgang1756", "ludwig@bonn.example")


@pytest.mark.parametrize("password", ["", "seven", "sevenpg", "x9" * 65, "Passw0rd", "12345678", "ada12345"])
async def test_an_account_with_a_bad_password_is_not_made(access, password):
    with pytest.raises(Invalid) as refusal:
        await access.register("ada@example.org", password)
    assert list(refusal.value.fields) == ["password"]
    said = [refusal.value.message, *refusal.value.fields.values()]
    assert not password or not any(password in sentence for sentence in said)
    with pytest.raises(Unauthenticated):
        await access.login("ada@example.org", password)


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.org", "ada@", "a b@example.org", "ada@@example.org", "a\x00b@c.de",
              "ada@exa\nmple.org", "x" * 65 + "@example.org", "x@" + "y" * 300, '"<b>"@example.org'],
)  # fmt: skip
async def test_an_account_without_a_proper_address_is_not_made(access, email, password):
    with pytest.raises(Invalid) as refusal:
        await access.register(email, password)
    assert list(refusal.value.fields) == ["email"]


async def test_an_address_is_the_same_however_it_is_capitalised(access, ada, password):
    await access.register(" ADA@Example.org ", "another password here")
    _, user = await access.login("Ada@EXAMPLE.org", password)
    assert user.email == "ada@example.org"


async def test_a_password_is_the_same_however_its_accents_are_spelled(access):
    await access.register("zoe@example.org", "cafe\u0301 au lait s'il vous plai\u0302t")
    assert await access.login("zoe@example.org", "caf\u00e9 au lait s'il vous pla\u00eet")


async def test_registering_a_known_address_changes_nothing_and_answers_alike(access, store, ada, password):
    assert await access.register(ada, "another password here") is None
    with pytest.raises(Unauthenticated):
        await access.login(ada, "another password here")
    assert await access.login(ada, password)


async def test_unknown_and_known_addresses_are_refused_alike_after_one_verification_each(access, ada, store):
    before, said = access.passwords.verified, []
    for email in (ada, "nobody@example.org", "", "x" * 10_000):
        with pytest.raises(Unauthenticated) as refusal:
            await access.login(email, "not the password")
        said.append((refusal.value.reason, refusal.value.message))
        assert access.passwords.verified == before + len(said)
    assert len(set(said)) == 1


async def test_an_account_without_a_password_is_refused_after_one_verification(access, store):
    await access.prepare()
    before = access.passwords.verified
    for password in ("", "owner", "owner@localhost"):
        with pytest.raises(Unauthenticated):
            await access.login("owner@localhost", password)
    assert access.passwords.verified == before + 3


async def test_passwords_are_kept_as_argon2id_at_the_owasp_floor(access, store, ada, password):
    found = await store.read(users.find_login, ada)
    assert found is not None and found[1] is not None
    assert found[1].startswith("$argon2id$v=19$m=19456,t=2,p=1$") and password not in found[1]


async def test_closed_registration_is_closed(store, home, password):
    access = Access(store, Settings(home=home, registration="closed"))
    with pytest.raises(Denied) as refusal:
        await access.register("ada@example.org", password)
    assert refusal.value.reason == "REGISTRATION_CLOSED"
    await access.close()


async def test_a_flood_of_sign_ins_is_refused_with_a_time_to_come_back(access, ada, password):
    attempts = [access.login(ada, password) for _ in range(100)]
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    full = [one for one in answers if isinstance(one, Exhausted)]
    let_in = [one for one in answers if isinstance(one, tuple)]
    assert len(full) + len(let_in) == 100 and len(let_in) >= 2 and len(full) >= 50
    assert all(one.retry_seconds > 0 for one in full)
    assert await access.login(ada, password)  # and when it is over, it is over


async def test_sign_ins_that_were_given_up_leave_their_place_to_others(access, ada, password):
    for _ in range(5):
        tasks = [asyncio.ensure_future(access.login(ada, password)) for _ in range(10)]
        await asyncio.sleep(0.005)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert await access.login(ada, password)
