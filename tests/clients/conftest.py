"""A real server that stumbles as a test has it, and clients that do not wait long."""

import os
import subprocess

import grpc
import pytest
from commanding import COMMAND, write

from samplemind.v1 import (
    analysis_pb2_grpc,
    audio_pb2_grpc,
    auth_pb2_grpc,
    event_pb2_grpc,
    library_pb2_grpc,
    status_pb2_grpc,
)
from samplemind_client import AsyncClient
from samplemind_client.line.credential import Session

QUICK = (0.01, 0.02, 0.03, 0.04, 0.05)  # seconds before new tries
ADDERS = {
    auth_pb2_grpc.AuthServiceServicer: auth_pb2_grpc.add_AuthServiceServicer_to_server,
    audio_pb2_grpc.AudioServiceServicer: audio_pb2_grpc.add_AudioServiceServicer_to_server,
    analysis_pb2_grpc.AnalysisServiceServicer: analysis_pb2_grpc.add_AnalysisServiceServicer_to_server,
    event_pb2_grpc.EventServiceServicer: event_pb2_grpc.add_EventServiceServicer_to_server,
    library_pb2_grpc.LibraryServiceServicer: library_pb2_grpc.add_LibraryServiceServicer_to_server,
    status_pb2_grpc.StatusServiceServicer: status_pb2_grpc.add_StatusServiceServicer_to_server,
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No test reads or writes the sign-ins of whoever runs it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("SAMPLEMIND_HOME", str(tmp_path / "nobody-home"))
    for name in ("SAMPLEMIND_SERVER", "SAMPLEMIND_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def serve():
    """A maker of servers: `await serve(Servicer(), ...)` starts one and gives its address."""
    servers = []

    async def start(*servicers, port=0):
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        for servicer in servicers:
            for kind, add in ADDERS.items():
                if isinstance(servicer, kind):
                    add(servicer, server)
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{bound}"

    yield start
    for server in servers:
        await server.stop(0)


@pytest.fixture
async def ask():
    """A maker of clients: `ask(address)`, with a session where tokens are given, kept in a file or not."""
    clients = []

    def client(address, tokens=None, delays=QUICK, key="sm_secret", kept=None):
        made = AsyncClient(address, key=key, delays=delays)
        if tokens:
            made._line.credential = Session(tokens, kept)
        clients.append(made)
        return made

    yield client
    for client in clients:
        await client.close()


@pytest.fixture
def here(tmp_path, daemon):
    """The environment of a user who has never used SampleMind on this machine."""
    gone = ("SAMPLEMIND_SERVER", "SAMPLEMIND_KEY")
    kept = {name: value for name, value in daemon.environment.items() if name not in gone}
    return kept | {"XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.fixture
def run(here):
    """Run `samplemind`, as its user."""

    def run(*words, input=None, **environment):
        command = [*COMMAND, *map(os.fspath, words)]
        env = here | environment
        return subprocess.run(command, env=env, input=input, capture_output=True, timeout=60, check=False)

    return run


@pytest.fixture
def loop(tmp_path):
    """A maker of sounds that no other test has: each with its own level."""
    return lambda name="loop.wav", seconds=4.0: write(tmp_path / name, seconds)
