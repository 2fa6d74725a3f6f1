"""Which pitches sound together and follow each other, as numbers that are the same in every key."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, Block, Samples, product

from ..key.peaks import FRAME, KEPT, spectra
from .gathered import Gathered, Numbers

LOWEST, HIGHEST = 80.0, 2_700.0  # Hz
LAG = 5  # frames, 0.9 s
GATE = 40  # dB below the loudest frame
ORDERS = slice(1, 7)  # of the Fourier transform over the 12 pitch classes; the others mirror them
SHIFTED = (np.arange(12)[:, None] + np.arange(12)) % 12  # pitch classes, so many semitones up
TRIPLES = ((3, 4), (4, 5), (3, 5), (2, 3), (5, 5), (3, 3))


class Harmony:
    """Gathers the share of each pitch class in frames of 0.37 s.

    In another key, pitch classes are shifted on their circle. Magnitudes of a Fourier transform do not
    show it, nor do bispectra (products of three of its terms whose orders sum to 0), which tell major from
    minor; nor how often the pitch moves by each interval.
    """

    def __init__(self) -> None:
        self._chords, self._moves = Gathered(12 + 6), Gathered(12)
        self._before, self._levels = np.zeros((0, 12)), np.zeros(0)  # of the last frames

    def add(self, block: Block) -> None:
        """Hear a block."""
        power = product(np.square(spectra(block)[0]), _bank()).astype(float)
        levels = 10 * np.log10(np.maximum(power.sum(axis=1), 1e-30))
        root = np.sqrt(power)
        share = root / np.maximum(root.sum(axis=1, keepdims=True), 1e-15)
        self._chords.add(levels, np.column_stack([share, np.abs(np.fft.fft(share))[:, ORDERS]]))
        shares, heard = np.concatenate([self._before, share]), np.append(self._levels, levels)
        before, after = shares[:-LAG] - 1 / 12, shares[LAG:] - 1 / 12
        moves = (before[:, None] * after[:, SHIFTED]).sum(axis=2)
        self._moves.add(np.minimum(heard[:-LAG], heard[LAG:]), moves)
        self._before, self._levels = shares[-LAG:], heard[-LAG:]

    def parts(self) -> dict[str, Numbers]:
        """The numbers by what they say; zeros where there is no pitch."""
        chords, moves = self._chords.mean(GATE), self._moves.mean(GATE)
        if chords is None:
            chords = np.zeros(12 + 6)
        terms = np.fft.fft(chords[:12])
        return {
            "balance": np.abs(terms[ORDERS]),
            "chord_balance": chords[12:],
            "mode": np.concatenate([_bispectrum(terms, *orders) for orders in TRIPLES]),
            "moves": np.zeros(12) if moves is None else moves,
        }


def _bispectrum(terms: NDArray[np.complex128], one: int, other: int) -> Numbers:
    """Its real and its imaginary part, in the size of the terms."""
    product = complex(terms[one] * terms[other] * np.conj(terms[(one + other) % 12]))
    shrunk = product / (abs(product) ** (2 / 3) + 1e-9)
    return np.array([shrunk.real, shrunk.imag])


@cache
def _bank() -> Samples:
    """How much each bin is of each pitch class, shape (KEPT, 12)."""
    hertz = np.arange(KEPT) * RATE / FRAME
    pitch = 12 * np.log2(np.maximum(hertz, 1) / 440) + 9
    note = np.rint(pitch).astype(int)
    bank = np.zeros((KEPT, 12), np.float32)
    bank[np.arange(KEPT), note % 12] = np.cos(np.pi * (pitch - note)) ** 2 * (
        (hertz > LOWEST) & (hertz < HIGHEST)
    )
    return bank
