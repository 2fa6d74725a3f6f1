"""What happens at the daemon, in order and without a gap."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from samplemind.v1 import event_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.values.event import Event, read_event


async def follow(line: Line, cursor: str = "", kinds: Iterable[str] = ()) -> AsyncGenerator[Event, None]:
    """The events after a cursor, then those that happen, each once, however often the stream breaks.

    An empty cursor means from now on; "0" means all that is kept. Heartbeats move the cursor unseen.
    """
    tries, wanted = line.tries(), tuple(kinds)

    def request() -> pb.SubscribeRequest:
        return pb.SubscribeRequest(cursor=cursor, kinds=wanted)

    stream = line.stream("EventService/Subscribe", request, pb.SubscribeResponse, tries, endless=True)
    async with aclosing(stream) as messages:
        async for message in messages:
            tries.renew()
            cursor = message.cursor
            if message.HasField("event"):
                yield read_event(message.event)


async def past(line: Line, cursor: str = "", kinds: Iterable[str] = ()) -> AsyncGenerator[Event, None]:
    """The events after a cursor up to now, fetched page by page; all that are kept if it is empty."""
    wanted, more = tuple(kinds), True
    while more:
        request = pb.EventServiceListRequest(cursor=cursor, kinds=wanted)
        answer = await line.call("EventService/List", request, pb.EventServiceListResponse)
        for message in answer.events:
            yield read_event(message)
        cursor, more = answer.cursor, answer.more
