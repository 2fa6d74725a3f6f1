"""`samplemindd backup` and `samplemindd restore`."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.commands.output import printable
from samplemind_daemon.library.backup import CannotBackUp, Copied, back_up
from samplemind_daemon.library.backup import restore as bring_back
from samplemind_daemon.refusals import CannotServe, Refusal
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.store import CannotOpen

SOME_FAILED, BAD_USAGE, CANNOT_OPEN = 1, 2, 78
NICE = 10  # whoever is served meanwhile goes first


def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A folder that is not there yet, or empty.")],
    home: Annotated[Path | None, typer.Option(help="The folder to copy.")] = None,
    with_bytes: Annotated[
        bool, typer.Option("--with-bytes", help="Copy the bytes of sounds that lie in a bucket, too.")
    ] = False,
) -> None:
    """Copy the whole home, while the daemon runs or not: the database as of one moment, and every sound in it."""
    os.nice(NICE)
    with _refusing("backup"):
        copied = back_up(load(home=home), to.absolute(), with_bytes)
    _say(copied, f"are copied to {to}")
    if copied.outside:
        typer.echo("Not copied, for they lie elsewhere: the files of these watch folders:", err=True)
        for folder in copied.outside:
            typer.echo(printable(f"  {folder}"), err=True)
    raise typer.Exit(SOME_FAILED if copied.damaged else 0)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="What backup made.")],
    home: Annotated[
        Path | None, typer.Option(help="Where to: a folder that is not there yet, or empty.")
    ] = None,
    keep_signing_key: Annotated[
        bool, typer.Option("--keep-signing-key", help="Let those who are signed in stay so.")
    ] = False,
) -> None:
    """Bring a backup to life in an empty home. Everyone has to sign in again; API keys stay good."""
    with _refusing("restore"):
        settings = load(home=home)
        copied = bring_back(source.absolute(), settings, keep_signing_key)
    _say(copied, f"are back in {settings.home}")
    typer.echo(f"Next: samplemindd serve --home {settings.home}", err=True)
    raise typer.Exit(SOME_FAILED if copied.damaged else 0)


@contextmanager
def _refusing(command: str) -> Iterator[None]:
    """End the command with a sentence and a status where it cannot be done."""
    try:
        yield
    except (CannotConfigure, CannotBackUp) as wrong:
        typer.echo(f"samplemindd {command}: {wrong}", err=True)
        raise typer.Exit(BAD_USAGE) from None
    except CannotOpen as cannot:
        typer.echo(f"samplemindd {command}: {cannot}", err=True)
        raise typer.Exit(CANNOT_OPEN) from None
    except CannotServe as cannot:
        typer.echo(f"samplemindd {command}: {cannot}", err=True)
        raise typer.Exit(CANNOT_OPEN) from None
    except (OSError, sqlite3.Error, Refusal) as problem:
        typer.echo(f"samplemindd {command}: it could not be finished: {problem}", err=True)
        raise typer.Exit(SOME_FAILED) from None


def _say(copied: Copied, what: str) -> None:
    if copied.left:
        typer.echo(
            f"The bytes of sounds stay in {copied.left}: keep what is in there as long as this.", err=True
        )
        return
    typer.echo(f"{copied.contents} sounds' bytes ({copied.bytes / 1e6:,.1f} MB) {what}.", err=True)
    for sha256 in copied.damaged:
        typer.echo(f"Left out, for it is damaged: content {sha256}", err=True)
