"""A browser, as far as the daemon's web door sees one: HTTP/1.1, cookies that it keeps, calls in gRPC-Web."""

import base64
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import grpc
from google.protobuf import message_factory
from raw_calls import PASSWORD, RPCS, SECONDS, Outcome, message_of, read

HEAD = struct.Struct(">BI")
PROTO = "application/grpc-web+proto"
CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class Got:
    """An answer to a request."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes


class Browser:
    """Asks the door as a page of its own would, from the address `source`; `context` is whom it trusts in TLS."""

    def __init__(self, web: str, context: Any = None, source: str = "127.0.0.1") -> None:
        self.web, self.host = web, urlsplit(web).netloc
        self.context, self._source = context, (source, 0)
        self.cookies: dict[str, str] = {}

    def ask(
        self, path: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
    ) -> Got:
        """Make a request; what cookies come are kept."""
        response, connection = self.begin(path, method, body, headers)
        came = response.read()
        connection.close()
        told = {name.lower(): value for name, value in response.getheaders()}
        kept = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        self._keep(kept)
        return Got(response.status, told, kept, came)

    def begin(
        self, path: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, HTTPConnection]:
        """Make a request whose answer is still to be read."""
        connection = self._connect()
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent = {**(own if self.cookies else {}), **(headers or {})}
        connection.request(method, path, body, sent, encode_chunked=hasattr(body, "__next__"))
        return connection.getresponse(), connection

    def call(
        self, rpc: str, /, headers: dict[str, str] | None = None, body: Any = None, **fields: Any
    ) -> Outcome:
        """Call an rpc, all of whose answer is waited for; `headers` may say another Origin or credential."""
        got = self.ask(*self._post(rpc, body, headers, fields))
        assert got.status == 200, got
        return outcome(rpc, frames(got.body), got.headers)

    def stream(self, rpc: str, /, headers: dict[str, str] | None = None, **fields: Any) -> "Stream":
        """Call an rpc and take its answer as it comes."""
        return Stream(rpc, *self.begin(*self._post(rpc, None, headers, fields)))

    def sign_in(self, email: str, password: str = PASSWORD) -> Outcome:
        """Trade a password for cookies."""
        return self.call("AuthService/Login", password={"email": email, "password": password})

    def _post(self, rpc: str, body: Any, headers: Any, fields: Any) -> tuple[str, str, Any, dict[str, str]]:
        sent = {"Content-Type": PROTO, "Origin": self.web, "X-Grpc-Web": "1", **(headers or {})}
        body = frame(message_of(rpc, **fields).SerializeToString()) if body is None else body
        return f"/{RPCS[rpc].containing_service.full_name}/{RPCS[rpc].name}", "POST", body, sent

    def _connect(self) -> HTTPConnection:
        if self.context is None:
            return HTTPConnection(self.host, timeout=SECONDS, source_address=self._source)
        return HTTPSConnection(self.host, timeout=SECONDS, context=self.context, source_address=self._source)

    def _keep(self, kept: Iterable[str]) -> None:
        for one in kept:
            for name, morsel in SimpleCookie(one).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]


class Stream:
    """An answer that is read message by message."""

    def __init__(self, rpc: str, response: HTTPResponse, connection: HTTPConnection) -> None:
        self.response, self.connection, self._rpc = response, connection, rpc
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    def __iter__(self) -> Iterator[Any]:
        kind = message_factory.GetMessageClass(RPCS[self._rpc].output_type)
        while head := self.response.read(HEAD.size):
            flag, length = HEAD.unpack(head)
            body = self.response.read(length)
            if flag & 0x80:
                self.ended = outcome(self._rpc, [(flag, body)], {})
                return
            yield kind.FromString(body)

    def close(self) -> None:
        self.connection.close()


def frame(message: bytes, flag: int = 0) -> bytes:
    return HEAD.pack(flag, len(message)) + message


def frames(body: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(body):
        flag, length = HEAD.unpack_from(body, at)
        found.append((flag, body[at + HEAD.size : at + HEAD.size + length]))
        at += HEAD.size + length
    return found


def outcome(rpc: str, answer: list[tuple[int, bytes]], headers: dict[str, str]) -> Outcome:
    """What the frames of an answer say."""
    assert answer[-1][0] == 0x80, answer
    kind = message_factory.GetMessageClass(RPCS[rpc].output_type)
    lines = [line.partition(": ") for line in answer[-1][1].decode().split("\r\n") if line]
    trailers = {name: value for name, _, value in lines}
    details = trailers.get("grpc-status-details-bin")
    error = SimpleNamespace(
        code=lambda: CODES[int(trailers["grpc-status"])],
        details=lambda: unquote(trailers.get("grpc-message", "")),
        trailing_metadata=lambda: [
            ("grpc-status-details-bin", base64.b64decode(details + "=="))
        ] if details else [],
    )  # fmt: skip
    messages = tuple(kind.FromString(body) for flag, body in answer if flag == 0)
    told = (*headers.items(), *trailers.items())
    return replace(read(error), answers=messages, headers=told)
