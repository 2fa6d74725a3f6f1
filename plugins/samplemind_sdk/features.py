"""The features most analyzers want: pure functions of one block, in frames that end where their hop ends."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .bank import Bank, product
from .block import PAST, RATE, Block, Samples, feature

VERSION = 2  # raise it when any feature below changes its values: every stored result becomes stale
FRAME, HOP = 2_048, 512  # samples; for timbre and rhythm
LONG_FRAME, LONG_HOP = 8_192, 2_048  # samples; for pitch
MELS = 96
TOGETHER = 2**17  # samples in frames that are transformed at a time: they stay in the processor's cache

Matrix = NDArray[np.float32]


@feature
def mono(block: Block) -> Samples:
    """The mean of the channels, shape (length,)."""
    first, *others = block.samples
    mean: Samples = sum(others, first) / np.float32(
        len(block.samples)
    )  # half the time of `mean`, the same bits
    return mean


def hops(block: Block, size: int = HOP) -> Iterator[Samples]:
    """The mono signal in steps of `size` samples, the last one filled up with silence (this is for aubio)."""
    yield from _filled(mono(block), size).reshape(-1, size)


@feature
def magnitude(block: Block) -> Matrix:
    """The spectrum of each frame, shape (frames, FRAME // 2 + 1)."""
    return _spectra(block)[1:]


@feature
def power(block: Block) -> Matrix:
    """The squares of `magnitude`."""
    return _powers(block)[1:]


@feature
def mel_power(block: Block) -> Matrix:
    """Energy in MELS bands, shape (frames, MELS)."""
    return _mel_powers(block)[1:]


@feature
def mel(block: Block) -> Matrix:
    """Log energy in MELS bands, shape (frames, MELS)."""
    return _log_mel(block)[1:]


@feature
def onset(block: Block) -> Samples:
    """How much energy each frame brings that the one before did not have, shape (frames,)."""
    rise: Samples = np.maximum(0, np.diff(_log_mel(block), axis=0)).mean(axis=1)
    return rise


@feature
def chroma(block: Block) -> Matrix:
    """Energy of each pitch class from C to B, shape (long frames, 12)."""
    return product(np.square(_spectrogram(block, LONG_FRAME, LONG_HOP)[1:]), _chroma_bank())


@feature
def times(block: Block) -> NDArray[np.float64]:
    """When each frame of `magnitude`, `mel` and `onset` ends, in seconds from the sound's start."""
    frames = -(-block.length // HOP)
    return (block.start + HOP * np.arange(1, frames + 1)) / RATE


@feature
def _spectra(block: Block) -> Matrix:
    return _spectrogram(block, FRAME, HOP)


@feature
def _powers(block: Block) -> Matrix:
    return np.square(_spectra(block))


@feature
def _mel_powers(block: Block) -> Matrix:
    return _mel_bank().of(_powers(block))


@feature
def _log_mel(block: Block) -> Matrix:
    logs: Matrix = np.log1p(100 * _mel_powers(block))
    return logs


def _spectrogram(block: Block, frame: int, hop: int) -> Matrix:
    """Magnitudes of the last frame before the block, and then of each frame that ends in it."""
    sound = np.concatenate([block.past.mean(axis=0)[-frame:], _filled(mono(block), hop)])
    frames, window = sliding_window_view(sound, frame)[::hop], _window(frame)
    spectra = np.empty((len(frames), frame // 2 + 1), np.float32)
    for first in range(0, len(frames), TOGETHER // frame):
        some = slice(first, first + TOGETHER // frame)
        np.abs(scipy.fft.rfft(frames[some] * window), out=spectra[some])
    return spectra


@cache
def _window(frame: int) -> Samples:
    return np.hanning(frame + 1)[:-1].astype(np.float32)


def _filled(sound: Samples, size: int) -> Samples:
    return np.concatenate([sound, np.zeros(-len(sound) % size, np.float32)])


@cache
def _mel_bank() -> Bank:
    frequencies = np.fft.rfftfreq(FRAME, 1 / RATE)
    mels = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), MELS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    rise = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    return Bank(np.maximum(0, np.minimum(rise, fall)).astype(np.float32).T)


@cache
def _chroma_bank() -> Matrix:
    frequencies = np.fft.rfftfreq(LONG_FRAME, 1 / RATE)
    heard = (frequencies > 55) & (frequencies < 2_000)
    pitch = np.round(12 * np.log2(np.where(heard, frequencies, 440) / 440) + 9).astype(int) % 12
    bank: Matrix = (heard & (pitch == np.arange(12)[:, None])).astype(np.float32)
    return np.ascontiguousarray(bank.T)


assert LONG_FRAME <= PAST
