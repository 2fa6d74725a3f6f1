"""WatchService: the folders whose files become sounds."""

from dataclasses import replace

import grpc
from google.protobuf.message import Message

from samplemind.v1 import watch_pb2 as pb
from samplemind.v1 import watch_pb2_grpc
from samplemind_daemon.library.folders import Folders
from samplemind_daemon.model import Folder
from samplemind_daemon.service import wire_folder as wire
from samplemind_daemon.service.callers import caller, row_id
from samplemind_daemon.service.pages import fit, page_size, page_start, page_token
from samplemind_daemon.watcher import Watcher

Context = grpc.aio.ServicerContext[Message, Message]
QUERY = ("folders",)  # what a page token is good for


class WatchService(watch_pb2_grpc.WatchServiceServicer):
    """The caller's watch folders."""

    def __init__(self, folders: Folders, watcher: Watcher) -> None:
        self._folders, self._watcher = folders, watcher

    async def Create(
        self, request: pb.WatchServiceCreateRequest, context: Context
    ) -> pb.WatchServiceCreateResponse:
        user, id = caller().user.id, row_id(request.request_id)
        recursive, include, ignore = not request.flat, list(request.include), list(request.ignore)
        write = wire.plan(request.write)
        folder = await self._folders.create(user, id, request.path, recursive, include, ignore, write)
        return pb.WatchServiceCreateResponse(folder=await self._shown(folder))

    async def Get(self, request: pb.WatchServiceGetRequest, context: Context) -> pb.WatchServiceGetResponse:
        folder = await self._folders.get(caller().user.id, request.folder_id)
        return pb.WatchServiceGetResponse(folder=await self._shown(folder))

    async def List(
        self, request: pb.WatchServiceListRequest, context: Context
    ) -> pb.WatchServiceListResponse:
        user, size = caller().user.id, page_size(request.page_size)
        start = page_start(QUERY, request.page_token, str)
        found = await self._folders.page(user, start[1] if start else "", size + 1)
        shown = fit([await self._shown(folder) for folder in found[:size]])
        further = page_token(QUERY, "", shown[-1].id) if len(found) > len(shown) else ""
        return pb.WatchServiceListResponse(folders=shown, next_page_token=further)

    async def Update(
        self, request: pb.WatchServiceUpdateRequest, context: Context
    ) -> pb.WatchServiceUpdateResponse:
        user, recursive = caller().user.id, not request.flat
        include, ignore = list(request.include), list(request.ignore)
        write = wire.plan(request.write)
        folder = await self._folders.update(user, request.folder_id, recursive, include, ignore, write)
        return pb.WatchServiceUpdateResponse(folder=await self._shown(folder))

    async def Delete(
        self, request: pb.WatchServiceDeleteRequest, context: Context
    ) -> pb.WatchServiceDeleteResponse:
        await self._folders.delete(caller().user.id, request.folder_id)
        return pb.WatchServiceDeleteResponse()

    async def Pause(
        self, request: pb.WatchServicePauseRequest, context: Context
    ) -> pb.WatchServicePauseResponse:
        folder = await self._folders.pause(caller().user.id, request.folder_id)
        return pb.WatchServicePauseResponse(folder=await self._shown(folder))

    async def Resume(
        self, request: pb.WatchServiceResumeRequest, context: Context
    ) -> pb.WatchServiceResumeResponse:
        folder = await self._folders.resume(caller().user.id, request.folder_id)
        return pb.WatchServiceResumeResponse(folder=await self._shown(folder))

    async def Scan(
        self, request: pb.WatchServiceScanRequest, context: Context
    ) -> pb.WatchServiceScanResponse:
        user = caller().user.id
        folder = await self._folders.here(user, request.folder_id)
        swept = await self._watcher.scan(folder.id)
        shown = await self._shown(await self._folders.get(user, folder.id))
        return pb.WatchServiceScanResponse(folder=shown, seen=swept.seen, changed=swept.changed)

    async def _shown(self, folder: Folder) -> pb.Folder:
        """A folder with its health, the numbers of its files among it."""
        files, missing = await self._folders.count(folder.id)
        return wire.folder(folder, replace(self._watcher.health(folder.id), files=files, missing=missing))
