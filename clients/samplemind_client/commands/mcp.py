"""`samplemind mcp`: the library for an assistant."""

from typing import TYPE_CHECKING, Annotated

import typer

from samplemind_client.commands.asking import asking
from samplemind_client.commands.output import Output
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient

Changes = Annotated[
    bool, typer.Option("--allow-changes", help="Let it bring sounds in, have them heard, and correct them.")
]


@asking
async def mcp(client: "AsyncClient", output: Output, allow_changes: Changes = False) -> bool:
    """Let an assistant search and compare your sounds: it starts this command and talks to it (MCP)."""
    try:
        from samplemind_client.assistant.server import build
    except ModuleNotFoundError as error:
        raise SampleMindError(
            "FAILED_PRECONDITION", "EXTRA_MISSING", f"{error.name} is missing: pip install 'samplemind[mcp]'."
        ) from None
    await (
        client.status()
    )  # that the daemon can be reached and the key is good shows here, not at the first question
    await build(client, allow_changes).run_stdio_async()
    return True
