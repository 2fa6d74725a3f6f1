"""The certificate that TLS is spoken with: one that was given, or one that the daemon signs itself."""

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from samplemind_daemon.access import private
from samplemind_daemon.refusals import CannotServe

LIFE, EARLY = timedelta(days=825), timedelta(days=30)  # renewed at the start that finds it about to end
LOCAL = ("localhost", "127.0.0.1", "::1")


class CannotEncrypt(CannotServe):
    """TLS cannot be spoken with what was given; the message says why, and names the setting."""


@dataclass(frozen=True)
class Pair:
    """A certificate chain and its key, both PEM, and the names that the certificate is for."""

    path: Path
    key_path: Path
    certificate: bytes
    key: bytes
    names: tuple[str, ...]
    is_own_issuer: bool  # then who trusts this very certificate needs no other

    @property
    def name(self) -> str:
        """A name that the certificate is for."""
        return self.names[0].replace("*", "any")


def given_pair(certificate: Path, key: Path, moment: datetime) -> Pair:
    """The pair in these files; CannotEncrypt unless they belong together, are in time and kept close."""
    chain, secret = _read("tls_certificate", certificate), _read("tls_key", key)
    if key.stat().st_mode & 0o007:
        raise CannotEncrypt(f"tls_key: every user of this machine can read {key}: chmod o-rwx {key}")
    try:
        first = x509.load_pem_x509_certificates(chain)[0]
    except ValueError:
        raise CannotEncrypt(f"tls_certificate: {certificate} holds no PEM certificate") from None
    try:
        public = load_pem_private_key(secret, password=None).public_key()
    except (ValueError, TypeError):
        raise CannotEncrypt(f"tls_key: {key} holds no PEM private key without a passphrase") from None
    raw = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public.public_bytes(*raw) != first.public_key().public_bytes(*raw):
        raise CannotEncrypt(f"tls_key: {key} is not the key of {certificate}")
    if not first.not_valid_before_utc <= moment < first.not_valid_after_utc:
        span = f"{first.not_valid_before_utc:%Y-%m-%d} to {first.not_valid_after_utc:%Y-%m-%d}"
        raise CannotEncrypt(f"tls_certificate: {certificate} is good from {span}, and today is not in it")
    if not (names := _names(first)):
        raise CannotEncrypt(f"tls_certificate: {certificate} is for no name: it lacks a subjectAltName")
    return Pair(certificate, key, chain, secret, tuple(names), first.issuer == first.subject)


def own_pair(home: Path, host: str, moment: datetime) -> Pair:
    """The pair that the daemon signs itself: the one in its home, or a new one where that will not do for long."""
    certificate, key = home / "tls.pem", home / "tls.key"
    names = list(dict.fromkeys([*LOCAL, socket.gethostname().lower(), *_listening(host)]))
    with suppress(CannotEncrypt):
        found = given_pair(certificate, key, moment + EARLY)
        if set(names) <= set(_names(x509.load_pem_x509_certificate(found.certificate))):
            return found
    secret = ec.generate_private_key(ec.SECP256R1())
    private.write(key, secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.write(certificate, _signed(secret, names, moment).public_bytes(Encoding.PEM))
    return given_pair(certificate, key, moment)


def _signed(key: ec.EllipticCurvePrivateKey, names: list[str], moment: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SampleMind")])
    return (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(moment - timedelta(hours=1))
        .not_valid_after(moment + LIFE)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _listening(host: str) -> list[str]:
    """The name or address that is listened at, if it is one that somebody can call."""
    bare = host.strip("[]").lower()
    try:
        return [] if ipaddress.ip_address(bare).is_unspecified else [bare]
    except ValueError:
        return [bare]


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = map(str, found.get_values_for_type(x509.IPAddress))
    return [*found.get_values_for_type(x509.DNSName), *addresses]


def _read(setting: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotEncrypt(f"{setting}: {path} cannot be read: {error.strerror}") from None
