"""What the system says about changes below a folder. Hints, no more: a sweep is the truth."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from watchdog import events
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)

from samplemind_daemon.store.moments import now

MOST_HINTS = 10_000  # that wait to be looked at; more of them become a sweep
LIMITS = {
    errno.ENOSPC: "fs.inotify.max_user_watches",
    errno.EMFILE: "fs.inotify.max_user_instances",
}
_WANTED = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileClosedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]


class CannotNotice(Exception):
    """The system does not say what changes in a folder; the message says why and what helps."""


@dataclass
class Hints:
    """Where to look: files that may have changed, those that their writers let go of, or everywhere."""

    changed: set[bytes] = field(default_factory=set)
    closed: set[bytes] = field(default_factory=set)
    everywhere: bool = False


class Notices:
    """Gathers hints from `start` until `stop`; `wake` is called on the event loop when there are some."""

    def __init__(self, root: bytes, recursive: bool, wake: Callable[[], None]) -> None:
        self._root, self._recursive, self._wake = root, recursive, wake
        self._loop = asyncio.get_running_loop()
        self._lock, self._hints, self._told = threading.Lock(), Hints(), False
        self._turning, self._over = threading.RLock(), False  # on or off: from different threads, perhaps
        self._observer: BaseObserver | None = None
        self.last_at: datetime | None = None
        self.limit = ""  # the system's limit that keeps folders below from being watched
        self.overflows = 0  # how often the system had more to tell than it keeps
        self.broken = False  # whether hints have ended for good, as after an unmount

    def start(self) -> None:
        """Listen, unless it was stopped before; this walks all folders below.

        Raises CannotNotice where the system cannot tell.
        """
        with self._turning:
            if not self._over:
                self._start()

    def stop(self) -> None:
        """Listen no more."""
        with self._turning:
            self._over = True
            self._stop()

    def _start(self) -> None:
        try:
            descriptor = _Descriptor(self)
            descriptor.start()
            observer = BaseObserver(InotifyFullEmitter, inotify_fd=descriptor)
            self._observer, self._descriptor = observer, descriptor
            path = os.fsdecode(self._root)
            observer.schedule(_Handler(self), path, recursive=self._recursive, event_filter=_WANTED)
            observer.start()
        except OSError as error:
            self._stop()
            raise CannotNotice(_sentence(error)) from None

    def _stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            if observer.is_alive():
                observer.stop()
                observer.join()
            self._descriptor.stop()
            self._descriptor.join()

    @property
    def alive(self) -> bool:
        """Whether hints can come: a watched folder that is deleted ends them without a word."""
        observer = self._observer
        return (
            observer is not None
            and not self.broken
            and observer.is_alive()
            and bool(observer.emitters)
            and all(emitter.is_alive() for emitter in observer.emitters)
        )

    def drain(self) -> Hints:
        """The hints since the last time."""
        with self._lock:
            hints, self._hints, self._told = self._hints, Hints(), False
        return hints

    def hint(self, path: bytes = b"", closed: bool = False) -> None:
        """Remember where to look; everywhere without a path. Called from the threads that listen."""
        with self._lock:
            self.last_at = now()
            files = self._hints.closed if closed else self._hints.changed
            if not path or len(files) >= MOST_HINTS:
                self._hints.everywhere = True
            else:
                files.add(path)
            told, self._told = self._told, True
        if not told and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def below(self, path: bytes | str) -> bytes:
        """A path as it is below the folder; empty for the folder itself and for no path."""
        return os.fsencode(path)[len(self._root.rstrip(b"/")) + 1 :]


class _Handler(events.FileSystemEventHandler):
    """Turns events into hints: files by their path, folders into a look everywhere."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        if event.is_directory:
            self._notices.hint()
            return
        # A move's target is complete, whether or not it came from outside.
        closed = isinstance(event, events.FileClosedEvent)
        for path, complete in ((event.src_path, closed), (event.dest_path, True)):
            if path:
                self._notices.hint(self._notices.below(path), complete)


class _Descriptor(InotifyFD):
    """The system's own queue, listened to for what the observer keeps to itself: losses and limits."""

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices

    def handle_event(self, event: InotifyEvent) -> None:
        if event.mask & InotifyConstants.IN_UNMOUNT:
            self._notices.broken = True
        if event.mask & InotifyConstants.IN_Q_OVERFLOW:
            self._notices.overflows += 1
        if event.mask & (InotifyConstants.IN_UNMOUNT | InotifyConstants.IN_Q_OVERFLOW):
            self._notices.hint()
        super().handle_event(event)

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in LIMITS:
                self._notices.limit = _sentence(error)
            raise


def _sentence(error: OSError) -> str:
    name = LIMITS.get(error.errno or 0)
    if name is None:
        return (
            f"The system does not tell what changes ({error.strerror or error}): the folder is swept instead."
        )
    value = Path("/proc/sys", *name.split(".")).read_text().strip()
    return (
        f"The system's limit {name} = {value} is reached, so the folder is swept instead: "
        f"raise it with sysctl {name}=…"
    )
