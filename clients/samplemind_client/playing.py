"""Having sound heard as it is played."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing

from samplemind.v1 import analysis_pb2 as pb
from samplemind_client.errors import SampleMindError
from samplemind_client.line.line import Line
from samplemind_client.values.live import FORMATS, LiveEnd, LiveUpdate, Stream, read_live

PIECE = 64 * 1024  # bytes in a message, at most
KEPT_SECONDS = 35.0  # of sound that the daemon does not have yet: it waits 30 for us after a break


async def play(
    line: Line,
    sound: AsyncIterator[bytes],
    stream: Stream,
    descriptors: Iterable[str] = (),
    update_seconds: float = 0.0,
    keep: bool = False,
    name: str = "",
) -> AsyncGenerator[LiveUpdate, None]:
    """What is heard of `sound`, which comes in pieces of any size; LiveEnd last. It goes on after a break."""
    tape, tries = Tape(stream), line.tries()
    config = pb.LiveConfig(
        format=FORMATS[stream.format], sample_rate_hz=stream.rate, channels=stream.channels,
        descriptors=list(descriptors), update_seconds=update_seconds, keep=keep, name=name,
    )  # fmt: skip
    filling = asyncio.create_task(tape.fill(sound))
    try:
        while True:
            try:
                requests = _Requests(config, tape)
                answers = line.converse(
                    "AnalysisService/AnalyzeLive", requests.each(), pb.AnalyzeLiveResponse, tries
                )
                async with aclosing(answers) as messages:
                    async for message in messages:
                        tries.renew()
                        await requests.heed(message)
                        if (update := read_live(message)) is not None:
                            yield update
                            if isinstance(update, LiveEnd):
                                return
                refusal = SampleMindError("UNAVAILABLE", "UNAVAILABLE", "the stream ended")
            except SampleMindError as refused:
                refusal = refused
            # What gRPC says where the stream ended while we wrote to it, for whatever reason: asked again, it tells.
            if refusal.reason != "INTERNAL" or not await tries.wait():
                await line.recover(refusal, tries)
    finally:
        filling.cancel()
        await asyncio.gather(filling, return_exceptions=True)


class _Requests:
    """The messages of one attempt: the config, and what is played from the frame on that is expected."""

    def __init__(self, config: pb.LiveConfig, tape: "Tape") -> None:
        self._config, self._tape = config, tape
        self._start: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def heed(self, message: pb.AnalyzeLiveResponse) -> None:
        """Learn where to begin, by what name to go on, and what need not be kept any more."""
        if message.HasField("started") and not self._start.done():
            self._config.resume_token = message.started.resume_token
            self._start.set_result(message.started.next_frame)
        if message.HasField("progress"):
            await self._tape.forget(message.progress.received_frames)

    async def each(self) -> AsyncGenerator[pb.AnalyzeLiveRequest, None]:
        """All of them."""
        yield pb.AnalyzeLiveRequest(config=self._config)
        frame = await self._start
        async for first, data in self._tape.read(frame):
            yield pb.AnalyzeLiveRequest(audio=pb.LiveAudio(frame=first, data=data))
        yield pb.AnalyzeLiveRequest(finish=pb.LiveFinish())


class Tape:
    """What is played and not yet forgotten: whoever plays is held up only where that is many seconds."""

    def __init__(self, stream: Stream) -> None:
        self._width = stream.frame_bytes
        self._most = int(KEPT_SECONDS * stream.rate)  # frames
        self._pieces: deque[tuple[int, bytes]] = deque()  # first frame, whole frames
        self._end = self._had = 0  # frames that were played, and those that need not be kept
        self._over = False
        self._wrong: BaseException | None = None
        self._news = asyncio.Condition()

    async def fill(self, sound: AsyncIterator[bytes]) -> None:
        """Take in all that is played."""
        rest = b""
        try:
            async for data in sound:
                rest = await self._add(rest + data)
        except Exception as error:  # whoever reads is told
            self._wrong = error
        async with self._news:
            self._over = True
            self._news.notify_all()

    async def read(self, frame: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """What is played from this frame on, or from the first that is still here; each piece with its first frame."""
        while (piece := await self._next(frame)) is not None:
            frame = self._after(piece)
            yield piece

    async def forget(self, frames: int) -> None:
        """Keep none of the first so many frames: the daemon has them."""
        async with self._news:
            self._had = max(self._had, frames)
            while self._pieces and self._after(self._pieces[0]) <= self._had:
                self._pieces.popleft()
            self._news.notify_all()

    async def _next(self, frame: int) -> tuple[int, bytes] | None:
        """The piece with this frame, once it is there; None where all has been played."""
        async with self._news:
            await self._news.wait_for(lambda: self._end > frame or self._over)
            piece = next((one for one in self._pieces if self._after(one) > frame), None)
            if piece is None and self._wrong:
                raise self._wrong
            return piece

    async def _add(self, data: bytes) -> bytes:
        """Keep the whole frames, and give back what is left."""
        step = PIECE // self._width * self._width
        whole = len(data) // self._width * self._width
        for start in range(0, whole, step):
            piece = data[start : min(start + step, whole)]
            async with self._news:
                await self._news.wait_for(lambda: self._end - self._had < self._most)
                self._pieces.append((self._end, piece))
                self._end += len(piece) // self._width
                self._news.notify_all()
        return data[whole:]

    def _after(self, piece: tuple[int, bytes]) -> int:
        return piece[0] + len(piece[1]) // self._width


async def aside(pieces: Iterable[bytes]) -> AsyncGenerator[bytes, None]:
    """Pieces that are waited for in a thread, such as those of a pipe."""
    each = iter(pieces)
    while (piece := await asyncio.to_thread(next, each, None)) is not None:
        yield piece
