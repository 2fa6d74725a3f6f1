"""`samplemind upload`: files and folders, sent to the daemon, which analyses them when it can."""

from typing import TYPE_CHECKING

from samplemind_client.commands.asking import asking, is_of_one_item
from samplemind_client.commands.files import Item, files
from samplemind_client.commands.items import complain, several
from samplemind_client.commands.output import Output, printable, shown
from samplemind_client.commands.report import sound_fields
from samplemind_client.commands.sending import Jobs, Paths, send
from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.client import AsyncClient


@asking
async def upload(client: "AsyncClient", output: Output, paths: Paths, jobs: Jobs = 4) -> bool:
    """Send files and folders. They are analysed in their turn; bytes that are there are not sent again."""

    async def one(item: Item) -> bool:
        try:
            sound = await send(client, item, lambda sent: output.progress(item.path, sent))
        except SampleMindError as error:
            if not is_of_one_item(error):
                raise
            complain(output, item.path, error)
            return False
        finally:
            output.done(item.path)
        fields = sound_fields(sound) | {"file": printable(item.path)}
        output.put(fields, f"{shown(item.path)}  {sound.state}  {sound.id}")
        return True

    output.expect(lambda: sum(1 for _ in files(paths)))
    return await several(files(paths), jobs, one)
