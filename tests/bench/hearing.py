"""A program for .venv: hears a file with the shipped analyzers, as a worker does, and prints the seconds it took."""

import json
import sys
import time

from samplemind_daemon.analysis import plugins
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.sound import open_sound

SHIPPED = ("tempo", "key", "loudness")


def hear(path: str, names: tuple[str, ...], kinds: plugins.Analyzers) -> None:
    """Hear the whole file, and describe it."""
    listening = Listening([kinds[name] for name in names], {})
    with open_sound(path) as sound:
        for block in sound.blocks():
            listening.hear(block)
    for _ in listening.describe():
        pass


def main() -> None:
    """Hear argument 1 with the analyzers of argument 2, all that are shipped if it is empty."""
    kinds = plugins.find().analyzers
    asked = sys.argv[2].split(",") if sys.argv[2] else SHIPPED
    names = tuple(name for name in asked if name in kinds)
    hear(sys.argv[3], names, kinds)  # a short sound first: plans of transforms, and modules loaded late
    wall, cpu = time.perf_counter(), time.process_time()
    hear(sys.argv[1], names, kinds)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "analyzers": names}
    print(json.dumps(took))


if __name__ == "__main__":
    main()
