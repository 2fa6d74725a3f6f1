"""All streams that are heard now."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from uuid import uuid4

from samplemind_daemon.analysis.plan import attachments, plan
from samplemind_daemon.library.live.recording import Recording
from samplemind_daemon.library.live.session import Heard, Over, Said, Session, Started
from samplemind_daemon.library.uploads import LARGEST_PIECE, Uploads
from samplemind_daemon.model import (
    WIDTHS,
    Audio,
    LiveConfig,
    LiveEnd,
    LiveMessage,
    LivePiece,
    Media,
    Problem,
)
from samplemind_daemon.refusals import Exhausted, Invalid, NotFound, Refusal, Unavailable, Untimely
from samplemind_daemon.settings import Settings
from samplemind_daemon.work.failures import CannotStart, TaskFailed
from samplemind_daemon.work.live_messages import Tune
from samplemind_daemon.work.recipes import Recipe, Recipes
from samplemind_daemon.work.stage import Stage

RESUME_SECONDS = 30.0  # that a stream which broke off is waited for
MOST_OF_A_USER = 8  # streams
RATES, MOST_CHANNELS = (8_000, 192_000), 8  # Hz
UPDATES = (0.1, 60.0)  # seconds
USUAL_UPDATE = 0.5  # seconds
OF_THE_STREAM = frozenset({"NON_FINITE", "TOO_LONG", "STREAM_BROKEN"})  # reasons
USUAL = ("kind", "tempo", "meter", "key", "loudness")  # analyzers that are told of


class Lives:
    """The streams of all users."""

    def __init__(self, stage: Stage, recipes: Recipes, uploads: Uploads, settings: Settings) -> None:
        self._stage, self._recipes, self._uploads, self._settings = stage, recipes, uploads, settings
        self._sessions: dict[str, Session] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._folder = settings.home / "live"
        shutil.rmtree(self._folder, ignore_errors=True)  # of streams that a killed daemon heard

    async def hear(self, user: str, messages: AsyncIterator[LiveMessage]) -> AsyncGenerator[Said, None]:
        """What is heard of a stream whose first message is its config, as it is heard; its Over comes last.

        A stream that breaks off before its LiveEnd is waited for. Raises Invalid for a config or a piece that
        cannot be, Exhausted where too many streams are heard, NotFound for a token that is good no more, and
        Unavailable where its worker is lost.
        """
        first = await anext(messages, None)
        if not isinstance(first, LiveConfig):
            raise Invalid("NO_CONFIG", "The first message of a stream says what comes: its config.")
        session = await (self._resume(user, first) if first.token else self._begin(user, first))
        try:
            yield Started(session.token, session.next_frame)
            async with aclosing(self._listen(session, messages)) as said:
                async for one in said:
                    yield one
        finally:
            self._detach(session)

    async def close(self) -> None:
        """Hear no stream any more."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*(self._end(session) for session in list(self._sessions.values())))

    async def _listen(
        self, session: Session, messages: AsyncIterator[LiveMessage]
    ) -> AsyncGenerator[Said, None]:
        """What is said while messages come; ends with the last word, or where they break off."""
        feeding = session.attached = asyncio.create_task(_feed(session, messages))
        broken_off = asyncio.create_task(_until_broken_off(feeding, session))
        try:
            async with aclosing(_until(session.said(), broken_off)) as said:
                async for one in said:
                    if isinstance(one, TaskFailed):
                        raise _refusal(one)
                    yield await self._over(session, one) if isinstance(one, Media) else one
        finally:
            for task in (feeding, broken_off):
                task.cancel()
            await asyncio.gather(feeding, broken_off, return_exceptions=True)
        if feeding.done() and not feeding.cancelled() and (error := feeding.exception()):
            raise error

    async def _begin(self, user: str, config: LiveConfig) -> Session:
        _check(config)
        mine = sum(session.user == user for session in self._sessions.values())
        if mine >= MOST_OF_A_USER or self._stage.is_full:
            raise Exhausted(
                "TOO_MANY_STREAMS", "As many live streams as can be are heard now.", retry_seconds=5
            )
        recipe, token = self._recipes.current, str(uuid4())
        try:
            player = await self._stage.enter(self._order(config, recipe), recipe)
        except CannotStart as cannot:
            raise Unavailable(
                "NO_WORKER", f"No worker can be started: {cannot.message}.", retry_seconds=5
            ) from None
        recording = None
        if config.keep:
            path, most = self._folder / token, self._settings.max_upload_bytes
            recording = await asyncio.to_thread(Recording, path, config, most)
        session = self._sessions[token] = Session(user, token, config, player, recording)
        return session

    async def _resume(self, user: str, config: LiveConfig) -> Session:
        session = self._sessions.get(config.token)
        if session is None or session.user != user:
            raise NotFound("STREAM_NOT_FOUND", "There is no such stream, or it was given up.")
        if (config.format, config.rate, config.channels) != (
            session.config.format, session.config.rate, session.config.channels,
        ):  # fmt: skip
            raise Untimely("OTHER_STREAM", "The stream that is gone on with had another format.")
        if session.attached:  # whoever sent it before does not know yet that the line is cut
            session.attached.cancel()
            await asyncio.gather(session.attached, return_exceptions=True)
        if session.given_up:
            session.given_up.cancel()
        return session

    def _order(self, config: LiveConfig, recipe: Recipe) -> Tune:
        asked = {name.partition(".")[0] for name in config.told}
        if unknown := asked - recipe.registry.keys():
            why = {"descriptors": f"there is no analyzer called {', '.join(sorted(unknown))[:100]}"}
            raise Invalid("UNKNOWN_DESCRIPTOR", f"This cannot be heard: {why['descriptors']}.", why)
        names = plan(asked or recipe.registry, recipe.registry)
        settings = {name: recipe.settings[name] for name in names}
        return Tune(
            rate=config.rate,
            channels=config.channels,
            format=config.format,
            analyzers=names,
            settings=settings,
            told=tuple(name for name in (asked or USUAL) if name in recipe.registry),
            update_seconds=config.update_seconds or USUAL_UPDATE,
            longest_seconds=self._settings.longest_hours * 3_600,
            attachments=attachments(recipe.registry, settings),
        )

    async def _over(self, session: Session, media: Media) -> Over:
        """The end of a stream; where it is kept, it becomes a sound as if its file had been uploaded."""
        recording = session.recording
        if recording is None:
            return Over(media)
        if recording.is_full:
            most = self._settings.max_upload_mb
            why = f"It is longer than the {most} MB that a sound may have."
            return Over(media, problem=Problem("TOO_LARGE", why))
        try:
            return Over(media, audio=await self._keep(session, recording))
        except Refusal as refusal:
            return Over(media, problem=Problem(refusal.reason, refusal.message))

    async def _keep(self, session: Session, recording: Recording) -> Audio:
        user, id = session.user, session.token
        size, sha256 = await asyncio.to_thread(recording.finish)
        name = session.config.name or f"live {id[:8]}.wav"
        opened = await self._uploads.open(user, id, name, size, sha256)
        if isinstance(opened, Audio):
            return opened
        await self._uploads.send(user, _pieces(id, recording))
        return await self._uploads.finish(user, id)

    def _detach(self, session: Session) -> None:
        """Wait for a stream to go on, or where it is over, have it gone."""
        if session.token not in self._sessions:
            return
        session.attached = None
        wait = 0.0 if session.player.over else RESUME_SECONDS
        session.given_up = asyncio.get_running_loop().call_later(wait, self._give_up, session)

    def _give_up(self, session: Session) -> None:
        chore = asyncio.create_task(self._end(session))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _end(self, session: Session) -> None:
        self._sessions.pop(session.token, None)
        if session.given_up:
            session.given_up.cancel()
        await self._stage.leave(session.player)
        if session.recording:
            await asyncio.to_thread(session.recording.drop)


