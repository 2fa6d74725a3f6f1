"""A user's own ONNX model: what it takes, what it says, and why it cannot be used."""

import os
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplemind_sdk import RATE, File, Samples
from samplemind_sdk.features import HOP, MELS

from ..network import softmax
from .about import About, CannotUse, read_about

Numbers = NDArray[np.float64]

LOADED = 4  # models that a worker keeps
PIECE = 10.0  # seconds: what a model hears at a time that takes any length
LONGEST = 60.0  # seconds
ROUNDING = 1e-4  # by which a probability may be off 0 to 1


@dataclass(frozen=True)
class Model:
    """A model that can be asked."""

    session: Any  # onnxruntime.InferenceSession
    title: str  # its file's name, and the beginning of its SHA-256
    about: About
    rate: int | None  # Hz of the samples that it hears; None where it hears log-mel frames
    length: int  # samples at that rate or frames, at a time
    is_fixed: bool  # whether it must be as many

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its outputs."""
        return self.about.labels

    def steps(self, seconds: float) -> int:
        """Frames in so many seconds, or samples at RATE."""
        return round(seconds * (RATE / HOP if self.rate is None else RATE))

    def judge(self, window: Samples) -> Numbers:
        """The probability of each label, of one window; CannotUse where it is none."""
        wanted = self.session.get_inputs()[0].name
        first = self.session.get_outputs()[0].name
        try:
            [said] = self.session.run([first], {wanted: window[None]})
        except Exception as error:  # those of onnxruntime have no class of their own
            raise CannotUse(f"it fails: {_line(error)}") from None
        found = np.asarray(said, float).ravel()
        if len(found) != len(self.labels):
            raise CannotUse(f"it says {len(found)} numbers, and there are {len(self.labels)} labels")
        if not np.isfinite(found).all():
            raise CannotUse("it says what is no number")
        return _probabilities(found, self.about.activation)


def load(path: File) -> Model:
    """The model in a file, with its labels; CannotUse, with a sentence, where it is none that can be asked."""
    return _load(path, _stamp(path), _stamp(path.labels))


@lru_cache(maxsize=LOADED)
def _load(path: File, *stamps: tuple[int, ...]) -> Model:
    try:
        with path.open() as file:
            content = file.read()
    except (OSError, ValueError) as why:
        raise CannotUse(str(why)) from None
    session = _session(content)
    about = read_about(dict(session.get_modelmeta().custom_metadata_map), path.labels)
    title = f"{os.path.basename(path)} ({sha256(content).hexdigest()[:12]})"
    return Model(session, title, about, *_taken(session, about))


def _session(content: bytes) -> Any:
    """The model, to be run on one thread and the same way every time."""
    try:
        import onnxruntime
    except ImportError:
        raise CannotUse("onnxruntime is not installed: pip install 'samplemind[onnx]'") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what is wrong is said in errors
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # those of onnxruntime have no class of their own
        raise CannotUse(f"it is no ONNX model that can be run: {_line(error)}") from None


def _taken(session: Any, about: About) -> tuple[int | None, int, bool]:
    """The rate, the length and whether it is fixed; CannotUse where it takes neither frames nor samples."""
    inputs = session.get_inputs()
    shape = [one if isinstance(one, int) else None for one in inputs[0].shape] if len(inputs) == 1 else []
    is_mel = len(shape) == 3 and shape[2] in (MELS, None)
    if not (is_mel or len(shape) == 2) or shape[0] not in (1, None) or inputs[0].type != "tensor(float)":
        takes = ", ".join(f"{one.name}: {one.type} {one.shape}" for one in inputs)
        raise CannotUse(f"it takes {takes[:300]}, not float32 [1, frames, {MELS}] or [1, samples]")
    rate = None if is_mel else about.rate
    per_second = RATE / HOP if rate is None else rate
    length = shape[1] or round(PIECE * per_second)
    if not 0 < length <= LONGEST * per_second:
        raise CannotUse(f"it hears {length / per_second:.1f} s at a time, and {LONGEST:g} are the most")
    return rate, length, shape[1] is not None


def _probabilities(said: Numbers, activation: str) -> Numbers:
    if activation == "softmax":
        return softmax(said)
    if activation == "sigmoid":
        return np.asarray(0.5 * (1 + np.tanh(said / 2)))
    furthest = said[np.argmax(np.abs(said - 0.5))]
    if abs(furthest - 0.5) > 0.5 + ROUNDING:
        raise CannotUse(
            f"it says {furthest:.4g}, and a probability is 0 to 1: does its metadata lack the activation?"
        )
    return np.clip(said, 0, 1)


def _stamp(path: File) -> tuple[int, ...]:
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return ()
    return about.st_size, about.st_mtime_ns, about.st_ino


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
