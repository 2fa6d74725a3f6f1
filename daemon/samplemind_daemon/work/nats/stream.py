"""The stream of jobs: hints, no more, as to which jobs somebody may begin now.

A message is the id of a job, and there is one of each job at most: NATS refuses a second one while the first is there.
So it can be published again and again by several daemons, and the stream can be lost at any moment.
"""

from contextlib import suppress

from nats.aio.client import Client
from nats.errors import Error
from nats.errors import TimeoutError as NothingCame
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, BadRequestError, NotFoundError

from samplemind_daemon.model import Lane
from samplemind_daemon.work.nats.place import Place

MOST_MESSAGES = 100_000
MOST_DELIVERIES = (
    50  # of a message that nobody takes; then it is removed, and published anew if it is still to be
)
TAKE_SECONDS = 10.0  # that a worker has to say whether it takes what it was given
PUBLISH_SECONDS = 5.0
REPLICAS = 3  # where there are so many servers
IS_THERE, IS_OTHERWISE = 10077, 10058  # error codes of NATS


class Stream:
    """The stream and its two consumers, one a lane."""

    def __init__(self, client: Client, place: Place) -> None:
        self._client, self._place = client, place
        self._js = client.jetstream(timeout=PUBLISH_SECONDS)
        self._pulls: dict[Lane, JetStreamContext.PullSubscription] = {}

    async def ensure(self) -> None:
        """Make what is not there; nats.errors.Error if that fails. For daemons only: workers need not be allowed to."""
        place = self._place
        wanted = StreamConfig(
            name=place.stream,
            subjects=[place.jobs(lane) for lane in Lane],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            discard_new_per_subject=True,
            max_msgs_per_subject=1,
            max_msgs=MOST_MESSAGES,
            max_msg_size=1_024,
            duplicate_window=1,
            num_replicas=REPLICAS if len(self._client.servers) >= REPLICAS else 1,
        )
        try:
            await self._js.add_stream(wanted)
        except BadRequestError as other:
            if other.err_code != IS_OTHERWISE:
                raise
            await self._js.update_stream(wanted)
        for lane in Lane:
            await self._js.add_consumer(place.stream, _consumer(place, lane))

    async def put(self, lane: Lane, job: str) -> None:
        """Have somebody begin a job; nats.errors.Error if that cannot be said now."""
        try:
            await self._js.publish(self._place.jobs(lane, job), b"", timeout=PUBLISH_SECONDS)
        except APIError as refused:
            if refused.err_code != IS_THERE:
                raise

    async def remove(self, sequence: int) -> None:
        """Forget a message, if it is still there."""
        with suppress(NotFoundError, BadRequestError):
            await self._js.delete_msg(self._place.stream, sequence)

    async def take(self, lane: Lane, seconds: float) -> "Hint | None":
        """The next hint of a lane; None if none comes for so long. nats.errors.Error where the stream is gone."""
        pull = self._pulls.get(lane)
        if pull is None:
            pull = self._pulls[lane] = await self._js.pull_subscribe_bind(str(lane), self._place.stream)
        try:
            [message] = await pull.fetch(1, timeout=seconds)
        except NothingCame:
            return None
        return Hint(message, lane)

    async def close(self) -> None:
        """Take nothing more: NATS gives what was asked for to others."""
        for pull in self._pulls.values():
            with suppress(Error, OSError):
                await pull.unsubscribe()
        self._pulls.clear()


class Hint:
    """A job that may be begun. Whoever got it says what becomes of it."""

    def __init__(self, message, lane: Lane) -> None:  # type: ignore[no-untyped-def]
        self._message, self.lane = message, lane
        self.job: str = message.subject.rpartition(".")[2]

    async def settle(self) -> None:
        """It is seen to: the database knows the rest."""
        await self._message.ack()

    async def decline(self, seconds: float) -> None:
        """Somebody else may take it, or this one later."""
        await self._message.nak(delay=seconds)


def _consumer(place: Place, lane: Lane) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=str(lane),
        filter_subject=place.jobs(lane),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=TAKE_SECONDS,
        max_deliver=MOST_DELIVERIES,
        max_ack_pending=MOST_MESSAGES,
        max_waiting=10_000,  # workers that wait at a time
    )
