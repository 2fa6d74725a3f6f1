"""Samples as they come over the wire."""

from enum import StrEnum

import numpy as np

from samplemind_sdk import Samples


class Format(StrEnum):
    """How a sample is written, little-endian; channels are interleaved."""

    F32 = "f32le"
    S16 = "s16le"
    S24 = "s24le"


WIDTHS = {Format.F32: 4, Format.S16: 2, Format.S24: 3}  # bytes


def samples(data: bytes, format: Format, channels: int) -> Samples:
    """Samples as a decoder of a WAV file gives them, shape (frames, channels), full scale 1.0."""
    if format is Format.F32:
        flat = np.frombuffer(data, "<f4").astype(np.float32, copy=False)
    elif format is Format.S16:
        flat = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(2**15)
    else:
        flat = _of_24_bits(data)
    return flat.reshape(-1, channels)


def _of_24_bits(data: bytes) -> Samples:
    wide = np.zeros((len(data) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    found: Samples = (wide.reshape(-1).view("<i4") >> 8).astype(np.float32) / np.float32(2**23)
    return found
