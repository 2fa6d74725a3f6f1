"""LibraryService: finding and organising the caller's sounds."""

from contextlib import aclosing

import grpc
from google.protobuf.message import Message

from samplemind.v1 import library_pb2 as pb
from samplemind.v1 import library_pb2_grpc
from samplemind_daemon.access.flags import Flags
from samplemind_daemon.library.analyses import Analyses
from samplemind_daemon.library.corrections import Corrections
from samplemind_daemon.library.shown import without
from samplemind_daemon.service import wire_correct
from samplemind_daemon.service.callers import caller
from samplemind_daemon.service.pages import FRAME, LARGEST_REPLY

Context = grpc.aio.ServicerContext[Message, Message]


class LibraryService(library_pb2_grpc.LibraryServiceServicer):
    """Finds, corrects, exports and writes the caller's sounds, and no one else's."""

    def __init__(self, analyses: Analyses, corrections: Corrections, flags: Flags) -> None:
        self._analyses, self._corrections, self._flags = analyses, corrections, flags

    async def Correct(self, request: pb.CorrectRequest, context: Context) -> pb.CorrectResponse:
        user = caller().user
        changes = [wire_correct.change(one) for one in request.corrections]
        corrected = await self._corrections.correct(user.id, changes)
        hidden, names = self._flags.hidden(user), corrected.names
        answer, left = pb.CorrectResponse(total=len(corrected.audios)), LARGEST_REPLY - FRAME
        async with aclosing(self._analyses.some(user.id, corrected.audios, names)) as analyses:
            async for known in analyses:
                found = wire_correct.found(without(known, hidden), names)
                left -= found.ByteSize() + FRAME
                if left < 0:
                    break
                answer.found.append(found)
        return answer
