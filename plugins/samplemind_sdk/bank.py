"""Weighted sums over the bins of spectra, the same to the last bit for a frame whatever frames come with it."""

import numpy as np
from numpy.typing import NDArray

from .block import Samples

TOGETHER = 8  # rows a product: libraries add in another order for other numbers of rows
NARROW = 16  # neighbouring bands that are summed together: few bins matter to any of them


def product(rows: Samples, weights: Samples) -> Samples:
    """rows @ weights, shape (rows, bands)."""
    found = np.empty((len(rows), weights.shape[1]), np.float32)
    _multiply(rows, weights, found)
    return found


class Bank:
    """Bands that each take few neighbouring bins, as triangles do: the other bins cost nothing."""

    def __init__(self, weights: NDArray[np.float32]) -> None:
        """From weights of shape (bins, bands)."""
        self._bands, self._groups = weights.shape[1], list[tuple[slice, slice, Samples]]()
        for first in range(0, self._bands, NARROW):
            bands = slice(first, first + NARROW)
            heard = np.flatnonzero(weights[:, bands].any(axis=1))
            bins = slice(int(heard[0]), int(heard[-1]) + 1)
            self._groups.append((bins, bands, np.ascontiguousarray(weights[bins, bands])))

    def of(self, spectra: Samples) -> Samples:
        """The sum of each band, shape (frames, bands)."""
        found = np.empty((len(spectra), self._bands), np.float32)
        for bins, bands, weights in self._groups:
            _multiply(spectra[:, bins], weights, found[:, bands])
        return found


def _multiply(rows: Samples, weights: Samples, found: Samples) -> None:
    whole = len(rows) // TOGETHER * TOGETHER
    cut = rows[:whole].reshape(-1, TOGETHER, rows.shape[1])
    np.matmul(cut, weights, out=found[:whole].reshape(-1, TOGETHER, found.shape[1]))
    if whole < len(rows):
        filled = np.zeros((1, TOGETHER, rows.shape[1]), np.float32)
        filled[0, : len(rows) - whole] = rows[whole:]
        found[whole:] = np.matmul(filled, weights)[0, : len(rows) - whole]
