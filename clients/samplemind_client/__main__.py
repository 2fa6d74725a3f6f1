"""`samplemind`: the daemon asked from a command line."""


def main() -> None:
    """Run the command line."""
