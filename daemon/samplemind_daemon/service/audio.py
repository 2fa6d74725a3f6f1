"""AudioService: bringing sounds in, looking them up, taking them out."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import grpc
from google.protobuf.message import Message

from samplemind.v1 import audio_pb2 as pb
from samplemind.v1 import audio_pb2_grpc
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.access.flags.names import INSTANT_UPLOADS
from samplemind_daemon.library import filters
from samplemind_daemon.library.sounds import Sounds
from samplemind_daemon.library.uploads import Uploads
from samplemind_daemon.model import Audio
from samplemind_daemon.service import wire_sound as wire
from samplemind_daemon.service.callers import caller, row_id
from samplemind_daemon.service.crowd import Crowd
from samplemind_daemon.service.pages import fit, page_size, page_start, page_token
from samplemind_daemon.store.sounds import Listing, position

MOST_DOWNLOADS = 64  # of a user at a time: each checks a whole file, and holds a piece of it
Context = grpc.aio.ServicerContext[Message, Message]


class AudioService(audio_pb2_grpc.AudioServiceServicer):
    """The caller's sounds, and no one else's."""

    def __init__(self, sounds: Sounds, uploads: Uploads, flags: Flags) -> None:
        self._sounds, self._uploads, self._flags = sounds, uploads, flags
        self._downloads = Crowd(MOST_DOWNLOADS, "downloads")

    async def CreateUpload(
        self, request: pb.CreateUploadRequest, context: Context
    ) -> pb.CreateUploadResponse:
        user, id = caller().user, row_id(request.request_id)
        instantly = self._flags.is_on(INSTANT_UPLOADS, user)
        opened = await self._uploads.open(
            user.id, id, request.name, request.size_bytes, request.sha256, instantly
        )
        if isinstance(opened, Audio):
            return pb.CreateUploadResponse(audio=wire.audio(opened))
        return pb.CreateUploadResponse(upload=wire.upload(*opened))

    async def UploadChunks(
        self, requests: AsyncIterator[pb.UploadChunksRequest], context: Context
    ) -> pb.UploadChunksResponse:
        pieces = ((one.upload_id, one.offset, one.data) async for one in requests)
        return pb.UploadChunksResponse(
            upload=wire.upload(*await self._uploads.send(caller().user.id, pieces))
        )

    async def GetUpload(self, request: pb.GetUploadRequest, context: Context) -> pb.GetUploadResponse:
        found = await self._uploads.find(caller().user.id, request.upload_id)
        return pb.GetUploadResponse(upload=wire.upload(*found))

    async def FinishUpload(
        self, request: pb.FinishUploadRequest, context: Context
    ) -> pb.FinishUploadResponse:
        audio = await self._uploads.finish(caller().user.id, request.upload_id)
        return pb.FinishUploadResponse(audio=wire.audio(audio))

    async def Get(self, request: pb.AudioServiceGetRequest, context: Context) -> pb.AudioServiceGetResponse:
        audio = await self._sounds.get(caller().user.id, request.audio_id)
        return pb.AudioServiceGetResponse(audio=wire.audio(audio))

    async def List(
        self, request: pb.AudioServiceListRequest, context: Context
    ) -> pb.AudioServiceListResponse:
        user, size = caller().user.id, page_size(request.page_size)
        clauses, (order, descending) = filters.clauses(request.filter), filters.order(request.order_by)
        query = "AudioService/List", user, request.filter, order, str(descending)
        after = page_start(query, request.page_token, str if order == "name" else int)
        found, total = await self._sounds.list(user, Listing(clauses, order, descending, after), size + 1)
        audios = fit(map(wire.audio, found[:size]))
        further = len(found) > len(audios)
        return pb.AudioServiceListResponse(
            audios=audios,
            next_page_token=page_token(query, *position(found[len(audios) - 1], order)) if further else "",
            total=total,
        )

    async def Update(
        self, request: pb.AudioServiceUpdateRequest, context: Context
    ) -> pb.AudioServiceUpdateResponse:
        audio = await self._sounds.rename(caller().user.id, request.audio_id, request.name)
        return pb.AudioServiceUpdateResponse(audio=wire.audio(audio))

    async def Delete(
        self, request: pb.AudioServiceDeleteRequest, context: Context
    ) -> pb.AudioServiceDeleteResponse:
        await self._sounds.delete(caller().user.id, request.audio_id)
        return pb.AudioServiceDeleteResponse()

    async def Download(
        self, request: pb.DownloadRequest, context: Context
    ) -> AsyncIterator[pb.DownloadResponse]:
        user = caller().user.id
        with self._downloads.one(user):
            async with aclosing(self._sounds.read(user, request.audio_id, request.offset)) as pieces:
                async for offset, data in pieces:
                    yield pb.DownloadResponse(offset=offset, data=data)
