"""StatusService: what the daemon is, and how things are."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

import grpc
from google.protobuf.message import Message

from samplemind.v1 import status_pb2 as pb
from samplemind.v1 import status_pb2_grpc
from samplemind_daemon.library.following import Following
from samplemind_daemon.model import Recovery, Role
from samplemind_daemon.service.callers import caller
from samplemind_daemon.service.moments import timestamp
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, jobs, sounds
from samplemind_daemon.work.engine import Engine
from samplemind_daemon.work.recipes import Recipes

Context = grpc.aio.ServicerContext[Message, Message]

NAME, API = "samplemind", "samplemind.v1"
REGISTRATIONS = {"open": pb.REGISTRATION_OPEN, "closed": pb.REGISTRATION_CLOSED}


class StatusService(status_pb2_grpc.StatusServiceServicer):
    """Tells anyone what the daemon is, and its users how it is."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        recipes: Recipes,
        following: Following,
        settings: Settings,
        started_at: datetime,
        recovery: Recovery | None,
    ) -> None:
        self._store, self._engine, self._recipes, self._following = store, engine, recipes, following
        self._settings, self._started_at, self._recovery = settings, started_at, recovery
        self._version = version(NAME)

    async def GetInfo(self, request: pb.GetInfoRequest, context: Context) -> pb.GetInfoResponse:
        return pb.GetInfoResponse(
            name=NAME,
            version=self._version,
            api=API,
            registration=REGISTRATIONS[self._settings.registration],
            max_upload_bytes=self._settings.max_upload_bytes,
        )

    async def GetStatus(self, request: pb.GetStatusRequest, context: Context) -> pb.GetStatusResponse:
        user, crew, recipe = caller().user, self._engine.status(), self._recipes.current
        audios, open_jobs = await asyncio.gather(
            self._store.read(sounds.count_states, user.id), self._store.read(jobs.count_states, user.id)
        )
        return pb.GetStatusResponse(
            version=self._version,
            started_at=timestamp(self._started_at),
            audios=_counts(audios),
            jobs=_counts(open_jobs),
            workers=crew.workers,
            busy=crew.busy,
            respawns=crew.respawns,
            subscribers=self._following.subscribers,
            analyzers=sorted(recipe.registry),
            broken_plugins=sum(bool(one.problem) for one in recipe.catalogue.plugins),
            inbox=str(self._settings.inbox) if user.role is Role.OWNER else "",
            recovery=_recovery(self._recovery) if user.role is Role.OWNER else None,
        )


def _recovery(made: Recovery | None) -> pb.Recovery | None:
    return None if made is None else pb.Recovery(jobs=made.jobs, uploads=made.uploads)


def _counts(states: Mapping[str, int]) -> list[pb.Count]:
    return [pb.Count(state=state, count=count) for state, count in sorted(states.items())]
