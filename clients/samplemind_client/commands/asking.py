"""What every command shares: which daemon is asked, how it is asked, and the exit status."""

import asyncio
import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, NoReturn, ParamSpec

import typer

from samplemind_client.commands.output import Output
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient

FAILED, MISUSED, REFUSED, INTERRUPTED = 1, 2, 3, 130  # exit statuses
OF_ONE_ITEM = frozenset(  # what the daemon says of one sound, folder or key; all else ends the command
    """
    ABORTED ALREADY_EXISTS CANCELLED DATA_LOSS FAILED_PRECONDITION INVALID_ARGUMENT NOT_FOUND
    """.split()
)

Server = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="The daemon to ask, as host:port or https://host:port."),
]
Key = Annotated[str, typer.Option(metavar="SECRET", help="The API key to show it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]

P = ParamSpec("P")
Deed = Callable[Concatenate["AsyncClient", Output, P], Awaitable[bool]]


@dataclass(frozen=True)
class Asked:
    """Which daemon is asked, with what key, and how answers are printed."""

    server: str = ""
    key: str = ""
    as_json: bool = False

    def over(self, other: "Asked | None") -> "Asked":
        """This, and what it leaves open as the other has it."""
        if other is None:
            return self
        return Asked(self.server or other.server, self.key or other.key, self.as_json or other.as_json)


def samplemind(context: typer.Context, server: Server = "", key: Key = "", as_json: AsJson = False) -> None:
    """Ask the SampleMind daemon: by default this machine's own, as its owner.

    SAMPLEMIND_SERVER and SAMPLEMIND_KEY, or `samplemind login`, choose another.
    """
    context.obj = Asked(server, key, as_json)


def asking(deed: Deed[P]) -> Callable[..., None]:
    """The command that does a deed with a signed-in client: with the deed's own options and the shared ones.

    The deed answers whether all went well. As the callback of a group it is done when no subcommand is named.
    An option of the deed's own stands in for a shared one of its name, as --key for a musical key; the shared one
    is then said before the command.
    """
    _, _, *own = inspect.signature(deed).parameters.values()
    _, *all_shared = inspect.signature(samplemind).parameters.values()
    shared = [one for one in all_shared if one.name not in {mine.name for mine in own}]

    def command(context: typer.Context, **given: Any) -> None:
        asked = Asked(**{one.name: given.pop(one.name) for one in shared}).over(context.obj)
        if context.invoked_subcommand is None:
            finish(lambda output: _ask(asked, deed, given, output), asked.as_json)
        context.obj = asked

    ours = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    listed = [ours, *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *shared))]
    command.__signature__ = inspect.Signature(listed)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in listed}
    command.__name__, command.__doc__ = deed.__name__, deed.__doc__
    return command


def finish(deed: Callable[[Output], Coroutine[Any, Any, bool]], as_json: bool) -> NoReturn:
    """Do the deed and exit: 0 all well, 1 some item failed, 2 bad usage, 3 no daemon or its no, 130 ^C."""

    async def do() -> bool:
        with Output(as_json) as output:
            _tell(output)
            return await deed(output)

    with _exit_statuses():
        well = asyncio.run(do())
    raise typer.Exit(0 if well else FAILED)


def is_of_one_item(error: SampleMindError) -> bool:
    """Whether an error concerns one item, so that the others can still be done."""
    return error.code in OF_ONE_ITEM


async def _ask(asked: Asked, deed: Deed[...], given: dict[str, Any], output: Output) -> bool:
    from samplemind_client.client import AsyncClient
    from samplemind_client.whereabouts import signed_in

    signed_in(asked.server, asked.key)
    async with AsyncClient(asked.server, key=asked.key) as client:
        return await deed(client, output, **given)


@contextmanager
def _exit_statuses() -> Iterator[None]:
    try:
        yield
    except SampleMindError as error:
        status = MISUSED if error.code == "INVALID_ARGUMENT" else FAILED
        more = (why for why in error.fields.values() if why not in error.message)
        _end(error.message, *more, status=status if is_of_one_item(error) else REFUSED)
    except UnicodeEncodeError as error:
        _end(f"{error.object!r} is no text, and only text can be sent.", status=MISUSED)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(FAILED) from None


def _end(*sentences: str, status: int) -> None:
    for sentence in sentences:
        typer.echo(f"samplemind: {sentence}", err=True)
    raise typer.Exit(status)


def _tell(output: Output) -> None:
    """Say on stderr what the client does in the meantime, such as trying again."""
    aloud, log = logging.Handler(), logging.getLogger("samplemind_client")
    aloud.emit = lambda record: output.note(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(aloud)
    log.setLevel(logging.INFO)
