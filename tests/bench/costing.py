"""A program for .venv-bench: what another program takes to hear a file, and its memory."""

import json
import sys
import time

import essentia
from own_memory import peak_mib
from peers import aubio_tempo, essentia_all, librosa_both


def extract(path: str) -> None:
    """All that essentia's MusicExtractor finds, with its defaults."""
    from essentia import standard

    standard.MusicExtractor()(path)


ASKED = {"aubio": aubio_tempo, "librosa": librosa_both, "essentia": essentia_all, "MusicExtractor": extract}


def main() -> None:
    """Ask whom argument 1 names about the file of argument 2; about a short sound, argument 3, first, if any."""
    essentia.log.infoActive = essentia.log.warningActive = False
    hear = ASKED[sys.argv[1]]
    for short in sys.argv[3:]:
        hear(short)  # what is loaded late, and what librosa compiles
    wall, cpu = time.perf_counter(), time.process_time()
    hear(sys.argv[2])
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"mib": peak_mib()}))


if __name__ == "__main__":
    main()
