"""`samplemindd`: the daemon's commands. Workers import this file again, so it is thin."""

COMMANDS = {  # by the module that holds each: only what is asked for is imported, for the rest takes long
    "serve": "serve",
    "worker": "worker",
    "analyze": "analyze",
    "bench": "bench",
    "check": "check",
    "doctor": "doctor",
    "migrate": "migrate",
    "backup": "backup",
    "restore": "backup",
    "plugins": "plugins",
    "user": "user",
}


def main() -> None:
    """Run the command line; without a command, serve."""
    import sys
    from importlib import import_module

    from typer import Typer

    given = sys.argv[1:]
    if not given or (given[0].startswith("-") and given[0] != "--help"):
        given = ["serve", *given]
    app = Typer(name="samplemindd", add_completion=False, pretty_exceptions_enable=False)
    app.callback()(samplemindd)
    for name in given[:1] if given[0] in COMMANDS else COMMANDS:
        command = getattr(import_module(f"samplemind_daemon.commands.{COMMANDS[name]}"), name)
        if isinstance(command, Typer):
            app.add_typer(command, name=name)
        else:
            app.command()(command)
    app(given)


def samplemindd() -> None:
    """SampleMind listens to sounds and says what it hears. Without a command it serves."""


if __name__ == "__main__":
    main()
