"""What a daemon stands on: the crew, the store, the bytes and the door, built from the bottom to the top."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from socket import gethostname

from samplemind_daemon.access import Access
from samplemind_daemon.access.certificate import Pair, given_pair, own_pair
from samplemind_daemon.house import House
from samplemind_daemon.library.neighbours import Neighbours
from samplemind_daemon.model import Instance
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store
from samplemind_daemon.store.blobs import Blobs, open_blobs, prove
from samplemind_daemon.tally import Tally
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew, Limits

OWN_WORKERS = 1  # where others do the jobs: for live sound, trials and the proof of what was written


@dataclass(frozen=True)
class Foundation:
    """All of it, in use until `down` of `lay` is closed."""

    crew: Crew
    store: Store
    blobs: Blobs
    access: Access
    neighbours: Neighbours | None  # where there may be other daemons on the database
    sign_in_code: str | None  # once, while the owner has no password


async def lay(
    settings: Settings, house: House, tally: Tally, started_at: datetime, down: AsyncExitStack
) -> Foundation:
    """The foundation of a daemon. Raises CannotServe and CannotOpen; `down` has what is to be taken down then."""
    # The crew before all else: nothing may be forked beside a running grpc server.
    crew = await hire(settings, settings.workers if settings.engine == "local" else OWN_WORKERS, down)
    store = _open_store(settings, tally, down)
    prove(settings)
    blobs = open_blobs(settings)
    down.callback(blobs.close)
    access = Access(store, settings)
    down.push_async_callback(access.close)
    neighbours = None
    if store.is_shared:
        store.be(house.instance)
        neighbours = Neighbours(store, _instance(settings, house, access, started_at))
        await neighbours.arrive()
        down.push_async_callback(neighbours.leave)
    code = await access.prepare(house.instance if neighbours else "")
    return Foundation(crew, store, blobs, access, neighbours, code)


async def hire(settings: Settings, workers: int, down: AsyncExitStack) -> Crew:
    """A crew with so many seats for batches, at work."""
    limits = Limits(memory_bytes=settings.worker_memory_mb * 2**20)
    crew = Crew(workers, settings.plugins, limits, cage=Cage(settings.home, settings.worker_scratch))
    down.push_async_callback(crew.stop)
    await crew.start()
    return crew


def certificate(settings: Settings, host: str, moment: datetime) -> Pair | None:
    """What TLS is spoken with at a host, None where it is not."""
    if settings.tls_self_signed:
        return own_pair(settings.home, host, moment)
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return given_pair(settings.tls_certificate, settings.tls_key, moment)


def _open_store(settings: Settings, tally: Tally, down: AsyncExitStack) -> Store:
    store = Store(settings.place, tally)
    store.migrate()
    store.warm()
    down.callback(store.close)
    return store


def _instance(settings: Settings, house: House, access: Access, started_at: datetime) -> Instance:
    engine = "local" if settings.engine == "local" else "nats"
    return Instance(house.instance, gethostname(), access.signing, engine, settings.blobs, started_at)
