"""An S3 server for tests, as a process of its own on a loopback port, and a look into it past the daemon."""

import re
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import boto3

BUCKET = "sounds"
START_SECONDS = 60.0
LISTENING = re.compile(rb"Running on http://[^:]+:(\d+)")


class S3:
    """A server with one bucket, which keeps all in its memory."""

    def __init__(self, log: Path) -> None:
        command = [Path(sys.executable).with_name("moto_server"), "-H", "127.0.0.1", "-p", "0"]
        with log.open("wb") as said:
            self._process = subprocess.Popen(command, stdout=said, stderr=said)
        self.port = self._port(log)
        self.keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        self.client = boto3.client(
            "s3", endpoint_url=self.url(), region_name="us-east-1", aws_access_key_id="key",
            aws_secret_access_key="secret",
        )  # fmt: skip
        self.client.create_bucket(Bucket=BUCKET)

    def url(self, port: int | None = None) -> str:
        """Where it is spoken to, or where a proxy in front of it is."""
        return f"http://127.0.0.1:{port or self.port}"

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What leads a daemon to the server, or to a proxy in front of it, and to a prefix of its own."""
        return self.keys | {
            "AWS_ENDPOINT_URL": self.url(port), "SAMPLEMIND_BLOBS": f"s3://{BUCKET}/{uuid4()}"
        }  # fmt: skip

    def names(self, place: str) -> list[str]:
        """The keys below an s3:// address, without its prefix."""
        prefix = place.removeprefix(f"s3://{BUCKET}/") + "/"
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        found = [one["Key"] for page in pages for one in page.get("Contents", ())]
        return [name.removeprefix(prefix) for name in found]

    def unfinished(self) -> list[dict]:
        """What was begun to be put in pieces, and neither ended nor taken back."""
        return self.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def _port(self, log: Path) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if found := LISTENING.search(log.read_bytes()):
                return int(found[1])
            time.sleep(0.02)
        self._process.kill()
        raise AssertionError(f"the S3 server did not come up:\n{log.read_text()}")
