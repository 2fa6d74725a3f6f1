"""More labelled strokes: free samples, an old patch set, and the drum kits of General MIDI sound fonts."""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from playing import TICKS, render
from sets import RATE, Item, Sound, read

KEYS = {  # of General MIDI
    **dict.fromkeys((35, 36), "kick"), 37: "rimshot", **dict.fromkeys((38, 40), "snare"), 39: "clap",
    **dict.fromkeys((41, 43, 45, 47, 48, 50), "tom"), 42: "closed hi-hat", 46: "open hi-hat",
    **dict.fromkeys((49, 55, 57), "crash cymbal"), **dict.fromkeys((51, 59), "ride cymbal"), 54: "tambourine",
    56: "cowbell", **dict.fromkeys((*range(60, 69), *range(73, 78), 80, 81), "percussion"),
    **dict.fromkeys((69, 70, 82), "shaker"),
}  # fmt: skip
NAMES = {  # of Sonic Pi's samples, as they begin; those with plain names alone
    "bd_": "kick", "drum_bass_": "kick", "drum_cowbell": "cowbell", "drum_cymbal_closed": "closed hi-hat",
    "drum_cymbal_hard": "crash cymbal", "drum_cymbal_open": "open hi-hat", "drum_cymbal_soft": "crash cymbal",
    "drum_heavy_kick": "kick", "drum_snare_": "snare", "drum_splash_": "crash cymbal", "drum_tom_": "tom",
    "elec_filt_snare": "snare", "elec_fuzz_tom": "tom", "elec_hi_snare": "snare", "elec_hollow_kick": "kick",
    "elec_lo_snare": "snare", "elec_mid_snare": "snare", "elec_snare": "snare", "elec_soft_kick": "kick",
    "elec_triangle": "percussion", "elec_wood": "percussion", "sn_": "snare",
}  # fmt: skip
APART = 6  # beats of half a second between the strokes of a kit
STROKE = 2.9  # s


def samples(folder: Path) -> Iterator[Item]:
    """The strokes among Sonic Pi's samples."""
    for path in sorted(folder.glob("*.flac")):
        label = next((label for begins, label in NAMES.items() if path.stem.startswith(begins)), None)
        if label:
            group = f"sonic/{path.stem.split('_')[0]}"
            yield Item(read(path), label, "sonic", group, name=path.stem)


def patches(folder: Path) -> Iterator[Item]:
    """The drums of Freepats, by the number of their key."""
    for path in sorted(folder.glob("*.pat")):
        if label := KEYS.get(int(path.name[:3])):
            yield Item(_patch(path.read_bytes()), label, "freepats", "freepats", name=path.name)


def _patch(file: bytes) -> Sound:
    """The first sample of a Gravis patch: a head of 239 bytes, and one of 96 for each sample."""
    (size,) = struct.unpack_from("<I", file, 247)
    (rate,) = struct.unpack_from("<H", file, 259)
    mode, held = file[294], file[335 : 335 + size]
    wide, unsigned = mode & 1, mode & 2
    sound = (
        np.frombuffer(held[: size // 2 * 2], "<i2") / 32_768 if wide else np.frombuffer(held, np.int8) / 128
    )
    return np.asarray(soxr.resample(np.mod(sound + 2, 2) - 1 if unsigned else sound, rate, RATE), np.float32)


def font_kits(font: Path, kits: tuple[int, ...]) -> Iterator[Item]:
    """Each stroke of some kits of a sound font, by its key."""
    for kit in kits:
        events = [(0, bytes([0xC9, kit]))]
        for place, key in enumerate(sorted(KEYS)):
            at = 100 + place * APART * TICKS
            events += [(at, bytes([0x99, key, 110])), (at + APART * TICKS - 80, bytes([0x89, key, 0]))]
        played = render(font, events, 120.0)
        for place, key in enumerate(sorted(KEYS)):
            start = int((100 / (2 * TICKS) + place * APART / 2) * RATE)
            stroke = played[start : start + int(STROKE * RATE)]
            heard = np.flatnonzero(np.abs(stroke) > 3e-4)
            if np.abs(stroke).max() >= 2e-3:
                name = f"{font.stem}-{kit}-{key}"
                yield Item(stroke[: heard[-1] + 1], KEYS[key], "gm", f"gm/{font.stem}", name=name)
