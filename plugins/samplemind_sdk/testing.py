"""For plugin tests: sounds whose truth is known because we made them, and the promises every analyzer keeps."""

import math
from typing import Any

import numpy as np

from .analyzer import Analyzer, CannotDescribe, Estimate, Status
from .block import RATE, Samples, blocks


def clicks(bpm: float, seconds: float) -> Samples:
    """A click on every beat, shape (1, samples) at RATE."""
    noise = np.random.default_rng(0)
    sound = np.zeros(int(seconds * RATE), np.float32)
    for beat in np.arange(0, seconds, 60 / bpm):
        tail = sound[int(beat * RATE) :][:2_000]
        tail += 0.2 * noise.standard_normal(len(tail)) * np.exp(-np.arange(len(tail)) / 400)
    return sound[None]


def tone(*hertz: float, seconds: float, level: float = 0.5) -> Samples:
    """Sines, as loud together as `level`, shape (1, samples) at RATE."""
    time = np.arange(int(seconds * RATE)) / RATE
    waves = np.sin(2 * np.pi * np.array(hertz)[:, None] * time)
    sound: Samples = (level * waves.mean(axis=0, keepdims=True)).astype(np.float32)
    return sound


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> Samples:
    """White noise with a standard deviation of `level`, shape (1, samples) at RATE."""
    shape = (1, int(seconds * RATE))
    return (level * np.random.default_rng(seed).standard_normal(shape)).astype(np.float32)


def silence(seconds: float) -> Samples:
    """Zeros, shape (1, samples) at RATE."""
    return np.zeros((1, int(seconds * RATE)), np.float32)


def estimates(analyzer: Analyzer, sound: Samples, pieces: int = 1, **inputs: Estimate) -> dict[str, Estimate]:
    """Play a sound at RATE to one analyzer, without any daemon: its outputs as {name: Estimate}.

    An analyzer that cannot describe the sound answers with the reason for each of its outputs.
    """
    for name in analyzer.inputs:
        setattr(analyzer, name, inputs.get(name))
    for block in blocks(np.array_split(sound, pieces, axis=1)):
        analyzer.update(block)
    return _said(analyzer)


def describe(analyzer: Analyzer, sound: Samples, pieces: int = 1, **inputs: Estimate) -> dict[str, Any]:
    """As `estimates`, but the bare values, and only of what is known."""
    found = estimates(analyzer, sound, pieces, **inputs)
    return {name: estimate.value for name, estimate in found.items() if estimate.value is not None}


def check(kind: type[Analyzer]) -> None:
    """Raise AssertionError unless the analyzer keeps the promises of the contract."""
    assert kind.name.isidentifier() and kind.name.islower(), "a name is lower-case letters, digits and _"
    assert isinstance(kind.version, int) and kind.version >= 1, "a version is a whole number from 1"
    assert kind.__doc__, "a docstring says what it finds out"
    assert kind.outputs, "an analyzer finds something out"
    kind()
    if not kind.listens():
        return
    for sound in _sounds():
        once, live = estimates(kind(), sound), estimates(kind(), sound, pieces=999)
        assert once == live, "how the sound arrives must not matter"
        assert once.keys() <= kind.outputs.keys(), "only declared outputs are reported"
        for name, estimate in once.items():
            _check_estimate(name, estimate)
        curious = kind()
        for block in blocks([sound]):
            curious.update(block)
            _said(curious)
        assert _said(curious) == once, "describe() must leave everything as it is"


def _sounds() -> list[Samples]:
    stereo = np.concatenate([clicks(97, 12), tone(330, seconds=12)])
    chord = tone(220, 277.18, 329.63, seconds=20)
    return [silence(0.01), silence(20), clicks(120, 20), chord, noise(5), stereo]


def _said(analyzer: Analyzer) -> dict[str, Estimate]:
    try:
        return dict(analyzer.describe())
    except CannotDescribe as cannot:
        unknown = Estimate(None, status=cannot.status, reason=cannot.reason)
        return dict.fromkeys(analyzer.outputs, unknown)


def _check_estimate(name: str, estimate: Estimate) -> None:
    numbers = estimate.value if isinstance(estimate.value, tuple) else (estimate.value,)
    for number in numbers:
        assert not isinstance(number, float) or math.isfinite(number), f"{name} must be finite"
    if estimate.value is None:
        assert estimate.status not in (Status.OK, Status.LOW_CONFIDENCE), f"{name} is ok but unknown"
        assert estimate.reason, f"{name} is unknown, and nothing says why"
