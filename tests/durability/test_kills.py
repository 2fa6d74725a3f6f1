"""Killed at any moment, the daemon keeps what it promised; killed again and again, it still gets everything done."""

import random

import pytest
from crashing import Crashing

CYCLES = 2  # `make soak` does a hundred


@pytest.mark.timeout(600)
def test_no_kill_at_any_moment_takes_a_promised_sound_with_it(tmp_path):
    home, moment = Crashing(tmp_path), random.Random()
    for _ in range(CYCLES):
        home.kill_under_load(moment.uniform(0.2, 2), size=50_000)
        assert home.wrongs() == []
    home.finish()
