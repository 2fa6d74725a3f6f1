"""One target of strange_input is given mutated seeds for so many seconds: python mutating.py TARGET SECONDS FOLDER.

With atheris, libFuzzer keeps what reaches new code in FOLDER/corpus and goes on from there; without it, mutation is
blind. It ends with 0 and a line with what it did, or with what went wrong and the input in FOLDER.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

HANGS_SECONDS, MOST_MEMORY_MB = 15, 2_048


def main(target: str, seconds: float, folder: Path) -> int:
    try:
        import atheris
    except ImportError:
        return _blindly(target, seconds, folder)
    with atheris.instrument_imports(include=["samplemind_daemon", "mutagen"], enable_loader_override=False):
        import strange_input
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(strange_input.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds:.0f}", f"-timeout={HANGS_SECONDS}", f"-rss_limit_mb={MOST_MEMORY_MB}",
        f"-max_len={2**16}", f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], _given(target, folder, strange_input.give))
    atheris.Fuzz()  # and never comes back
    return 0


def _given(target: str, folder: Path, give: Callable[[str, bytes, Path], None]) -> Callable[[bytes], None]:
    scratch = folder / "input"

    def once(data: bytes) -> None:
        give(target, data, scratch)

    return once


def _blindly(target: str, seconds: float, folder: Path) -> int:
    from strange_input import give, mutated, seeds

    whole, chance = list(seeds(target)), random.Random()
    end, runs = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = mutated(chance.choice(whole), chance)
        (folder / "last").write_bytes(data)  # what a crash leaves behind
        give(target, data, folder / "input")
        runs += 1
    print(f"stat::number_of_executed_units: {runs}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])))
