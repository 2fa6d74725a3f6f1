"""For plugin tests: sounds whose truth is known because we made them, and the promises every analyzer keeps."""

from typing import Any

import numpy as np

from .analyzer import Analyzer, CannotDescribe, Estimate, Output, Status
from .block import BLOCK, RATE, Samples, blocks


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
    """Raise AssertionError, with a sentence, unless the analyzer keeps the promises of the contract."""
    _check_declaration(kind)
    if not kind.listens():
        return
    for sound in _sounds():
        once = estimates(kind(), sound)
        assert once == estimates(kind(), sound), "an instance hears one sound only: nothing may be left over"
        for name, estimate in once.items():
            _check_estimate(kind.outputs[name], estimate)
        assert once == _interrupted(kind(), sound), "describe() must leave everything as it is"
        for name, other in _interrupted(kind(), sound, kind.grain).items():
            assert once[name] == other, f"{name} must not depend on how the sound is cut into blocks"


def _check_declaration(kind: type[Analyzer]) -> None:
    name = getattr(kind, "name", None)
    named = isinstance(name, str) and name.isidentifier() and name.islower() and len(name) <= 64
    assert named, f"a name is lower-case letters, digits and _, at most 64, not {name!r}"
    whole = type(kind.version) is int and kind.version >= 1
    assert whole, f"a version is a whole number from 1, not {kind.version!r}"
    assert kind.__doc__ and kind.__doc__ != Analyzer.__doc__, "a docstring says what it finds out"
    assert kind.outputs, "an analyzer finds something out"
    assert 2**10 <= kind.grain <= BLOCK and kind.grain & (kind.grain - 1) == 0, "a grain is a power of two"
    assert kind.describe is not Analyzer.describe, "describe() says what was found"
    assert kind.listens() or kind.inputs, "an analyzer hears the sound or takes what others found"
    for taken in kind.inputs.values():
        parts = taken.source.split(".")
        assert len(parts) == 2 and all(parts), f"an input is named as in tempo.bpm, not {taken.source!r}"
    kind()


def _sounds() -> list[Samples]:
    stereo = np.concatenate([clicks(97, 12), tone(330, seconds=12)])
    chord = tone(220, 277.18, 329.63, seconds=20)
    return [silence(0.01), silence(20), clicks(120, 20), chord, noise(5), stereo]


def _interrupted(analyzer: Analyzer, sound: Samples, size: int = BLOCK) -> dict[str, Estimate]:
    """As `estimates`, but the analyzer is asked every few seconds, and at the end twice."""
    for name in analyzer.inputs:
        setattr(analyzer, name, None)
    for block in blocks([sound], size):
        analyzer.update(block)
        if block.start % BLOCK < size:
            _said(analyzer)
    _said(analyzer)
    return _said(analyzer)


def _said(analyzer: Analyzer) -> dict[str, Estimate]:
    try:
        said = list(analyzer.describe())
    except CannotDescribe as cannot:
        unknown = Estimate(None, status=cannot.status, reason=cannot.reason)
        return dict.fromkeys(analyzer.outputs, unknown)
    names = [name for name, _ in said]
    assert set(names) <= analyzer.outputs.keys(), f"only declared outputs are reported, not {sorted(names)}"
    assert len(names) == len(set(names)), f"an output is reported once, not as in {names}"
    return dict(said)


def _check_estimate(output: Output, estimate: Estimate) -> None:
    name, status = output.name, Status(estimate.status)
    known = status in (Status.OK, Status.LOW_CONFIDENCE)
    assert known or estimate.value is None, f"{name} is {status}, but has a value"
    assert not known or estimate.value is not None, f"{name} is {status}, but has no value"
    assert status is Status.OK or estimate.reason, f"{name} is {status}, and nothing says why"
    sure = [confidence for _, confidence in estimate.candidates]
    others = [value for value, _ in estimate.candidates]
    for value in others if estimate.value is None else [estimate.value, *others]:
        for one in value if output.many else [value]:
            assert isinstance(one, output.kind), f"{name} must be a {output.kind.__name__}, not {one!r}"
            _check_quantity(output, one)
    for one in (estimate.confidence, *sure):
        assert one is None or 0 <= one <= 1, f"the confidence of {name} is a probability, 0 to 1, not {one}"


def _check_quantity(output: Output, value: Any) -> None:
    try:
        output.check(value)
    except ValueError as wrong:
        raise AssertionError(str(wrong)) from None
