"""`samplemindd`: the daemon's commands. Workers import this file again, so it is thin."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer import Typer


def main() -> None:
    """Run the command line; without a command, serve."""
    import sys

    from typer import Typer

    from samplemind_daemon.commands.serve import serve

    given = sys.argv[1:]
    bare = not given or (given[0].startswith("-") and given[0] != "--help")
    app = Typer(name="samplemindd", add_completion=False, pretty_exceptions_enable=False)
    app.callback()(samplemindd)
    app.command()(serve)
    if not bare and given[0] != "serve":
        _add_others(app)
    app(["serve", *given] if bare else given)


def _add_others(app: "Typer") -> None:
    """Add all other commands; what they import would keep the daemon waiting."""
    from samplemind_daemon.commands.analyze import analyze
    from samplemind_daemon.commands.backup import backup, restore
    from samplemind_daemon.commands.bench import bench
    from samplemind_daemon.commands.check import check
    from samplemind_daemon.commands.migrate import migrate
    from samplemind_daemon.commands.plugins import plugins
    from samplemind_daemon.commands.user import user

    for command in (analyze, bench, check, migrate, backup, restore):
        app.command()(command)
    app.add_typer(plugins, name="plugins")
    app.add_typer(user, name="user")


def samplemindd() -> None:
    """SampleMind listens to sounds and says what it hears. Without a command it serves."""


if __name__ == "__main__":
    main()
