"""Access tokens that are not ours are refused, all with the same words."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samplemind_daemon.access import Access
from samplemind_daemon.access.signing import signing_key
from samplemind_daemon.refusals import Unauthenticated
from samplemind_daemon.settings import Settings


class Mint:
    """Makes tokens as the daemon does, and every other way."""

    def __init__(self, home, genuine: str) -> None:
        self.genuine = genuine
        self.key = signing_key(home / "signing.key")
        self.header = jwt.get_unverified_header(genuine)
        self.claims = jwt.decode(genuine, options={"verify_signature": False})

    def signed(self, claims: dict[str, Any] = {}, header: dict[str, Any] = {}, key: Any = None) -> str:
        """Signed by the daemon's own key unless another is given; a claim or header that is None is left out."""
        given, headers = _without_none(self.claims | claims), _without_none(self.header | header)
        message = f"{_part(headers)}.{_part(given)}"
        return f"{message}.{_part((key or self.key.private).sign(message.encode()))}"

    def raw(self, header: dict[str, Any], sign: Callable[[bytes], bytes], claims: dict[str, Any] = {}) -> str:
        message = f"{_part(self.header | header)}.{_part(self.claims | claims)}"
        return f"{message}.{_part(sign(message.encode()))}"

    def pem(self) -> bytes:
        return self.key.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def _without_none(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _part(content: Any) -> str:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def _hs256(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda message: hmac.digest(secret, message, "sha256")


def _flipped(token: str) -> str:
    body, _, signature = token.rpartition(".")
    return f"{body}.{signature[:5]}{'B' if signature[5] == 'A' else 'A'}{signature[6:]}"


def _swapped(mint: Mint) -> str:
    header, _, signature = mint.genuine.split(".")
    return f"{header}.{_part(mint.claims | {'sub': str(uuid4())})}.{signature}"


NOW = 1772366400  # where the clock of these tests stands: 2026-03-01 12:00 UTC
FOREIGN = Ed25519PrivateKey.generate()

BAD: dict[str, Callable[[Mint], str]] = {
    "alg none, no signature": lambda mint: mint.raw({"alg": "none"}, lambda message: b""),
    "alg nOnE": lambda mint: mint.raw({"alg": "nOnE"}, lambda message: b""),
    "HS256 with the public key as the secret": lambda mint: mint.raw({"alg": "HS256"}, _hs256(mint.pem())),
    "HS256 with the raw public key": lambda mint: mint.raw(
        {"alg": "HS256"}, _hs256(mint.key.public.public_bytes_raw())
    ),
    "expired": lambda mint: mint.signed({"exp": NOW - 60}),
    "without exp": lambda mint: mint.signed({"exp": None}),
    "without iat": lambda mint: mint.signed({"iat": None}),
    "without sub": lambda mint: mint.signed({"sub": None}),
    "without jti": lambda mint: mint.signed({"jti": None}),
    "without aud": lambda mint: mint.signed({"aud": None}),
    "without iss": lambda mint: mint.signed({"iss": None}),
    "without session version": lambda mint: mint.signed({"sv": None}),
    "without session": lambda mint: mint.signed({"sid": None}),
    "nbf to come": lambda mint: mint.signed({"nbf": NOW + 600}),
    "iat to come": lambda mint: mint.signed({"iat": NOW + 600}),
    "another audience": lambda mint: mint.signed({"aud": "other"}),
    "several audiences": lambda mint: mint.signed({"aud": ["samplemind-api", "other"]}),
    "another issuer": lambda mint: mint.signed({"iss": "evil"}),
    "a refresh token's type": lambda mint: mint.signed(header={"typ": "rt+jwt"}),
    "plain JWT type": lambda mint: mint.signed(header={"typ": "JWT"}),
    "without type": lambda mint: mint.signed(header={"typ": None}),
    "a crit that nobody knows": lambda mint: mint.signed(header={"crit": ["x"], "x": 1}),
    "a key of its own in jwk": lambda mint: mint.signed(
        header={"jwk": {"kty": "OKP", "crv": "Ed25519", "x": _part(FOREIGN.public_key().public_bytes_raw())}},
        key=FOREIGN,
    ),
    "our signature and a jwk": lambda mint: mint.signed(header={"jwk": {"kty": "OKP"}}),
    "a key elsewhere in jku": lambda mint: mint.signed(header={"jku": "http://127.0.0.1/keys"}),
    "a certificate elsewhere in x5u": lambda mint: mint.signed(header={"x5u": "http://127.0.0.1/cert"}),
    "a path for kid": lambda mint: mint.signed(header={"kid": "../../../dev/null"}),
    "SQL for kid": lambda mint: mint.signed(header={"kid": "x' UNION SELECT 'y"}),
    "a list for kid": lambda mint: mint.signed(header={"kid": ["x"]}),
    "without kid": lambda mint: mint.signed(header={"kid": None}),
    "a foreign key": lambda mint: mint.signed(key=FOREIGN),
    "claims swapped": _swapped,
    "signature flipped": lambda mint: _flipped(mint.genuine),
    "signature stripped": lambda mint: mint.genuine.rpartition(".")[0] + ".",
    "signature left out": lambda mint: mint.genuine.rpartition(".")[0],
    "exp as text": lambda mint: mint.signed({"exp": str(NOW + 600)}),
    "exp as a fraction": lambda mint: mint.signed({"exp": NOW + 600.5}),
    "exp infinite": lambda mint: mint.signed({"exp": float("inf")}),
    "exp true": lambda mint: mint.signed({"exp": True}),
    "iat as text": lambda mint: mint.signed({"iat": str(NOW)}),
    "nbf as text": lambda mint: mint.signed({"nbf": str(NOW)}),
    "sub a number": lambda mint: mint.signed({"sub": 1}),
    "session version as text": lambda mint: mint.signed({"sv": "0"}),
    "an older session version": lambda mint: mint.signed({"sv": -1}),
    "another user's sub": lambda mint: mint.signed({"sub": str(uuid4())}),
    "a session that never was": lambda mint: mint.signed({"sid": str(uuid4())}),
    "claims that are a list": lambda mint: f"{_part(mint.header)}.{_part([1])}.{_part(b'x' * 64)}",
    "a header that is a list": lambda mint: f"{_part([])}.{_part(mint.claims)}.{_part(b'x' * 64)}",
    "a header of a thousand brackets": lambda mint: f"{_part(b'[' * 2_500)}.{_part({})}.{_part(b'x' * 64)}",
    "a header that is no UTF-8": lambda mint: f"{_part(bytes(range(128, 200)))}.{_part({})}.{_part(b'x')}",
    "letters of another alphabet": lambda mint: mint.genuine.replace("a", "а"),
    "empty": lambda mint: "",
    "garbage": lambda mint: "a.b.c",
    "two tokens": lambda mint: f"{mint.genuine} {mint.genuine}",
    "two tokens, a comma between": lambda mint: f"{mint.genuine}, Bearer {mint.genuine}",
    "a megabyte": lambda mint: "a" * 1_000_000,
}


@pytest.fixture
async def mint(access, home, ada, password) -> Mint:
    tokens, _ = await access.login(ada, password)
    return Mint(home, tokens.access)


@pytest.fixture
async def words(access) -> tuple[str, str]:
    """What a caller without any credential is told."""
    with pytest.raises(Unauthenticated) as refusal:
        await access.authenticate(None, None)
    return refusal.value.reason, refusal.value.message


async def test_the_mint_makes_tokens_that_are_good_when_nothing_is_wrong_with_them(access, mint):
    assert (await access.authenticate(f"Bearer {mint.genuine}", None)).user.id == mint.claims["sub"]
    again = mint.signed({"jti": str(uuid4()), "exp": NOW + 60, "nbf": NOW})
    assert (await access.authenticate(f"bearer {again}", None)).session == mint.claims["sid"]


@pytest.mark.parametrize("wrong", BAD)
async def test_a_bad_token_is_refused_like_none_at_all(access, mint, words, wrong):
    with pytest.raises(Unauthenticated) as refusal:
        await access.authenticate(f"Bearer {BAD[wrong](mint)}", None)
    assert (refusal.value.reason, refusal.value.message) == words


async def test_only_the_bearer_scheme_is_known(access, mint, words):
    basic = "Basic " + base64.b64encode(b"ada@example.org:x").decode()
    for authorization in (basic, mint.genuine, "Bearer", "Bearer ", f"Bearer\t{mint.genuine}", ""):
        with pytest.raises(Unauthenticated) as refusal:
            await access.authenticate(authorization, None)
        assert (refusal.value.reason, refusal.value.message) == words


async def test_two_credentials_at_once_are_none(access, home, mint):
    await access.prepare()
    key = (home / "owner.key").read_text().strip()
    assert await access.authenticate(None, key)
    with pytest.raises(Unauthenticated):
        await access.authenticate(f"Bearer {mint.genuine}", key)


async def test_an_access_token_lasts_half_an_hour_and_five_seconds(access, mint, clock):
    clock.turn(minutes=30, seconds=4)
    assert await access.authenticate(f"Bearer {mint.genuine}", None)
    clock.turn(seconds=1)
    with pytest.raises(Unauthenticated):
        await access.authenticate(f"Bearer {mint.genuine}", None)


async def test_a_clock_that_runs_five_seconds_behind_still_believes_a_token(access, mint, clock):
    clock.turn(seconds=-5)
    assert await access.authenticate(f"Bearer {mint.genuine}", None)
    clock.turn(seconds=-1)
    with pytest.raises(Unauthenticated):
        await access.authenticate(f"Bearer {mint.genuine}", None)


async def test_tokens_outlive_a_restart_and_not_the_signing_key(access, store, home, mint, clock):
    again = Access(store, Settings(home=home), clock)
    assert await again.authenticate(f"Bearer {mint.genuine}", None)
    (home / "signing.key").unlink()
    other = Access(store, Settings(home=home), clock)
    with pytest.raises(Unauthenticated):
        await other.authenticate(f"Bearer {mint.genuine}", None)
    await again.close()
    await other.close()
