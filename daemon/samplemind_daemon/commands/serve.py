"""`samplemindd serve`: the daemon itself, in the foreground, until it is told to end."""

import asyncio
import gc
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_daemon import logs
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.store import CannotOpen
from samplemind_daemon.threshold import cross
from samplemind_daemon.work.failures import TaskFailed

if TYPE_CHECKING:
    from structlog.typing import Processor

    from samplemind_daemon.daemon import Daemon

MOST_FILES = 65_536
SECRETS = (
    "SAMPLEMIND_METRICS_TOKEN",
    "SAMPLEMIND_SENTRY_DSN",
    "SAMPLEMIND_DATABASE",
    "SAMPLEMIND_ENGINE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
HUNG_SECONDS = 5.0  # that threads get to end by themselves
BAD_SETTING, CANNOT_START = 2, 78  # 78 is EX_CONFIG of sysexits.h: starting again will not help


def serve(
    home: Annotated[Path | None, typer.Option(help="The folder that holds all the daemon keeps.")] = None,
    listen: Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Where gRPC listens.")] = None,
    web: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where browsers are answered; empty for nowhere.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="A PEM certificate, to speak TLS with.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its PEM key.")] = None,
    tls_self_signed: Annotated[
        bool | None, typer.Option("--tls-self-signed", help="Speak TLS with a certificate made for it.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Files to hear at a time.")] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="postgresql://…; a file in the home if not given.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="URL", help="nats://…: samplemindd worker, anywhere, hears the files."),
    ] = None,
    blobs: Annotated[
        str | None, typer.Option(metavar="URL", help="s3://bucket; a folder in the home if not given.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="A samplemind.toml.")] = None,
) -> None:
    """Serve until told to end: watch folders, take sounds in, analyse them, answer clients."""
    try:
        encrypted = {"tls_certificate": tls_cert, "tls_key": tls_key, "tls_self_signed": tls_self_signed}
        places = {"database": database, "engine": engine, "blobs": blobs}
        settings = load(config, home=home, listen=listen, web=web, workers=workers, **encrypted, **places)
        logs.set_up(settings.log_level, settings.log_format, *reporters(settings))
        for name in SECRETS:  # no worker, and so no plugin, has them in its environment
            os.environ.pop(name, None)
        allow_many_files()
        house = cross(settings)
        # Only now: to import all that follows takes longer than to say no.
        from samplemind_daemon.work.process import context

        context()  # workers import what they need meanwhile
        from samplemind_daemon.daemon import Daemon

        asyncio.run(_serve(Daemon(settings, house)))
    except CannotConfigure as wrong:
        typer.echo(f"samplemindd: {wrong}", err=True)
        raise typer.Exit(BAD_SETTING) from None
    except (CannotServe, CannotOpen, TaskFailed) as cannot:
        typer.echo(f"samplemindd: {cannot}", err=True)
        raise typer.Exit(CANNOT_START) from None


def reporters(settings: Settings) -> "list[Processor]":
    """Whoever is told of each bug; what it takes is imported for those only who want it."""
    if settings.sentry_dsn is None:
        return []
    try:
        from samplemind_daemon.telemetry.reports import reporter
    except ImportError:
        raise CannotServe("sentry_dsn: it takes sentry-sdk: pip install 'samplemind[sentry]'") from None
    return [reporter(settings.sentry_dsn.get_secret_value())]


def allow_many_files() -> None:
    """Have as many files open as the system allows, for each connection is one: many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(daemon: "Daemon") -> None:
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, end, told)
    await daemon.start()
    gc.collect()
    gc.freeze()  # what is there now stays: to look through it for garbage, again and again, holds up every call
    print(welcome(daemon), flush=True)
    await told.wait()
    print("Ending; once more to end at once.", file=sys.stderr, flush=True)
    await daemon.stop()
    leave_within(HUNG_SECONDS)


def leave_within(seconds: float) -> None:
    """End the process by then: all is kept and closed, and Python would wait for threads whose disk hangs."""
    leaving = threading.Timer(seconds, os._exit, [0])
    leaving.daemon = True
    leaving.start()


def end(told: asyncio.Event) -> None:
    """End politely when told, and at once when told again."""
    if told.is_set():
        os._exit(130)  # workers die with their daemon, and the store is safe at any moment
    told.set()


def welcome(daemon: "Daemon") -> str:
    """What the first screen says: where everything is, and what to try next."""
    settings = daemon.settings
    code = daemon.sign_in_code
    lines = [
        "SampleMind is listening.",
        "",
        f"  gRPC          {'https://' * settings.tls}{daemon.address}",
        *([f"  web           {daemon.web}{f'/sign-in#{code}' if code else ''}"] if daemon.web else []),
        *([f"  metrics       {daemon.metrics}"] if daemon.metrics else []),
        f"  watch folder  {settings.inbox}",
        f"  home          {settings.home}",
    ]
    if code:
        lines += [f"  sign-in code  {code}   (good once, for a day: samplemind login --code)"]
    return "\n".join([*lines, "", *_next_steps(settings)])


def _next_steps(settings: Settings) -> list[str]:
    """Commands to copy: as this very installation has them."""
    beside = Path(sys.executable).parent / "samplemind"
    command = os.path.relpath(beside) if beside.is_relative_to(Path.cwd()) else "samplemind"
    elsewhere = "" if settings.home == load().home else f"SAMPLEMIND_HOME={settings.home} "
    return [
        "Try, in another terminal:",
        f"  cp a-loop.wav {settings.inbox}/",
        f"  {elsewhere}{command} ls",
        f"  {elsewhere}{command} events",
    ]
