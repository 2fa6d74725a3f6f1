"""`samplemindd`: the daemon's commands. Workers import this file again, so it is thin."""


def main() -> None:
    """Run the command line; without a command, serve."""
    import sys

    import typer

    from samplemind_daemon.commands.analyze import analyze
    from samplemind_daemon.commands.backup import backup, restore
    from samplemind_daemon.commands.bench import bench
    from samplemind_daemon.commands.check import check
    from samplemind_daemon.commands.migrate import migrate
    from samplemind_daemon.commands.plugins import plugins
    from samplemind_daemon.commands.serve import serve
    from samplemind_daemon.commands.user import user

    app = typer.Typer(name="samplemindd", add_completion=False, pretty_exceptions_enable=False)
    app.callback()(samplemindd)
    app.command()(serve)
    app.command()(analyze)
    app.command()(bench)
    app.command()(check)
    app.command()(migrate)
    app.command()(backup)
    app.command()(restore)
    app.add_typer(plugins, name="plugins")
    app.add_typer(user, name="user")
    given = sys.argv[1:]
    bare = not given or (given[0].startswith("-") and given[0] != "--help")
    app(["serve", *given] if bare else given)


def samplemindd() -> None:
    """SampleMind listens to sounds and says what it hears. Without a command it serves."""


if __name__ == "__main__":
    main()
