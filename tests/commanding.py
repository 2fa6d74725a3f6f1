"""What tests of the command line share: how it is run, and what it works on."""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

COMMAND = [sys.executable, "-m", "samplemind_client"]
FIELDS = ["file", "status", "seconds", "error", "descriptors"]
FOUND = ["value", "unit", "confidence", "status", "candidates", "reason", "made_by", "version"]


def write(path, seconds=4.0):
    """Clicks and a chord, with a trace of noise that makes it one of a kind."""
    time = np.arange(int(seconds * 44_100)) / 44_100
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 277.18, 329.63)) / 6
    noise = np.random.default_rng().standard_normal(len(time)) * 1e-4
    soundfile.write(path, chord * np.exp(-6 * (time % 0.5)) + noise, 44_100, format="WAV")
    return path


def objects(done):
    def refuse(constant):
        raise ValueError(constant)

    return [json.loads(line, parse_constant=refuse) for line in done.stdout.splitlines()]


def certify(certificate, key, host="localhost", days=1):
    """Write a certificate for a host that is its own authority and good for some days, and its key, as PEM."""
    secret, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)


def read_until(terminal, sign):
    """What is written to a terminal up to a sign, or to its end."""
    shown = b""
    while sign is None or sign not in shown:
        try:
            shown += (piece := os.read(terminal, 65_536))
        except OSError:  # the other end is closed
            return shown
        if not piece:
            return shown
    return shown


def wait_for(question, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)
