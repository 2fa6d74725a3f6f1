"""The program of a worker process: it loads the plugins, says hello, and hears one file at a time."""

import ctypes
import faulthandler
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from samplemind_daemon.analysis import plugins
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.sound import CannotDecode, open_sound
from samplemind_daemon.model import Media
from samplemind_daemon.work.allocation import keep_freed_memory
from samplemind_daemon.work.cage import shut
from samplemind_daemon.work.live_messages import Finish, Piece, Tune
from samplemind_daemon.work.orders import Orders
from samplemind_daemon.work.playing import play
from samplemind_daemon.work.protocol import (
    LENGTH,
    PROTOCOL,
    CannotUnderstand,
    Done,
    Examine,
    Failed,
    Found,
    Hello,
    Loading,
    Message,
    Progress,
    Speaks,
    Task,
    decode,
    encode,
    length,
)
from samplemind_daemon.work.whose import Turns
from samplemind_sdk import RATE
from samplemind_sdk.testing import check

PROGRESS_SECONDS = 0.1  # between two reports of progress
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38  # <linux/prctl.h>

Say = Callable[[Message], None]


def run(channel: socket.socket, orders: Orders, turn: ctypes.c_int) -> None:
    """Be a worker until the other side of the channel is closed; `turn` is as in `_work`."""
    _settle_in(orders)
    keep_freed_memory()
    say = _voice(channel)
    say(Speaks(PROTOCOL))
    found = plugins.find(orders.folder, orders.left_out, lambda name, origin: say(Loading(name, origin)))
    say(Hello(found.catalogue))
    while (order := _next(channel)) is not None:
        match order:
            case Examine():
                _examine(order, found.analyzers, say)
            case Tune():
                _play(order, found.analyzers, channel, say)
            case Task():
                _work(order, found.analyzers, say, turn)
            case _:
                raise CannotUnderstand(f"a worker takes tasks, not {type(order).__name__}")


def _settle_in(orders: Orders) -> None:
    """Take the limits, leave the terminal, and die with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()
    os.nice(orders.nice)
    faulthandler.enable()
    for limit, most in (
        (resource.RLIMIT_AS, orders.address_space),
        (resource.RLIMIT_FSIZE, orders.file_size),
        (resource.RLIMIT_NOFILE, orders.files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        _settle_in_linux()
        if orders.ways is not None:
            shut(orders.ways)  # before any plugin is imported


def _settle_in_linux() -> None:
    parent, libc = os.getppid(), ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # the parent died before its death was our signal
    with suppress(OSError):  # some containers keep /proc read-only
        Path("/proc/self/oom_score_adj").write_text("800")


def _voice(channel: socket.socket) -> Say:
    def say(message: Message) -> None:
        channel.sendall(encode(message))

    return say


def _next(channel: socket.socket) -> Message | None:
    head = _read(channel, LENGTH.size)
    text = _read(channel, length(head)) if head else b""
    return decode(text) if text else None


def _read(channel: socket.socket, size: int) -> bytes:
    """Exactly `size` bytes, or none if the other side is gone."""
    pieces, missing = [], size
    while missing:
        piece = channel.recv(min(missing, 2**20))
        if not piece:
            return b""
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _examine(order: Examine, analyzers: plugins.Analyzers, say: Say) -> None:
    """Have an analyzer checked against the contract; what it breaks becomes a sentence."""
    try:
        check(analyzers[order.analyzer])
        say(Done(None))
    except AssertionError as broken:
        say(Failed("BROKEN_PROMISE", str(broken)[:1_000] or "an assertion of its own fails"))
    except Exception as error:
        say(Failed("BROKEN_PROMISE", f"it fails: {type(error).__name__}: {str(error)[:1_000]}"))


def _play(order: Tune, analyzers: plugins.Analyzers, channel: socket.socket, say: Say) -> None:
    """Hear a stream; what fails in it becomes a reason and a sentence, and the rest of it is passed over."""

    def next_piece() -> Piece | Finish | None:
        piece = _next(channel)
        if piece is not None and not isinstance(piece, (Piece, Finish)):
            raise CannotUnderstand(f"a stream has pieces and an end, not {type(piece).__name__}")
        return piece

    try:
        play(order, analyzers, next_piece, say)
    except CannotUnderstand:
        raise
    except MemoryError:
        say(Failed("TOO_MUCH_MEMORY", "the stream takes more memory to hear than a worker may have"))
    except Exception as error:
        traceback.print_exc()
        say(Failed("INTERNAL", f"hearing it failed: {type(error).__name__}: {str(error)[:1_000]}"))


def _work(task: Task, analyzers: plugins.Analyzers, say: Say, turn: ctypes.c_int) -> None:
    """Hear one file; whatever goes wrong with it becomes a reason and a sentence.

    `turn` holds which of the task's analyzers is at work, counted from 1, or 0: it outlives a sudden end.
    """
    turns = Turns(task.analyzers, turn)
    if task.ids:  # before whatever a plugin writes there
        print(json.dumps({"event": "a worker hears", **task.ids}), file=sys.stderr, flush=True)
    if missing := [name for name in task.analyzers if name not in analyzers]:
        return say(Failed("NO_ANALYZER", f"there is no analyzer called {', '.join(missing)}"))
    try:
        listening = Listening(
            [analyzers[name] for name in task.analyzers], task.settings, task.known, turns.note
        )
        media = _hear(task, listening, say) if listening.needs_sound else None
        for name, descriptors in listening.describe():
            say(Found(name, descriptors, turns.seconds(name)))
        say(Done(media))
    except CannotDecode as cannot:
        say(Failed(cannot.reason, cannot.message))
    except MemoryError:
        say(Failed("TOO_MUCH_MEMORY", "the file takes more memory to hear than a worker may have"))
    except Exception as error:
        traceback.print_exc()
        say(Failed("INTERNAL", f"hearing it failed: {type(error).__name__}: {str(error)[:1_000]}"))


def _hear(task: Task, listening: Listening, say: Say) -> Media:
    with open_sound(task.path, longest_seconds=task.longest_seconds) as sound:
        expected, said = sound.expected_seconds, time.monotonic()
        say(Progress(0.0, expected))
        for block in sound.blocks():
            listening.hear(block)
            if time.monotonic() - said >= PROGRESS_SECONDS:
                said = time.monotonic()
                say(Progress((block.start + block.length) / RATE, expected))
        media: Media = sound.media
        return media