async def _feed(session: Session, messages: AsyncIterator[LiveMessage]) -> None:
    """Give the worker what comes, until the end is said or the line is cut."""
    async for message in messages:
        match message:
            case LivePiece() if not session.finished:
                await session.hear(message)
            case LiveEnd():
                return await session.finish()
            case _:
                raise Invalid("OUT_OF_ORDER", "After its config a stream has pieces, and an end.")


async def _until_broken_off(feeding: asyncio.Task[None], session: Session) -> None:
    """Return once nothing more comes though the end was not said, or something that must not be."""
    await asyncio.wait([feeding])
    if session.finished and not feeding.cancelled() and feeding.exception() is None:
        await asyncio.Event().wait()


async def _until(
    said: AsyncGenerator[Heard, None], broken_off: asyncio.Task[None]
) -> AsyncGenerator[Heard, None]:
    """What is said, until the stream breaks off."""
    async with aclosing(said):
        while True:
            one = asyncio.ensure_future(anext(said, None))
            try:
                await asyncio.wait([one, broken_off], return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not one.done():
                    one.cancel()
                    await asyncio.gather(one, return_exceptions=True)
            if one.cancelled() or (found := one.result()) is None:
                return
            yield found


async def _pieces(id: str, recording: Recording) -> AsyncGenerator[tuple[str, int, bytes], None]:
    with await asyncio.to_thread(recording.path.open, "rb") as file:
        offset = 0
        while data := await asyncio.to_thread(file.read, LARGEST_PIECE):
            yield id, offset, data
            offset += len(data)


def _refusal(failed: TaskFailed) -> Refusal:
    """Why nothing more is heard: for what came, or for what happened to the worker."""
    if failed.reason in OF_THE_STREAM:
        return Invalid(failed.reason, f"{failed.message[:1].upper()}{failed.message[1:]}.")
    return Unavailable(failed.reason, failed.message, retry_seconds=1)


def _check(config: LiveConfig) -> None:
    """Return if the config can be; Invalid, with the fields that cannot."""
    wrong = {}
    if config.format not in WIDTHS:
        wrong["format"] = f"it is one of {', '.join(WIDTHS)}"
    if not RATES[0] <= config.rate <= RATES[1]:
        wrong["sample_rate_hz"] = f"it is {RATES[0]:,} to {RATES[1]:,} Hz, not {config.rate:,}"
    if not 1 <= config.channels <= MOST_CHANNELS:
        wrong["channels"] = f"there are 1 to {MOST_CHANNELS}, not {config.channels}"
    if config.update_seconds and not UPDATES[0] <= config.update_seconds <= UPDATES[1]:
        wrong["update_seconds"] = f"it is {UPDATES[0]:g} to {UPDATES[1]:g} s, not {config.update_seconds:g}"
    if wrong:
        raise Invalid("INVALID_STREAM", f"This stream cannot be heard: {'; '.join(wrong.values())}.", wrong)
