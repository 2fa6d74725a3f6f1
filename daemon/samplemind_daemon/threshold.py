"""The threshold: what must hold before the daemon is brought up. It needs little, so that a no comes at once."""

import errno
import socket
from contextlib import closing

import structlog

from samplemind_daemon import failpoint
from samplemind_daemon.address import Address
from samplemind_daemon.house import House
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.schema import refuse_newer
from samplemind_daemon.work.cage import missing

log = structlog.get_logger(__name__)


def cross(settings: Settings) -> House:
    """The home, taken for one daemon alone.

    Raises CannotServe where the daemon would not be safe or not be alone, and CannotOpen where its database is
    another version's; nothing has been started or changed then.
    """
    refuse_unsafe(settings)
    failpoint.check(not settings.is_public)
    house = House(settings.home)
    try:
        refuse_taken("--listen", settings.address)
        if settings.web_address is not None:
            refuse_taken("--web", settings.web_address)
            _refuse_no_app(settings)
        if settings.metrics_address is not None:
            refuse_taken("SAMPLEMIND_METRICS", settings.metrics_address)
        refuse_newer(settings.place)
        settings.plugins.mkdir(exist_ok=True)
    except BaseException:
        house.leave()
        raise
    return house


def refuse_unsafe(settings: Settings) -> None:
    """Raise CannotServe where other machines could call, and what that takes is not there."""
    public = settings.is_public
    if public and not settings.tls:
        name, at = ("web", settings.web) if settings.address.is_loopback else ("listen", settings.listen)
        raise CannotServe(
            f"{name}: {at} can be reached from other machines: give --tls-cert and --tls-key "
            "(tls_certificate and tls_key), or --tls-self-signed, or listen on 127.0.0.1"
        )
    refuse_open_metrics(settings)
    home = settings.home
    if public and home.exists() and (mode := home.stat().st_mode & 0o077):
        raise CannotServe(f"home: others can open {home} (mode {mode:03o}): chmod 700 {home}")
    if lacking := "; ".join(missing()):
        if public and not settings.allow_uncaged:
            raise CannotServe(
                f"allow_uncaged: workers cannot be kept from {lacking}; allow it, or listen on 127.0.0.1"
            )
        log.warning("workers cannot be caged here", lacking=lacking)


def refuse_open_metrics(settings: Settings) -> None:
    """Raise CannotServe where other machines could read the figures, and what that takes is not there."""
    metrics, guarded = settings.metrics_address, settings.tls and settings.metrics_token
    if metrics and not metrics.is_loopback and not guarded:
        raise CannotServe(
            f"metrics: {settings.metrics} can be reached from other machines: give a metrics_token and TLS, "
            "or name 127.0.0.1"
        )


def _refuse_no_app(settings: Settings) -> None:
    folder = settings.web_app
    if folder is not None and not (folder / "index.html").is_file():
        raise CannotServe(f"web_app: there is no index.html in {folder}")


def refuse_taken(flag: str, address: Address) -> None:
    """Raise CannotServe where somebody listens already; any other trouble shows when the server listens."""
    host = address.host.strip("[]")
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server: what was closed is free
        try:
            probe.bind((host, address.port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
                return
            raise CannotServe(
                f"cannot listen on {address}: another program, or another daemon, listens there; "
                f"{flag} HOST:PORT names another place"
            ) from None
