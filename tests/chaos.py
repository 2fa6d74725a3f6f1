"""A proxy between a client and a server that does what networks do: it is late, resets connections, or swallows all."""

import contextlib
import random
import socket
import struct
import threading
import time

RESET = struct.pack("ii", 1, 0)  # to be closed without a farewell: the peer gets RST


class Chaos:
    """Passes bytes on, both ways, from `address` to a daemon's, in threads; `sent` counts those of clients."""

    def __init__(self, daemon: str) -> None:
        host, port = daemon.rsplit(":", 1)
        self._daemon = host, int(port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._silent = threading.Event()  # set: whatever is said is read by nobody
        self.delay_seconds = self.reset_share = (
            0.0  # before what the daemon says comes through, and how often none does
        )
        self.sent = self.cuts = self.connections = 0
        self._cuts: list[int] = []  # after how many bytes, the next one last
        threading.Thread(target=self._welcome, daemon=True).start()

    def cut_each(self, size: int, times: int) -> None:
        """Reset every connection each time that clients have sent so many bytes more."""
        self._cuts = [self.sent + size * number for number in range(times, 0, -1)]

    def cut(self) -> None:
        """Reset every connection, now."""
        self.cuts += 1
        self._end()

    def _end(self) -> None:
        for wire in self._take():
            with contextlib.suppress(OSError):
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                wire.shutdown(socket.SHUT_RD)  # wakes whoever reads from it
            wire.close()

    def swallow(self) -> None:
        """From now on a black hole: no byte comes through, and nobody is told."""
        self._silent.set()

    def speak(self) -> None:
        """No black hole any more; what it swallowed is lost."""
        self._silent.clear()

    def close(self) -> None:
        """Let nobody in any more, and end what is open."""
        self._door.close()
        self._silent.clear()
        self._end()

    def _take(self) -> list[socket.socket]:
        taken, self._open = self._open, []
        return taken

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                self.connections += 1
                daemon = socket.create_connection(self._daemon)
                self._open += [client, daemon]
                threading.Thread(target=self._pass_on, args=(client, daemon, True), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(daemon, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if self._silent.is_set():
                    continue
                if not is_client and not self._stumble(source, target):
                    return
                target.sendall(data)
                if is_client:
                    self._count(len(data))
        if not self._silent.is_set():
            for wire in (source, target):
                with contextlib.suppress(OSError):
                    wire.shutdown(socket.SHUT_RDWR)

    def _stumble(self, *wires: socket.socket) -> bool:
        """Be late, or reset the connection, as was asked for; whether it goes on."""
        time.sleep(self.delay_seconds)
        if random.random() >= self.reset_share:
            return True
        self.cuts += 1
        for wire in wires:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            wire.shutdown(socket.SHUT_RD)
            wire.close()
        return False

    def _count(self, size: int) -> None:
        self.sent += size
        if self._cuts and self.sent >= self._cuts[-1]:
            self._cuts.pop()
            self.cut()
