"""A shelf of sounds, computed with the instruments of clients/web/loop.py: loops, single hits, longer pieces."""

import io
from collections.abc import Iterator

import numpy as np
import soundfile
from loop import RATE, kick, noise, note, snare

STEPS = 16  # of a bar in 4/4
DRUMS = {  # at which steps of a bar what is hit
    "house": {"kick": (0, 4, 8, 12), "snare": (4, 12), "hat": (2, 6, 10, 14)},
    "techno": {"kick": (0, 4, 8, 12), "hat": (2, 3, 6, 7, 10, 11, 14, 15)},
    "hiphop": {"kick": (0, 7, 10), "snare": (4, 12), "hat": range(0, 16, 2)},
    "dnb": {"kick": (0, 10), "snare": (4, 12), "hat": range(0, 16, 2)},
    "funk": {"kick": (0, 3, 10), "snare": (4, 12), "hat": range(16)},
    "ambient": {},
}
BASS = {"house": (2, 6, 10, 14), "techno": range(0, 16, 2), "hiphop": (0, 6, 10), "dnb": (0, 6, 10, 14),
        "funk": (0, 3, 6, 10, 13), "ambient": (0,)}  # fmt: skip
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
MINOR, MAJOR = (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 5, 7, 9, 11)  # semitones above the tonic
DEGREES = (0, 3, 4, 0)  # a chord a bar, as steps of the scale
EVERYTHING = ("drums", "bass", "chords", "tune")
LOOPS = (  # style, tempo, key, bars, what plays
    ("house", 124, "Am", 4, EVERYTHING),
    ("house", 126, "Fm", 4, ("drums", "bass", "chords")),
    ("house", 122, "C", 4, EVERYTHING),
    ("techno", 132, "Dm", 4, ("drums", "bass")),
    ("techno", 138, "Gm", 4, EVERYTHING),
    ("hiphop", 88, "Em", 4, EVERYTHING),
    ("hiphop", 92, "A#m", 4, ("drums", "bass", "chords")),
    ("dnb", 174, "F#m", 4, EVERYTHING),
    ("dnb", 170, "Bm", 8, ("drums", "bass")),
    ("funk", 106, "D", 4, EVERYTHING),
    ("funk", 112, "G", 4, ("drums", "bass")),
    ("ambient", 80, "D#", 4, ("bass", "chords")),
)
PARTS = (("techno", 128, 4, ("drums",)), ("house", 124, 4, ("drums",)), ("hiphop", 90, 4, ("drums",)),
         ("house", 120, 4, ("chords", "tune")), ("funk", 104, 4, ("bass",)))  # fmt: skip
SONGS = (("night_drive_demo", "house", 118, "Am"), ("sunday_sketch", "funk", 100, "F"),
         ("harbour_lights_v3", "hiphop", 84, "Cm"))  # fmt: skip
SECTIONS = (
    ("chords",),
    ("drums", "bass"),
    EVERYTHING,
    ("drums", "bass", "chords"),
    EVERYTHING,
    ("chords", "tune"),
)


def shelf() -> list[tuple[str, bytes]]:
    """Names and bytes of all sounds, always the same ones, well mixed; the first of the loops is last."""
    first, *others = sounds()
    return [others[place] for place in np.random.default_rng(4).permutation(len(others))] + [first]


def sounds() -> Iterator[tuple[str, bytes]]:
    """All sounds, kind by kind."""
    for style, bpm, key, bars, layers in LOOPS:
        yield f"{style}_{bpm}_{key}.wav", wav(groove(style, bpm, key, bars, layers))
    for style, bpm, bars, layers in PARTS:
        yield f"{style}_{'_'.join(layers)}_{bpm}.wav", wav(groove(style, bpm, "Am", bars, layers))
    for name, style, bpm, key in SONGS:
        yield f"{name}.wav", wav(song(style, bpm, key))
    yield from ((f"{name}.wav", wav(sound)) for name, sound in hits())
    yield "room_tone_empty.wav", wav(np.zeros((6 * RATE, 2)))
    yield "vocal_take_07.wav", b"RIFF\x24\x00\x00\x00WAVE, and then the disk was full. " * 40


