"""nginx as deploy/nginx has it, on free ports of the loopback, before daemons of a test."""

import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

SAMPLES = Path(__file__).parents[2] / "deploy" / "nginx"
WAIT_SECONDS = 30.0


class Proxy:
    """An nginx with the sample's files: what differs is where it lies, where it listens and what is behind it."""

    def __init__(self, nginx: str, folder: Path) -> None:
        self._nginx, self._folder = nginx, folder
        self.grpc, self.web, plain = _free_ports(3)
        self._changes = {
            "samplemind.conf": [
                ("    listen [::]:50051 ssl http2;\n", ""), ("    listen [::]:443 ssl http2;\n", ""),
                ("    listen [::]:80;\n", ""),  # one loopback is enough
                ("listen 50051", f"listen 127.0.0.1:{self.grpc}"), ("listen 443", f"listen 127.0.0.1:{self.web}"),
                ("listen 80;", f"listen 127.0.0.1:{plain};"), ("music.example.org", "localhost"),
            ],
            "nginx.conf": [
                ("user nginx;", "user root;\ndaemon off;"), ("worker_processes auto;", "worker_processes 1;"),
                ("/var/log/nginx/error.log", str(folder / "error.log")), ("/run/nginx.pid", str(folder / "pid")),
                ("    sendfile on;", "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + "    sendfile on;"),
            ],
        }  # fmt: skip

    def write(self, chain: Path, key: Path, grpc: list[str], web: list[str]) -> Path:
        """Lay its files there, as an operator does; where its configuration is."""
        for name, changes in self._changes.items():
            text = (SAMPLES / name).read_text("utf-8")
            for old, new in [*changes, ("/etc/nginx/samplemind", str(self._folder))]:
                assert old in text or old == "/etc/nginx/samplemind", f"{name} has no {old!r}"
                text = text.replace(old, new)
            (self._folder / name).write_text(
                text.replace(f"{self._folder}/*.conf", f"{self._folder}/[!n]*.conf")
            )
        daemons = (SAMPLES / "daemons.conf").read_text("utf-8")
        for old, addresses in (("127.0.0.1:50051", grpc), ("127.0.0.1:50080", web)):
            line = next(line for line in daemons.splitlines() if f"server {old} " in line)
            daemons = daemons.replace(
                line, "\n".join(line.replace(old, _bare(address)) for address in addresses)
            )
        (self._folder / "daemons.conf").write_text(daemons)
        (self._folder / "chain.pem").write_bytes(chain.read_bytes())
        (self._folder / "key.pem").write_bytes(key.read_bytes())
        return self._folder / "nginx.conf"

    def start(self) -> "Proxy":
        """Run until it is stopped; it listens then."""
        self._process = subprocess.Popen(
            [self._nginx, "-c", self._folder / "nginx.conf", "-e", self._folder / "error.log"]
        )
        deadline = time.monotonic() + WAIT_SECONDS
        while not all(map(_listens, (self.grpc, self.web))):
            assert self._process.poll() is None and time.monotonic() < deadline, "nginx does not come up"
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """End it at once."""
        self._process.terminate()
        self._process.wait(WAIT_SECONDS)


def _bare(address: str) -> str:
    return urlsplit(address).netloc or address


def _free_ports(number: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
