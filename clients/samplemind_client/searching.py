"""Finding sounds by what was heard in them, page by page."""

from collections.abc import AsyncGenerator, Iterable, Iterator

from samplemind.v1 import library_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages
from samplemind_client.values.analysis import Analysis, read_descriptor
from samplemind_client.values.query import Counted, read_counted
from samplemind_client.values.sound import read_sound


def search(
    line: Line, query: pb.Query, order_by: str, descriptors: Iterable[str]
) -> AsyncGenerator[Analysis, None]:
    """The sounds that match, with the descriptors of these names."""
    names = tuple(descriptors)

    async def page(token: str) -> tuple[Iterator[Analysis], str]:
        request = pb.QueryRequest(query=query, order_by=order_by, descriptors=names, page_token=token)
        answer = await line.call("LibraryService/Query", request, pb.QueryResponse)
        return map(_read_found, answer.found), answer.next_page_token

    return pages(page)


async def count(line: Line, query: pb.Query, facets: Iterable[str]) -> Counted:
    """How many sounds match, and how many of them have what."""
    request = pb.QueryRequest(query=query, facets=facets, page_size=1)
    return read_counted(await line.call("LibraryService/Query", request, pb.QueryResponse))


def _read_found(message: pb.Found) -> Analysis:
    found = map(read_descriptor, message.descriptors)
    return Analysis(read_sound(message.audio), {one.name: one for one in found}, None)
