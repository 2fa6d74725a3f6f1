"""A digest of decoded samples that costs a tenth of SHA-256 over all of them."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import Block

ROWS, COLUMNS = 16, 1_024
PIECE = ROWS * COLUMNS  # frames that are summed at a time, however the sound is cut into blocks


class Digest:
    """SHA-256 of sums of samples, or of all samples.

    A sum is of ROWS samples of a channel that lie COLUMNS apart, their 32 bits taken as a whole number, modulo 2**32:
    exact, so the same on every machine. Any other sample changes it; only whoever means to can make two sounds with
    the same sums.
    """

    def __init__(self, every_sample: bool = False) -> None:
        self._every_sample, self._sha256 = every_sample, hashlib.sha256()
        self._rest = np.zeros((0, 0), np.uint32)  # shape (channels, frames < PIECE)
        self._frames = 0

    def add(self, block: Block) -> None:
        """Hear a block, as it was decoded."""
        source = block.source
        if not self._frames:
            self._sha256.update(f"{block.source_rate} {len(source)} ".encode())
        self._frames += source.shape[1]
        if self._every_sample:
            self._sha256.update(np.ascontiguousarray(source.T).data)
        else:
            self._sum(np.ascontiguousarray(source).view(np.uint32))

    def value(self) -> str:
        """The digest so far, as hexadecimal."""
        sha256 = self._sha256.copy()
        filled = np.zeros((len(self._rest), PIECE), np.uint32)
        filled[:, : self._rest.shape[1]] = self._rest
        sha256.update(_sums(filled))
        sha256.update(str(self._frames).encode())
        return sha256.hexdigest()

    def _sum(self, words: NDArray[np.uint32]) -> None:
        if self._rest.size:
            first = PIECE - self._rest.shape[1]
            head = np.concatenate([self._rest, words[:, :first]], axis=1)
            words = words[:, first:]
            if head.shape[1] < PIECE:
                self._rest = head
                return
            self._sha256.update(_sums(head))
        whole = words.shape[1] // PIECE * PIECE
        self._sha256.update(_sums(words[:, :whole]))
        self._rest = words[:, whole:].copy()


def _sums(words: NDArray[np.uint32]) -> bytes:
    """The sums of whole pieces, piece by piece, each channel after the other."""
    each = [np.add.reduce(channel.reshape(-1, ROWS, COLUMNS), axis=1, dtype=np.uint32) for channel in words]
    return np.stack(each, axis=1).tobytes() if each else b""
