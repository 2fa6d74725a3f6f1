"""Calls as any program may make them: every rpc that the messages declare, by name, with any credential or body."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf import message_factory
from google.rpc import error_details_pb2, status_pb2

from samplemind.v1 import (
    analysis_pb2,
    audio_pb2,
    auth_pb2,
    event_pb2,
    flag_pb2,
    library_pb2,
    plugin_pb2,
    watch_pb2,
)
from samplemind.v1 import status_pb2 as how_pb2

MODULES = (
    analysis_pb2,
    audio_pb2,
    auth_pb2,
    event_pb2,
    flag_pb2,
    library_pb2,
    plugin_pb2,
    how_pb2,
    watch_pb2,
)
RPCS = {
    f"{service.name}/{rpc.name}": rpc
    for module in MODULES
    for service in module.DESCRIPTOR.services_by_name.values()
    for rpc in service.methods
}
PASSWORD = "seven purple geese"
SECONDS = 20.0  # that a call may take


@dataclass(frozen=True)
class Outcome:
    """How a call ended; of a stream, its first message, or with `whole` all of them."""

    code: str
    message: str = ""
    reason: str = ""
    domain: str = ""
    fields: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    retry_seconds: float = 0.0
    answers: tuple[Any, ...] = ()
    headers: tuple[tuple[str, Any], ...] = ()  # what came before and after the answer

    @property
    def answer(self) -> Any:
        assert self.code == "OK", self
        return self.answers[0]


class Channel:
    """A connection to a daemon, for callers of all kinds."""

    def __init__(self, address: str, *options: tuple[str, Any]) -> None:
        self._channel = grpc.insecure_channel(address, options=options)

    def close(self) -> None:
        self._channel.close()

    def call(
        self,
        rpc: str,
        headers: Iterable[tuple[str, str]] = (),
        /,
        *,
        body: bytes | None = None,
        whole: bool = False,
        stream: Iterable[Any] | None = None,
        compression: grpc.Compression | None = None,
        **fields: Any,
    ) -> Outcome:
        """Call an rpc with a message of these fields, or with a body of any bytes, or with a stream of messages."""
        declared = RPCS[rpc]
        request = body if body is not None else message_of(rpc, **fields)
        if declared.client_streaming:
            request = iter([request] if stream is None else stream)
        try:
            how = {"metadata": tuple(headers), "timeout": SECONDS, "compression": compression}
            if not declared.server_streaming:
                answered, call = self._method(declared).with_call(request, **how)
                headers = (*call.initial_metadata(), *call.trailing_metadata())
                return Outcome("OK", answers=(answered,), headers=headers)
            answered = self._method(declared)(request, **how)
            answers = tuple(answered if whole else islice(answered, 1))
            answered.cancel()
            return Outcome("OK", answers=answers)
        except grpc.RpcError as error:
            return read(error)

    def _method(self, rpc: Any) -> Any:
        kinds = {
            (False, False): self._channel.unary_unary,
            (False, True): self._channel.unary_stream,
            (True, False): self._channel.stream_unary,
            (True, True): self._channel.stream_stream,
        }
        kind = kinds[rpc.client_streaming, rpc.server_streaming]
        answer = message_factory.GetMessageClass(rpc.output_type)
        name = f"/{rpc.containing_service.full_name}/{rpc.name}"
        return kind(name, request_serializer=_body, response_deserializer=answer.FromString)


class Person:
    """An account, signed in."""

    def __init__(self, channel: Channel, email: str = "") -> None:
        self.channel, self.email = channel, email or f"{uuid4().hex[:12]}@example.org"
        channel.call("AuthService/Register", email=self.email, password=PASSWORD)
        self.headers = self.sign_in()
        self.id = self("AuthService/GetMe").answer.user.id

    def __call__(self, rpc: str, /, **given: Any) -> Outcome:
        return self.channel.call(rpc, self.headers, **given)

    def sign_in(self) -> list[tuple[str, str]]:
        """The headers of a new session."""
        self.tokens = self.channel.call(
            "AuthService/Login", password={"email": self.email, "password": PASSWORD}
        ).answer.tokens
        return [("authorization", f"Bearer {self.tokens.access_token}")]

    def make_key(
        self, scope: int = auth_pb2.SCOPE_ADMIN, name: str = "studio"
    ) -> tuple[str, list[tuple[str, str]]]:
        """The id of a new API key, and the headers with its secret."""
        made = self("AuthService/CreateApiKey", name=name, scope=scope).answer
        return made.api_key.id, [("x-api-key", made.secret)]

    def upload(self, data: bytes, name: str = "sound.wav") -> Any:
        """The sound that these bytes are, sent in pieces of 64 KiB."""
        opened = self.open_upload(data, name)
        if opened.HasField("audio"):
            return opened.audio
        assert self("AudioService/UploadChunks", stream=pieces(opened.upload.id, data)).code == "OK"
        return self("AudioService/FinishUpload", upload_id=opened.upload.id).answer.audio

    def open_upload(self, data: bytes, name: str = "sound.wav") -> Any:
        sha256 = hashlib.sha256(data).hexdigest()
        return self("AudioService/CreateUpload", name=name, size_bytes=len(data), sha256=sha256).answer


def pieces(upload: str, data: bytes, start: int = 0, size: int = 64 * 1024) -> list[Any]:
    """The messages that send bytes to an upload."""
    return [
        audio_pb2.UploadChunksRequest(upload_id=upload, offset=at, data=data[at : at + size])
        for at in range(start, len(data), size)
    ]


def message_of(rpc: str, /, **fields: Any) -> Any:
    """A request of an rpc."""
    return message_factory.GetMessageClass(RPCS[rpc].input_type)(**fields)


def read(error: Any) -> Outcome:
    """What a failed call says."""
    info, wrong, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.RetryInfo(),
    )
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                for part in (info, wrong, retry):
                    packed.Unpack(part)
    return Outcome(
        error.code().name,
        error.details() or "",
        info.reason,
        info.domain,
        tuple(one.field for one in wrong.field_violations),
        tuple(sorted(info.metadata.items())),
        retry.retry_delay.ToTimedelta().total_seconds(),
    )


def _body(request: Any) -> bytes:
    return request if isinstance(request, bytes) else request.SerializeToString()
