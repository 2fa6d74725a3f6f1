"""`samplemindd`: the daemon's commands. Workers import this file again, so it is thin."""


def main() -> None:
    """Run the command line."""
    import typer

    from samplemind_daemon.commands.analyze import analyze
    from samplemind_daemon.commands.plugins import plugins

    app = typer.Typer(
        name="samplemindd", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    app.callback()(samplemindd)
    app.command()(analyze)
    app.command()(plugins)
    app()


def samplemindd() -> None:
    """SampleMind listens to sounds and says what it hears."""


if __name__ == "__main__":
    main()
