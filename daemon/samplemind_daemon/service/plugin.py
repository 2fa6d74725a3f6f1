"""PluginService: what listens, and how it is set."""

import grpc
from google.protobuf.message import Message

from samplemind.v1 import plugin_pb2 as pb
from samplemind.v1 import plugin_pb2_grpc
from samplemind_daemon.library.plugins import Plugin, Plugins
from samplemind_daemon.service import pages
from samplemind_daemon.service import wire_plugin as wire
from samplemind_daemon.service.callers import caller

QUERY = ("plugins",)  # there is one list of them

Context = grpc.aio.ServicerContext[Message, Message]


class PluginService(plugin_pb2_grpc.PluginServiceServicer):
    """Shows and sets the plugins."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    async def List(
        self, request: pb.PluginServiceListRequest, context: Context
    ) -> pb.PluginServiceListResponse:
        size, start = pages.page_size(request.page_size), pages.page_start(QUERY, request.page_token, str)
        left = [one for one in self._plugins.list() if start is None or _place(one) > start]
        page = pages.fit(map(wire.plugin, left[:size]))
        token = pages.page_token(QUERY, *_place(left[len(page) - 1])) if len(page) < len(left) else ""
        return pb.PluginServiceListResponse(plugins=page, next_page_token=token)

    async def Get(self, request: pb.PluginServiceGetRequest, context: Context) -> pb.PluginServiceGetResponse:
        return pb.PluginServiceGetResponse(plugin=wire.plugin(self._plugins.get(request.name)))

    async def Enable(
        self, request: pb.PluginServiceEnableRequest, context: Context
    ) -> pb.PluginServiceEnableResponse:
        changed = await self._plugins.enable(caller().user.id, request.name, True)
        return pb.PluginServiceEnableResponse(plugin=wire.plugin(changed))

    async def Disable(
        self, request: pb.PluginServiceDisableRequest, context: Context
    ) -> pb.PluginServiceDisableResponse:
        changed = await self._plugins.enable(caller().user.id, request.name, False)
        return pb.PluginServiceDisableResponse(plugin=wire.plugin(changed))

    async def Configure(
        self, request: pb.PluginServiceConfigureRequest, context: Context
    ) -> pb.PluginServiceConfigureResponse:
        values = dict(request.values_json)
        changed = await self._plugins.configure(caller().user.id, request.analyzer, values)
        return pb.PluginServiceConfigureResponse(plugin=wire.plugin(changed))


def _place(plugin: Plugin) -> tuple[str, str]:
    """Where a plugin stands in the list."""
    return plugin.info.name, plugin.info.origin
