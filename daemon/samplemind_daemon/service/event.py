"""EventService: what happened, and what happens."""

from contextlib import aclosing

import grpc
from google.protobuf.message import Message

from samplemind.v1 import event_pb2 as pb
from samplemind.v1 import event_pb2_grpc
from samplemind_daemon.library.following import Following
from samplemind_daemon.library.pace import Pace
from samplemind_daemon.service import wire_event as wire
from samplemind_daemon.service.callers import caller
from samplemind_daemon.service.pages import fit, page_size
from samplemind_daemon.service.welcome import while_welcome

Context = grpc.aio.ServicerContext[Message, Message]


class EventService(event_pb2_grpc.EventServiceServicer):
    """The caller's events, and no one else's."""

    def __init__(self, following: Following) -> None:
        self._following = following

    async def Subscribe(  # type: ignore[override]  # the generated type knows none that write by themselves
        self, request: pb.SubscribeRequest, context: Context
    ) -> None:
        """It writes by itself, so that a reader that takes nothing can be left in the middle of a message."""
        pace = Pace()
        followed = self._following.subscribe(caller().user.id, request.cursor, request.kinds, pace)
        async with while_welcome(pace.check), aclosing(followed):
            async for cursor, event in followed:
                message = pb.SubscribeResponse(cursor=cursor) if event is None else wire.told(event)
                await context.write(message)

    async def List(
        self, request: pb.EventServiceListRequest, context: Context
    ) -> pb.EventServiceListResponse:
        user, size = caller().user.id, page_size(request.page_size)
        found, cursor, more = await self._following.list(user, request.cursor, request.kinds, size)
        events = fit(map(wire.event, found))
        if len(events) < len(found):
            cursor, more = events[-1].cursor, True
        return pb.EventServiceListResponse(events=events, cursor=cursor, more=more)
