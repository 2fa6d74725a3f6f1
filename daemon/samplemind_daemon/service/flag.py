"""FlagService: features that are switched while the daemon runs."""

import grpc
from google.protobuf.message import Message

from samplemind.v1 import flag_pb2 as pb
from samplemind.v1 import flag_pb2_grpc
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.service import wire_flag as wire
from samplemind_daemon.service.callers import caller
from samplemind_daemon.service.pages import page_size, page_start, page_token

Context = grpc.aio.ServicerContext[Message, Message]
QUERY = ("flags",)  # there is one list of them


class FlagService(flag_pb2_grpc.FlagServiceServicer):
    """Shows and sets the flags."""

    def __init__(self, flags: Flags) -> None:
        self._flags = flags

    async def List(self, request: pb.FlagServiceListRequest, context: Context) -> pb.FlagServiceListResponse:
        size, start = page_size(request.page_size), page_start(QUERY, request.page_token, str)
        left = [one for one in self._flags.known() if start is None or one.name > start[1]]
        page = left[:size]
        token = page_token(QUERY, "", page[-1].name) if len(page) < len(left) else ""
        return pb.FlagServiceListResponse(flags=map(wire.flag, page), next_page_token=token)

    async def Get(self, request: pb.FlagServiceGetRequest, context: Context) -> pb.FlagServiceGetResponse:
        overrides, changes = await self._flags.history(request.name)
        return pb.FlagServiceGetResponse(
            flag=wire.flag(self._flags.get(request.name)),
            overrides=map(wire.override, overrides),
            changes=map(wire.change, changes),
        )

    async def Set(self, request: pb.FlagServiceSetRequest, context: Context) -> pb.FlagServiceSetResponse:
        changed = await self._flags.set(caller().user, request.name, wire.switch(request))
        return pb.FlagServiceSetResponse(flag=wire.flag(changed))

    async def SetOverride(self, request: pb.SetOverrideRequest, context: Context) -> pb.SetOverrideResponse:
        changed = self._flags.override(caller().user, request.name, request.user, request.enabled)
        return pb.SetOverrideResponse(flag=wire.flag(await changed))

    async def ClearOverride(
        self, request: pb.ClearOverrideRequest, context: Context
    ) -> pb.ClearOverrideResponse:
        changed = self._flags.override(caller().user, request.name, request.user, None)
        return pb.ClearOverrideResponse(flag=wire.flag(await changed))

    async def Evaluate(self, request: pb.EvaluateRequest, context: Context) -> pb.EvaluateResponse:
        return pb.EvaluateResponse(enabled=self._flags.evaluate(caller().user, request.names))
