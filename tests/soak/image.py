"""The image: each step of deploy/Dockerfile in a clean root of Debian, and a daemon in what comes out of it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rig import NotHere

CHECKOUT = Path(__file__).parents[2]
sys.path.insert(0, str(CHECKOUT / "deploy" / "root"))
SERVING_SECONDS = 120.0
PORTS = {"SAMPLEMIND_LISTEN": "127.0.0.1:0", "SAMPLEMIND_WEB": "127.0.0.1:0"}


def run(folder: Path, short: bool) -> str:
    """Build it, start it read-only and as its own user, ask it, have it hear a sound, and stop it."""
    del folder, short
    if os.geteuid() or not all(map(shutil.which, ("debootstrap", "unshare", "node", "npm"))):
        raise NotHere("root, debootstrap, and Node.js with npm are needed")
    with tempfile.TemporaryDirectory(
        prefix="samplemind-image-"
    ) as place:  # as the system's user can reach it
        Path(place).chmod(0o755)
        return _tried(Path(place))


def _tried(place: Path) -> str:
    import machine
    from running import Running

    from build import Builder

    began = time.monotonic()
    builder = Builder(CHECKOUT, place, machine.Bases(place), machine.lent(), machine.said())
    root, image = builder.build(CHECKOUT / "deploy" / "Dockerfile")
    built = time.monotonic() - began
    said = {step.word: step for step in image.steps}
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, *map(int, root.user.split(":")))
    shutil.copy(CHECKOUT / "docs" / "examples" / "loop.py", home)
    root.environment |= PORTS
    volume = said["VOLUME"].listed[0]
    container = Running(root, [*said["ENTRYPOINT"].listed, *said["CMD"].listed], {volume: home})
    try:
        heard = _asked(container, json.loads(said["HEALTHCHECK"].said.partition("CMD ")[2]), home)
    finally:
        status, seconds = container.stop()
    assert status == 0 and not (home / "ready.json").exists(), f"it ended with {status}"
    size = int(
        subprocess.run(
            ["du", "-smx", root.folder], capture_output=True, text=True, check=True
        ).stdout.split()[0]
    )
    return f"built in {built:.0f} s, {size} MB; {heard}; ended within {seconds:.1f} s"


def _asked(container, health: list[str], home: Path) -> str:
    """What a daemon in a root answers to its health check, and to a sound."""
    deadline = time.monotonic() + SERVING_SECONDS
    while container.ask(health).returncode:
        assert container.lives and time.monotonic() < deadline, "it does not come up"
        time.sleep(0.2)
    for nothing in ("/usr/bin/cc", "/opt/samplemind/bin/pip", "/etc/pip.conf", "/run/machine.crt"):
        assert not container.root.path(nothing).exists(), f"{nothing} is in the image"
    assert container.ask(["sh", "-c", "touch /opt/samplemind/x || touch /tmp/x"]).returncode, (
        "the root is not read-only"
    )
    examined = container.ask(["samplemindd", "doctor", "--json"]).stdout.splitlines()
    cage = next(one for one in map(json.loads, examined) if one["subject"] == "cage")
    made = container.ask(["python3", "loop.py", "inbox/loop.wav"])
    assert made.returncode == 0, made.stderr
    while (listed := container.ask(["samplemind", "ls", "--json"])).stdout.count('"completed"') != 1:
        assert time.monotonic() < deadline, listed.stdout + listed.stderr
        time.sleep(0.5)
    found = re.search(r'"tempo\.bpm": \{"value": ([0-9.]+)', listed.stdout)
    assert found and abs(float(found[1]) - 124) < 0.5, listed.stdout
    return f"Python {container.ask(['python3', '-V']).stdout.split()[1]}, cage {cage['health']}, {found[1]} BPM heard"
