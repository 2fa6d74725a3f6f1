"""Where the daemon is called and what it calls: whether addresses are free, what TLS is spoken, the bucket."""

from collections.abc import Iterator
from datetime import timedelta

from samplemind_daemon.access.certificate import LIFE, Pair, given_pair
from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.doctor.home import Tenant
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import prove
from samplemind_daemon.store.moments import now
from samplemind_daemon.threshold import refuse_taken, refuse_unsafe

SOON = timedelta(days=14)


def findings(settings: Settings, found: Tenant) -> Iterator[Finding]:
    """How the addresses and the certificate are."""
    try:
        refuse_unsafe(settings)
    except CannotServe as cannot:
        yield broken("safety", f"the daemon would refuse to start: {cannot}", "do what it says")
    if not found.holds:
        yield from _addresses(settings)
    yield from _certificate(settings)
    if settings.blobs:
        yield _bucket(settings)


def _bucket(settings: Settings) -> Finding:
    try:
        prove(settings)
    except CannotServe as cannot:
        remedy = "see whether the AWS_… variables lead there, with keys that may read, write, list and delete"
        return broken("bucket", str(cannot), remedy)
    return well("bucket", f"{settings.blobs} can be written to and read from")


def _addresses(settings: Settings) -> Iterator[Finding]:
    asked = (
        ("--listen", settings.address),
        ("--web", settings.web_address),
        ("SAMPLEMIND_METRICS", settings.metrics_address),
    )
    for flag, address in asked:
        if address is None:
            continue
        try:
            refuse_taken(flag, address)
        except CannotServe as taken:
            yield broken(
                "addresses", str(taken), f"end what listens at {address}, or name another place with {flag}"
            )
        else:
            yield well("addresses", f"{address} is free")


def _certificate(settings: Settings) -> Iterator[Finding]:
    chain, key = settings.tls_certificate, settings.tls_key
    if settings.tls_self_signed:
        chain, key = settings.home / "tls.pem", settings.home / "tls.key"
        if not chain.exists():
            yield well("certificate", f"the daemon makes one at its start, for {LIFE.days} days")
            return
    if chain is None or key is None:
        return
    try:
        pair = given_pair(chain, key, now())
    except CannotServe as cannot:
        remedy = "start the daemon: it makes another" if settings.tls_self_signed else "renew or correct it"
        yield broken("certificate", str(cannot), remedy)
        return
    yield _lasting(pair)


def _lasting(pair: Pair) -> Finding:
    try:
        given_pair(pair.path, pair.key_path, now() + SOON)
    except CannotServe:
        sentence = f"{pair.path} ends within {SOON.days} days"
        return doubtful("certificate", sentence, "renew it, and start the daemon again")
    return well("certificate", f"{pair.path} is in time, for {', '.join(pair.names)}")
