"""The digest tells the same samples, and the print the same recording, from all others."""

from base64 import b64decode

import numpy as np

from samplemind_daemon.store import recordings
from samplemind_plugins.identity import Identity
from samplemind_sdk import RATE
from samplemind_sdk.testing import check, describe, noise, silence, tone


def print_of(sound):
    return recordings.read(b"".join(map(b64decode, describe(Identity(), sound)["print"])))


def hits(seed, seconds=3.0, at=(0, 0.4, 0.75, 1.2, 1.5, 2.1, 2.5)):
    """Strokes of drums at these times: each seed has its own drums."""
    made, sound = np.random.default_rng(seed), np.zeros(int(seconds * RATE), np.float32)
    for start in at:
        place = sound[int(start * RATE) :][:9_000]
        body = made.standard_normal(9_000) * np.exp(-np.arange(9_000) / made.uniform(400, 3_000))
        place += 0.2 * np.convolve(body, made.standard_normal(40), "same")[: len(place)] / 6
    return sound[None]


def test_it_keeps_the_promises_of_an_analyzer():
    check(Identity)


def test_the_digest_is_of_every_sample_and_of_nothing_else():
    sound = noise(7)
    for settings in ({}, {"every_sample": True}):
        digest = describe(Identity(**settings), sound)["audio"]
        assert digest == describe(Identity(**settings), sound.copy(), pieces=9)["audio"]
        for place in (0, 5, 16_384, 100_000, sound.shape[1] - 1):
            other = sound.copy()
            other[0, place] = np.nextafter(other[0, place], np.float32(1))
            assert describe(Identity(**settings), other)["audio"] != digest
        longer = np.concatenate([sound, np.zeros((1, 1), np.float32)], axis=1)
        assert describe(Identity(**settings), longer)["audio"] != digest
        assert describe(Identity(**settings), np.repeat(sound, 2, axis=0))["audio"] != digest


def test_a_print_stays_what_it_is_where_a_sound_is_softer_noisier_and_cut():
    sound = hits(1)
    one = print_of(sound)
    for other in (
        sound * 0.1,
        sound + noise(3, 0.0005),
        sound[:, 300:],
        np.concatenate([silence(0.2), sound], axis=1),
    ):
        assert recordings.are_one(one, print_of(np.ascontiguousarray(other)))


def test_other_drums_in_the_same_pattern_are_another_sound():
    prints = [print_of(hits(seed)) for seed in range(12)]
    differences = [recordings.difference(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert min(differences) > 1.25 * recordings.MOST_DIFFERENT


def test_silence_has_no_print_and_rubbish_is_none():
    assert "print" not in describe(Identity(), silence(1)) and "audio" in describe(Identity(), silence(1))
    assert recordings.read(b"") is None and recordings.read(b"12345678") is None
    assert print_of(tone(440, seconds=0.05)) is None  # too short to tell