def hits() -> Iterator[tuple[str, np.ndarray]]:
    """Single hits and notes, each of one channel."""
    short, long = np.arange(RATE // 2) / RATE, np.arange(2 * RATE) / RATE
    yield "kick_deep_01", 0.9 * kick(short)
    yield "kick_deep_02", np.tanh(2 * kick(short)) * 0.8
    yield "snare_tight", snare()
    yield "clap_room", 0.15 * noise(short, 0.09, 1)
    yield "hat_closed", 0.09 * noise(short[: RATE // 5], 0.02, 2)
    yield "hat_open", 0.09 * noise(short, 0.14, 2)
    yield "pluck_C4", 0.4 * note(long, 60, 0.5, 9)
    yield "pluck_F#3", 0.4 * note(long, 54, 0.6, 9)
    yield "bass_note_E1", 0.5 * note(long, 28, 0.9, 7)
    yield "bell_A5", 0.4 * note(long, 81, 1.2, 4)


def groove(style: str, bpm: float, key: str, bars: int, layers: tuple[str, ...]) -> np.ndarray:
    """Bars that fill a loop exactly, shape (samples, 2)."""
    step = 60 / bpm / 4  # seconds
    track = np.zeros((round(bars * STEPS * step * RATE), 2))
    for at, gain, side, sound in events(style, key, bars, layers, step):
        start = round(at * step * RATE)
        part = track[start : start + len(sound)]
        part += gain * sound[: len(part), None] * (1 - side, 1 + side)
    return np.tanh(track) * 0.9


def events(
    style: str, key: str, bars: int, layers: tuple[str, ...], step: float
) -> Iterator[tuple[int, float, float, np.ndarray]]:
    """What sounds at which step, how loud, and how far to the right (-1 to 1)."""
    short, chord = np.arange(RATE // 3) / RATE, np.arange(round(STEPS * step * RATE)) / RATE
    drums = {
        "kick": (0.8, 0, kick(short)),
        "snare": (0.6, 0, snare()),
        "hat": (0.07, 0.3, noise(short, 0.03, 2)),
    }
    for bar in range(bars):
        first, tones = bar * STEPS, harmony(key, bar)
        for drum, places in DRUMS[style].items() if "drums" in layers else ():
            yield from ((first + place, *drums[drum]) for place in places)
        for place in BASS[style] if "bass" in layers else ():
            yield first + place, 0.3, 0, note(short, tones[0] - 24, 0.2 if DRUMS[style] else 2, 6)
        for number, tone in enumerate(tones) if "chords" in layers else ():
            sound = note(chord, tone, 0.5 if DRUMS[style] else 2.5, 8)
            yield from (
                (first + place, 0.11, number / 4 - 0.25, sound)
                for place in (0, 6)[: 2 if DRUMS[style] else 1]
            )
        for turn, place in enumerate((0, 3, 6, 8, 11, 14)) if "tune" in layers else ():
            yield first + place, 0.1, -0.3, note(short, tones[(turn * 2 + bar) % 3] + 12, 0.25, 5)


def harmony(key: str, bar: int) -> tuple[int, ...]:
    """The MIDI notes of a bar's triad, in the octave below middle C."""
    scale = MINOR if key.endswith("m") else MAJOR
    tonic, degree = 48 + NAMES.index(key.removesuffix("m")), DEGREES[bar % 4]
    return tuple(
        tonic + scale[(degree + third) % 7] + 12 * ((degree + third) // 7 % 2) for third in (0, 2, 4)
    )


def song(style: str, bpm: float, key: str) -> np.ndarray:
    """A piece in six sections of four bars, with a fade at its end, shape (samples, 2)."""
    sound = np.concatenate([groove(style, bpm, key, 4, layers) for layers in SECTIONS])
    sound[-4 * RATE :] *= np.linspace(1, 0, 4 * RATE)[:, None]
    return sound


def wav(sound: np.ndarray) -> bytes:
    """The bytes of a file of 16 bits."""
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
