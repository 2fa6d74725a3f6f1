"""`samplemind`: the daemon asked from a command line."""

import typer

from samplemind_client.commands.analyze import analyze
from samplemind_client.commands.asking import samplemind
from samplemind_client.commands.cancel import cancel
from samplemind_client.commands.correct import correct
from samplemind_client.commands.duplicates import duplicates
from samplemind_client.commands.events import events
from samplemind_client.commands.export import export
from samplemind_client.commands.flags import flags
from samplemind_client.commands.importing import import_
from samplemind_client.commands.keys import keys
from samplemind_client.commands.live import live
from samplemind_client.commands.login import login
from samplemind_client.commands.logout import logout
from samplemind_client.commands.ls import ls
from samplemind_client.commands.mcp import mcp
from samplemind_client.commands.plugins import plugins
from samplemind_client.commands.reanalyze import reanalyze
from samplemind_client.commands.rm import rm
from samplemind_client.commands.search import search
from samplemind_client.commands.sessions import sessions
from samplemind_client.commands.show import show
from samplemind_client.commands.similar import similar
from samplemind_client.commands.status import status
from samplemind_client.commands.upload import upload
from samplemind_client.commands.watch import watch
from samplemind_client.commands.write import write


def main() -> None:
    """Run the command line."""
    app = typer.Typer(
        name="samplemind",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(samplemind)
    for command in (login, logout, analyze, upload, ls, show, search, similar, rm):
        app.command()(command)
    app.command()(correct)
    app.command()(export)
    app.command("import")(import_)
    app.command()(write)
    app.command()(duplicates)
    app.add_typer(watch, name="watch")
    for command in (events, status, reanalyze, cancel):
        app.command()(command)
    app.add_typer(keys, name="keys")
    app.add_typer(sessions, name="sessions")
    app.add_typer(plugins, name="plugins")
    app.add_typer(flags, name="flags")
    app.command()(live)
    app.command()(mcp)
    app()


if __name__ == "__main__":
    main()
