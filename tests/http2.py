"""HTTP/2 spoken by hand, as no library would."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEAD, RESET, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
WINDOW = 4  # the setting that says how many bytes of a stream may come unasked


def frame(kind, flags, stream, body=b""):
    return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body


def packed(headers):
    """Header fields as HPACK has them, each as a literal that is not remembered."""
    fields = [(name.encode(), value.encode()) for name, value in headers]
    return b"".join(b"\0" + _string(name) + _string(value) for name, value in fields)


def opened(address, *settings):
    """A connection that has begun to speak HTTP/2, with these settings of its own."""
    host, port = address.rsplit(":", 1)
    wire = socket.create_connection((host, int(port)), timeout=10)
    own = b"".join(struct.pack(">HI", name, value) for name, value in settings)
    wire.sendall(PREFACE + frame(SETTINGS, 0, 0, own))
    wire.recv(4096)
    wire.sendall(frame(SETTINGS, ACK, 0))
    return wire


def ask(wire, stream, rpc, headers, message):
    """Begin a gRPC call on a stream: its whole request, and nothing of its answer."""
    path = f"/{rpc.containing_service.full_name}/{rpc.name}"
    own = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x")]
    kind = [("content-type", "application/grpc"), ("te", "trailers")]
    body = message.SerializeToString()
    request = frame(DATA, END_STREAM, stream, b"\0" + struct.pack(">I", len(body)) + body)
    wire.sendall(frame(HEAD, END_HEADERS, stream, packed([*own, *kind, *headers])) + request)


def _string(text):
    length, more = min(len(text), 127), len(text) - 127
    size = [length]
    while more >= 0:
        size.append(more % 128 | (128 if more >= 128 else 0))
        more = more // 128 or -1
    return bytes(size) + text
