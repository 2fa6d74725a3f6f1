"""How much the tests here look for: the same few examples each time, or, in `make soak PARTS=fuzz`, many others."""

import os

from hypothesis import HealthCheck, Phase, settings

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much]  # of a machine that is busy with other things
# No deadline: a machine may be ten times slower than this one, and the daemon's promises are tested elsewhere.
settings.register_profile(
    "tests", deadline=None, derandomize=True, database=None, max_examples=150, suppress_health_check=QUIET
)
settings.register_profile(
    "soak", deadline=None, database=None, max_examples=3_000, print_blob=True, suppress_health_check=QUIET
)
settings.register_profile("debug", settings.get_profile("tests"), phases=[Phase.generate], max_examples=40)
settings.load_profile(os.environ.get("SAMPLEMIND_FUZZ", "tests"))
