"""The README is true: its commands, run in a fresh copy in an empty folder, print what it says they print."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
READY_SECONDS = 600.0  # everything is installed from nothing, on a machine that does other things too


def blocks(language):
    """The code blocks of the README in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return [Path(os.fsdecode(name)) for name in listed.stdout.split(b"\0") if name]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What a clone would hold, in a folder of its own, and a home without anything."""
    folder = tmp_path_factory.mktemp("fresh") / "samplemind"
    for path in tracked():
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path)
    return folder


@pytest.fixture(scope="module")
def environment(checkout):
    """As a new user has it, with nothing of SampleMind's set; on a free port, for a daemon may run here."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLEMIND_")}
    home = checkout.parent / "home"
    home.mkdir()
    cache = os.environ.get("PIP_CACHE_DIR") or str(Path("~/.cache/pip").expanduser())
    return bare | {"HOME": str(home), "PIP_CACHE_DIR": cache, "SAMPLEMIND_LISTEN": "127.0.0.1:0"}


@pytest.fixture(scope="module")
def running(checkout, environment):
    """`make run`, until it says that it is listening: what it printed."""
    screen = checkout.parent / "screen"
    with screen.open("wb") as out:
        made = subprocess.Popen(
            ["make", "run"], cwd=checkout, env=environment, stdout=out, start_new_session=True
        )
    deadline = time.monotonic() + READY_SECONDS
    while b"\nTry, in another terminal:" not in screen.read_bytes():
        assert made.poll() is None, screen.read_text()
        assert time.monotonic() < deadline, screen.read_text()
        time.sleep(0.1)
    yield screen.read_text()
    os.killpg(made.pid, signal.SIGTERM)
    made.wait(30)


def run(command, checkout, environment):
    return subprocess.run(
        command, shell=True, cwd=checkout, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.timeout(READY_SECONDS + 120)
def test_make_run_says_where_everything_is(running, environment, checkout):
    assert f"{environment['HOME']}/.local/share/samplemind/inbox" in running
    assert "127.0.0.1:" in running and "sign-in code" in running
    web_app = checkout / "clients" / "samplemind_web" / "app" / "index.html"
    assert web_app.is_file() or "The web app is not built here" in running


@pytest.mark.timeout(READY_SECONDS + 120)
def test_the_commands_work_and_the_transcript_is_what_they_print(running, checkout, environment):
    first, loop, here, *_ = blocks("sh")
    assert first == "make run\n"
    assert run(loop, checkout, environment).returncode == 0
    completed = ".venv/bin/samplemind events --since 0 --once"
    deadline = time.monotonic() + 10
    while "audio.completed" not in run(completed, checkout, environment).stdout:
        assert time.monotonic() < deadline, "not done within ten seconds"
    for said in re.split(r"^\$ ", blocks("console")[0], flags=re.MULTILINE)[1:]:
        command, expected = said.split("\n", 1)
        printed = run(command, checkout, environment)
        assert printed.returncode == 0, printed.stderr
        assert timeless(printed.stdout) == timeless(expected), command
    analysed = run(here, checkout, environment)
    assert analysed.returncode == 0 and '"tempo.bpm"' in analysed.stdout


def timeless(text):
    """A transcript without its times of day and its user's home."""
    text = re.sub(r"\d\d:\d\d:\d\d", "TIME", text)
    return re.sub(r"/\S*(?=/\.local/share/samplemind)", "HOME", text)


def test_its_plugin_is_the_one_that_is_tested():
    listing = next(block for block in blocks("python") if "class Brightness" in block)
    assert listing == (ROOT / "docs" / "examples" / "brightness.py").read_text("utf-8")


@pytest.mark.timeout(READY_SECONDS + 120)
def test_its_program_asks_the_daemon(running, checkout, environment):
    program = next(block for block in blocks("python") if "from samplemind_client" in block)
    (checkout / "ask.py").write_text(program)
    shutil.copy(Path(environment["HOME"], ".local/share/samplemind/inbox/loop.wav"), checkout)
    asked = run(".venv/bin/python ask.py", checkout, environment)
    assert asked.returncode == 0, asked.stderr
    assert "tempo.bpm" in asked.stdout and "Result" in asked.stdout


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_every_target_of_make_that_it_names_is_there():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
