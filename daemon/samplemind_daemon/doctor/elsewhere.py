"""Who does jobs elsewhere: whether NATS is there, and which workers say that they are."""

import asyncio
from collections.abc import Iterator

from samplemind_daemon.doctor.finding import Finding, broken, doubtful, well
from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.settings import Settings

LISTEN_SECONDS = 5.0  # each worker says so every two


def findings(settings: Settings) -> Iterator[Finding]:
    """How the engine is, where it is not the daemon's own."""
    if settings.engine == "local":
        return
    try:
        workers, seats = asyncio.run(_present(settings))
    except ImportError:
        yield broken("engine", "nats-py is not installed", "pip install 'samplemind[nats]'")
    except CannotServe as cannot:
        yield broken(
            "engine", str(cannot), "see whether nats-server runs there, with --jetstream, and lets us in"
        )
    else:
        sentence = f"NATS is there; workers: {workers}, jobs at a time: {seats}"
        remedy = "start some: samplemindd worker --engine, with the same URL"
        yield (
            well("engine", sentence)
            if workers
            else doubtful("engine", "NATS is there, and no worker", remedy)
        )


async def _present(settings: Settings) -> tuple[int, int]:
    """How many workers there are, and how many seats they have."""
    from samplemind_daemon.work.nats.connection import connect, unconnected
    from samplemind_daemon.work.nats.exchange import Exchange
    from samplemind_daemon.work.nats.place import parse
    from samplemind_daemon.work.nats.roll import Roll

    client, place, roll = unconnected(), parse(settings.engine), Roll()
    exchange = Exchange(client, place)
    try:
        await connect(client, place, "doctor", settings.engine_credentials)
        await exchange.listen(place.workers, roll.hear)
        await asyncio.sleep(LISTEN_SECONDS)
    finally:
        await exchange.close()
    return len(roll.present()), roll.seats()
