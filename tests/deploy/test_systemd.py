"""The units are what systemd understands, and keep from the daemon what it can do without."""

import re

import pytest

UNITS = ("samplemindd.service", "samplemind-worker@.service")


@pytest.fixture
def installed(checkout, tmp_path):
    """A root with the units and with what they start and read."""
    place = tmp_path / "etc" / "systemd" / "system"
    place.mkdir(parents=True)
    for unit in UNITS:
        (place / unit).write_text((checkout / "deploy" / "systemd" / unit).read_text("utf-8"))
    command = tmp_path / "opt" / "samplemind" / "bin" / "samplemindd"
    command.parent.mkdir(parents=True)
    command.touch(0o755)
    return tmp_path


@pytest.mark.parametrize("unit", ["samplemindd.service", "samplemind-worker@1.service"])
def test_systemd_understands_every_line(installed, program, says, unit):
    _, said = says(program("systemd-analyze"), "verify", "--man=no", f"--root={installed}", unit)
    ours = [line for line in said.splitlines() if re.search(r"samplemind.*\.service", line)]
    known = [
        line for line in ours if "not found" in line and ".target" in line
    ]  # of a root without systemd's own
    assert ours == known, said


@pytest.mark.parametrize("unit", ["samplemindd.service", "samplemind-worker@1.service"])
def test_a_service_is_exposed_to_little(installed, program, says, unit):
    status, said = says(
        program("systemd-analyze"),
        "security",
        "--offline=true",
        "--threshold=20",
        f"--root={installed}",
        unit,
    )
    assert status == 0, said  # of 100


@pytest.mark.parametrize("unit", UNITS)
def test_the_cage_of_workers_is_let_build_and_the_end_is_waited_for(checkout, unit):
    text = (checkout / "deploy" / "systemd" / unit).read_text("utf-8")
    for call in ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp"):
        assert re.search(rf"^SystemCallFilter=@system-service .*\b{call}\b", text, re.MULTILINE)
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[1]) >= 3 * 10  # drain_seconds
    assert re.search(r"^RestartPreventExitStatus=2 78$", text, re.MULTILINE)
