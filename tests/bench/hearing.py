"""A program for .venv: hears a file with the shipped analyzers, as a worker does, and prints the seconds it took."""

import json
import sys
import time

from own_memory import peak_mib
from stopwatch import hear_watched

from samplemind_daemon.analysis import plugins
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.plan import fit, plan
from samplemind_daemon.analysis.sound import open_sound
from samplemind_daemon.work.allocation import keep_freed_memory
from samplemind_sdk import Analyzer


def shipped() -> list[type[Analyzer]]:
    """The analyzers that come with SampleMind and can work, each after those that it builds upon."""
    found = plugins.find()
    ours = {one.name for one in found.catalogue.plugins if one.origin.startswith("samplemind ")}
    registry = fit(found.catalogue, {one.name for one in found.catalogue.plugins} - ours)[0]
    return [found.analyzers[name] for name in plan(registry, registry)]


def hear(path: str, kinds: list[type[Analyzer]]) -> None:
    """Hear the whole file, and describe it."""
    listening = Listening(kinds, {})
    with open_sound(path) as sound:
        for block in sound.blocks():
            listening.hear(block)
    for _ in listening.describe():
        pass


def main() -> None:
    """Hear argument 1, or watch where the time goes if there is a third argument; a short sound, argument 2, first."""
    keep_freed_memory()
    kinds = shipped()
    hear(sys.argv[2], kinds)  # plans of transforms, and modules loaded late
    if len(sys.argv) > 3:
        print(json.dumps(hear_watched(sys.argv[1], kinds)))
        return
    wall, cpu = time.perf_counter(), time.process_time()
    hear(sys.argv[1], kinds)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"mib": peak_mib(), "analyzers": [kind.name for kind in kinds]}))


if __name__ == "__main__":
    main()
