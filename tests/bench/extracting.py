"""A program for .venv-bench: essentia's MusicExtractor on a file, and the seconds it took."""

import json
import sys
import time

import essentia


def main() -> None:
    """Extract from argument 1; a short sound, argument 2, first, if there is one."""
    essentia.log.infoActive = essentia.log.warningActive = False
    from essentia import standard

    for short in sys.argv[2:]:
        standard.MusicExtractor()(short)
    wall, cpu = time.perf_counter(), time.process_time()
    standard.MusicExtractor()(sys.argv[1])
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
