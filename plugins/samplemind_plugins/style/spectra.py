"""The spectra that genre is judged by: what librosa, at 22,050 Hz, would see of the sound."""

import numpy as np
import scipy.fft

from samplemind_sdk import RATE, Block, Samples, feature, mono

FRAME = 4_096  # samples: as long as librosa's 2,048 at half the rate; one frame begins where another ends
BINS = FRAME // 4 + 1  # those up to 11,025 Hz, which is all there is at half the rate
WINDOW = 10 * 2**17 // FRAME  # frames in ten blocks, 29.7 s: the table that was learnt from has 30 s


@feature
def spectra(block: Block) -> Samples:
    """Magnitudes of the whole frames of a block, scaled as at 22,050 Hz, shape (frames, BINS)."""
    frames = block.length // FRAME
    sound = mono(block)[: frames * FRAME].reshape(frames, FRAME)
    half = (np.hanning(FRAME + 1)[:-1] / 2).astype(np.float32)
    found: Samples = np.abs(scipy.fft.rfft(sound * half)[:, :BINS])
    return found


def hertz() -> Samples:
    """The frequency of each bin."""
    return (np.arange(BINS) * RATE / FRAME).astype(np.float32)
