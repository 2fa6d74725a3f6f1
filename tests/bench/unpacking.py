"""A program for .venv: decodes argument 1 with our decoder and does nothing else, and prints the seconds it took."""

import json
import sys
import time

from samplemind_daemon.analysis.sound.decoding import begin
from samplemind_daemon.analysis.sound.file import File
from samplemind_daemon.analysis.sound.probe import probe
from samplemind_daemon.analysis.sound.sound import LONGEST_SECONDS
from samplemind_daemon.work.allocation import keep_freed_memory


def unpack(path: str) -> None:
    """Decode the whole file."""
    file = File(path)
    decoder, pieces = begin(file, probe(file), LONGEST_SECONDS)
    for _ in pieces:
        pass
    decoder.close()
    file.close()


def main() -> None:
    """Once to load what is loaded late, and once with a clock."""
    keep_freed_memory()
    unpack(sys.argv[1])
    wall, cpu = time.perf_counter(), time.process_time()
    unpack(sys.argv[1])
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
