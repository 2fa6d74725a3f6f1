"""How a worker is to be, and its way into its program: light, for the daemon's own process imports it."""

import os
import socket
import sys
from ctypes import c_int
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from samplemind_daemon.model import PluginInfo
from samplemind_daemon.work.cage import Ways


@dataclass(frozen=True)
class Orders:
    """How a worker is to be."""

    folder: Path | None  # of dropped-in plugins
    left_out: tuple[PluginInfo, ...]  # plugins that do harm
    nice: int
    ways: Ways | None = None  # all that it may read, if it is caged
    address_space: int = 4 * 2**30  # bytes
    file_size: int = 64 * 2**20  # bytes that it may write to a file
    files: int = 256  # that it may have open


def obey(channel: socket.socket, errors: Connection, orders: Orders, turn: c_int) -> None:
    """Be a worker that says in `turn` whose turn it is; to be called in the new process only."""
    for stream in (1, 2):  # a plugin that prints must not spoil the results on stdout
        os.dup2(errors.fileno(), stream)
    _let_go({0, 1, 2, sys.stdin.fileno(), channel.fileno()})
    from samplemind_daemon.work.worker import run

    run(channel, orders, turn)


def _let_go(kept: set[int]) -> None:
    """Close every other file: one of them would keep the fork server alive for as long as this worker."""
    for low, high in pairwise([*sorted(kept), os.sysconf("SC_OPEN_MAX")]):
        os.closerange(low + 1, high)
