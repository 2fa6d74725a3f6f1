"""`samplemind analyze`: files and folders, sent to the daemon, and what it hears in them."""

from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking, is_of_one_item
from samplemind_client.commands.files import Item, files
from samplemind_client.commands.items import several
from samplemind_client.commands.only import Only, names
from samplemind_client.commands.output import Output
from samplemind_client.commands.report import Report
from samplemind_client.commands.sending import Jobs, Paths, send
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient
    from samplemind_client.values.analysis import Analysis

SENDING = 0.5  # of the way, for the bar: from there on the daemon listens


@asking
async def analyze(
    client: "AsyncClient", output: Output, paths: Paths, jobs: Jobs = 4, only: Only = ""
) -> bool:
    """Have files and folders analysed. Results are on stdout, progress on stderr."""
    named = names(only)

    async def one(item: Item) -> bool:
        report = await _report(client, output, item, named)
        output.done(item.path)
        output.put(report.fields(), report.text())
        return report.problem is None

    output.expect(lambda: sum(1 for _ in files(paths)))
    return await several(files(paths), jobs, one)


async def _report(client: "AsyncClient", output: Output, item: Item, named: tuple[str, ...]) -> Report:
    from samplemind_client.values.sound import Problem

    try:
        sound = await send(client, item, lambda sent: output.progress(item.path, SENDING * sent))
        analysis = await _hear(client, output, item, sound.id)
    except SampleMindError as error:
        if not is_of_one_item(error):
            raise
        return Report(item.path, problem=Problem(error.reason, error.message))
    heard = analysis.sound
    if heard.state == "completed":
        return Report(item.path, analysis, only=named)
    problem = heard.problem or Problem(heard.state.upper(), f"its analysis was {heard.state}")
    return Report(item.path, analysis, problem, named)


async def _hear(client: "AsyncClient", output: Output, item: Item, audio_id: str) -> "Analysis":
    """The analysis of a sound, once it is done."""
    from samplemind_client.values.analysis import Decoding, Result

    async for update in client.analyze(audio_id):
        if isinstance(update, Decoding):
            output.progress(item.path, SENDING + (1 - SENDING) * (update.fraction or 0.0))
        elif isinstance(update, Result):
            return update.analysis
    raise SampleMindError("ABORTED", "NO_RESULT", "The daemon ended the analysis without a result.")
