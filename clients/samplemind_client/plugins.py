"""The plugins of the daemon."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from samplemind.v1 import plugin_pb2 as pb
from samplemind_client.line.line import Line
from samplemind_client.pages import pages, request_id
from samplemind_client.values.plugin import Plugin, read_plugin
from samplemind_client.waiting import Waiting


class AsyncPlugins:
    """What listens in the daemon."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def list(self) -> tuple[Plugin, ...]:
        """Every plugin that was found, by name, with the reason where one cannot be used."""
        return tuple([plugin async for plugin in pages(self._page)])

    async def _page(self, token: str) -> tuple[Iterator[Plugin], str]:
        request = pb.PluginServiceListRequest(page_token=token)
        answer = await self._line.call("PluginService/List", request, pb.PluginServiceListResponse)
        return map(read_plugin, answer.plugins), answer.next_page_token

    async def get(self, name: str) -> Plugin:
        """One plugin."""
        request = pb.PluginServiceGetRequest(name=name)
        answer = await self._line.call("PluginService/Get", request, pb.PluginServiceGetResponse)
        return read_plugin(answer.plugin)

    async def enable(self, name: str) -> Plugin:
        """Use a plugin from the next sound on."""
        request = pb.PluginServiceEnableRequest(request_id=request_id(), name=name)
        answer = await self._line.call("PluginService/Enable", request, pb.PluginServiceEnableResponse)
        return read_plugin(answer.plugin)

    async def disable(self, name: str) -> Plugin:
        """Use a plugin no more from the next sound on."""
        request = pb.PluginServiceDisableRequest(request_id=request_id(), name=name)
        answer = await self._line.call("PluginService/Disable", request, pb.PluginServiceDisableResponse)
        return read_plugin(answer.plugin)

    async def configure(self, analyzer: str, values: Mapping[str, Any]) -> Plugin:
        """Set parameters of an analyzer from the next sound on; None goes back to the default."""
        request = pb.PluginServiceConfigureRequest(
            request_id=request_id(),
            analyzer=analyzer,
            values_json={name: json.dumps(value) for name, value in values.items()},
        )
        answer = await self._line.call("PluginService/Configure", request, pb.PluginServiceConfigureResponse)
        return read_plugin(answer.plugin)


class Plugins:
    """AsyncPlugins for code that waits."""

    def __init__(self, plugins: AsyncPlugins, waiting: Waiting) -> None:
        self._plugins, self._run = plugins, waiting.run

    def list(self) -> tuple[Plugin, ...]:
        """Every plugin that was found, by name, with the reason where one cannot be used."""
        return self._run(self._plugins.list())

    def get(self, name: str) -> Plugin:
        """One plugin."""
        return self._run(self._plugins.get(name))

    def enable(self, name: str) -> Plugin:
        """Use a plugin from the next sound on."""
        return self._run(self._plugins.enable(name))

    def disable(self, name: str) -> Plugin:
        """Use a plugin no more from the next sound on."""
        return self._run(self._plugins.disable(name))

    def configure(self, analyzer: str, values: Mapping[str, Any]) -> Plugin:
        """Set parameters of an analyzer from the next sound on; None goes back to the default."""
        return self._run(self._plugins.configure(analyzer, values))
