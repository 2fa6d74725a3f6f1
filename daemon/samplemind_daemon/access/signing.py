"""The daemon's own key: it signs access tokens, and other secrets are derived from it."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from samplemind_daemon.access import private
from samplemind_daemon.refusals import CannotServe


class CannotReadKey(CannotServe):
    """The file of the signing key holds something else."""


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key pair and the name that tokens know it by."""

    private: Ed25519PrivateKey
    id: str

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    def secret(self, purpose: str) -> bytes:
        """32 bytes that only this key gives, others for each purpose (HKDF, RFC 5869)."""
        derive = HKDF(hashes.SHA256(), length=32, salt=None, info=f"samplemind {purpose}".encode())
        return derive.derive(self.private.private_bytes_raw())


def given_key(path: Path) -> SigningKey:
    """The key in a file that somebody else sees to. Raises CannotReadKey."""
    try:
        return _key(path.read_bytes(), path)
    except OSError as problem:
        raise CannotReadKey(f"the signing key {path} cannot be read: {problem.strerror}") from None


def signing_key(path: Path) -> SigningKey:
    """The key in the file, which is made if there is none."""
    pem = private.read(path)
    if pem is None:
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        private.write(path, pem)
    return _key(pem, path)


def _key(pem: bytes, path: Path) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotReadKey(
            f"{path} is no Ed25519 private key: restore it, or remove it to sign everyone out"
        )
    return SigningKey(key, hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16])


def keyed(secret: bytes, message: str) -> bytes:
    """32 bytes that follow from the message for whoever has the secret (HMAC-SHA-256)."""
    return hmac.digest(secret, message.encode(), "sha256")


def digest(secret: str) -> str:
    """What is stored of a secret of 128 bits or more: enough to know it again, nothing to guess from."""
    return hashlib.sha256(secret.encode()).hexdigest()
