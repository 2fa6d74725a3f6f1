"""A client that follows events."""

import threading
import time

import grpc
from raw_calls import SECONDS, Outcome, message_of, read

from samplemind.v1 import event_pb2

PATH = "/samplemind.v1.EventService/Subscribe"


class Subscription:
    """A stream of events that a thread reads; `ended` and `at` are how and when it ended."""

    def __init__(self, address, headers, cursor="", kinds=(), options=(), timeout=None):
        own = [("grpc.use_local_subchannel_pool", 1)]  # or all clients in a process share one connection
        self._channel = grpc.insecure_channel(address, options=[*own, *options])
        ask = self._channel.unary_stream(
            PATH, lambda request: request.SerializeToString(), event_pb2.SubscribeResponse.FromString
        )
        self._call = ask(
            message_of("EventService/Subscribe", cursor=cursor, kinds=kinds),
            metadata=headers,
            timeout=timeout,
        )
        self.messages, self.times, self.ended, self.at = [], [], None, 0.0
        self.reading = threading.Event()  # not set, it takes no more than what lies in its hands
        self.reading.set()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait(lambda: self.messages or self.ended)

    @property
    def events(self):
        return [message.event for message in list(self.messages) if message.HasField("event")]

    @property
    def numbers(self):
        """The numbers of the events that came."""
        return [int(event.cursor.partition(".")[0]) for event in self.events]

    @property
    def reached(self):
        """The number of the last event that its cursor stands behind."""
        return int(self.messages[-1].cursor.partition(".")[0])

    def wait(self, until, seconds=SECONDS):
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, (self.ended, self.messages[-3:])
            time.sleep(0.01)

    def close(self):
        self._call.cancel()
        self._channel.close()

    def _read(self):
        try:
            for message in self._call:
                self.messages.append(message)
                self.times.append(time.monotonic())
                self.reading.wait()
            self.ended = Outcome("OK")
        except grpc.RpcError as error:
            self.ended = read(error)
        self.at = time.monotonic()
