"""A wheel built from the checkout and installed elsewhere is complete: it analyses, and finds strangers' plugins.

The clean environment has the wheel, a stranger's wheel, and links to the libraries that both need; of
the checkout it has nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listings import disagreements, listings

CHECKOUT = Path(__file__).parents[1]
PACKAGES = ("samplemind.v1", "samplemind_sdk", "samplemind_plugins", "samplemind_daemon", "samplemind_client")
FOLDERS = {package.partition(".")[0] for package in PACKAGES} | {"samplemind_web"}  # that if it is built

pytestmark = pytest.mark.timeout(300)


class Elsewhere:
    """An environment with SampleMind and a stranger's plugin in it, in a folder of its own."""

    def __init__(self, root: Path, wheels: list[Path], sources: set[str]) -> None:
        self.root, self.wheels, self.sources = root, wheels, sources
        self.bin = root / "env" / "bin"
        run(sys.executable, "-m", "venv", "--without-pip", root / "env")
        target = ("--python", self.bin / "python", "install", "--no-index", "--no-deps")
        run(sys.executable, "-m", "pip", *target, *wheels)
        self.packages = next((root / "env" / "lib").glob("python3*/site-packages"))
        link_libraries(root / "libraries")
        (self.packages / "libraries.pth").write_text(f"{root / 'libraries'}\n")

    def run(self, command: str, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of this environment, from its folder, with no Python settings from outside."""
        return subprocess.run(
            self.line(command, *arguments), cwd=self.root, env=self.environment | environment, timeout=120,
            check=False, capture_output=True, text=True,
        )  # fmt: skip

    @contextmanager
    def serve(self, home: Path) -> "Iterator[None]":
        """The daemon of this environment, serving until the context ends."""
        listen = ("--home", home, "--listen", "127.0.0.1:0", "--workers", 1)
        line = self.line("samplemindd", "serve", *listen)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(line, cwd=self.root, env=self.environment, **quiet) as daemon:
            try:
                wait_for((home / "ready.json").exists)
                yield
            finally:
                daemon.terminate()

    def line(self, command: str, *arguments: object) -> list[str]:
        return [str(self.bin / command), *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        ours = ("PYTHON", "SAMPLEMIND_", "VIRTUAL_ENV")
        outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**outside, "PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.root / "user")}


def link_libraries(folder: Path) -> None:
    """Link all that is installed here but the editable SampleMind and what leads to it."""
    folder.mkdir()
    for found in Path(sysconfig.get_path("purelib")).iterdir():
        if found.suffix != ".pth" and "samplemind" not in found.name:
            (folder / found.name).symlink_to(found)


def build(source: Path, into: Path) -> None:
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", into, source)


def run(*line: object) -> None:
    done = subprocess.run([*map(str, line)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def checkout(into: Path) -> Path:
    """The checkout as a fresh clone has it: without what a build makes."""
    made = shutil.ignore_patterns("*_pb2*", "__pycache__", "node_modules")
    for part in ("proto", "plugins", "daemon", "clients"):
        shutil.copytree(CHECKOUT / part, into / part, ignore=made)
    for part in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(CHECKOUT / part, into / part)
    return into


def packaged(checkout: Path) -> set[str]:
    """The files of the packages, as a wheel names them."""
    files = [found.relative_to(checkout) for found in checkout.rglob("*") if found.is_file()]
    return {
        Path(*file.parts[1:]).as_posix() for file in files if file.parts[1:2] and file.parts[1] in FOLDERS
    }


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    root = tmp_path_factory.mktemp("elsewhere")
    sources = packaged(checkout(root / "checkout"))
    build(root / "checkout", root / "wheels")
    build(shutil.copytree(CHECKOUT / "tests" / "third_party", root / "stranger"), root / "wheels")
    for source in ("checkout", "stranger"):
        shutil.rmtree(root / source)
    return Elsewhere(root, sorted((root / "wheels").glob("*.whl")), sources)


@pytest.fixture
def tone(tmp_path):
    """Three seconds of 1 kHz."""
    samples = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(3 * 44_100) / 44_100)
    soundfile.write(tmp_path / "tone.wav", samples, 44_100)
    return tmp_path / "tone.wav"


def test_every_module_comes_from_the_wheel(elsewhere):
    walk = (
        "import importlib, json, pkgutil, sys\n"
        "files = {}\n"
        "for package in sys.argv[1:]:\n"
        "    found = importlib.import_module(package)\n"
        "    names = [one.name for one in pkgutil.walk_packages(found.__path__, package + '.')]\n"
        "    modules = [importlib.import_module(name) for name in names if '__main__' not in name]\n"
        "    files |= {one.__name__: one.__file__ for one in (found, *modules) if one.__file__}\n"
        "print(json.dumps(files))\n"
    )
    done = elsewhere.run("python", "-c", walk, *PACKAGES)
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)
    assert {name.partition(".")[0] for name in files} == {name.partition(".")[0] for name in PACKAGES}
    assert "samplemind.v1.audio_pb2_grpc" in files and "samplemind_daemon.store.tables" in files
    assert [name for name, file in files.items() if not file.startswith(str(elsewhere.packages))] == []


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(elsewhere):
    [wheel] = [one for one in elsewhere.wheels if one.name.startswith("samplemind-")]
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    generated = {name for name in held if "_pb2" in name}
    assert held - generated == elsewhere.sources
    assert {f"{package}/py.typed" for package in PACKAGES if "." not in package} <= held
    for proto in (CHECKOUT / "proto/samplemind/v1").glob("*.proto"):
        made = {
            f"samplemind/v1/{proto.stem}_pb2{ending}" for ending in (".py", ".pyi", "_grpc.py", "_grpc.pyi")
        }
        assert made <= generated


def test_it_analyses_and_hears_with_a_strangers_plugin(elsewhere, tone, tmp_path):
    done = elsewhere.run("samplemindd", "analyze", "--json", "--home", tmp_path, tone)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["descriptors"]
    assert found["brightness.centroid"]["value"] == pytest.approx(1_000, rel=0.05)
    assert found["colour.word"]["value"] == "neutral" and found["colour.word"]["made_by"] == "colour"
    assert found["loudness.integrated"]["value"] == pytest.approx(
        -9.0, abs=0.2
    )  # half of full scale, one channel
    assert "key.tonic" in found


def test_it_serves_and_what_is_dropped_into_its_folder_is_analysed(elsewhere, tone, tmp_path):
    home = tmp_path / "home"
    with elsewhere.serve(home):
        shutil.copy(tone, home / "inbox")

        def listed() -> list[dict]:
            done = elsewhere.run("samplemind", "ls", "--json", SAMPLEMIND_HOME=str(home))
            assert done.returncode == 0, done.stderr
            return [row for row in map(json.loads, done.stdout.splitlines()) if row["status"] == "completed"]

        [row] = wait_for(listed)
    assert row["file"] == "tone.wav"
    assert row["descriptors"]["brightness.centroid"]["value"] == pytest.approx(1_000, rel=0.05)


def wait_for(question, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return answer


def test_it_lists_a_strangers_plugin_with_its_origin(elsewhere, tmp_path):
    listed = elsewhere.run("samplemindd", "plugins", "--json", "--home", tmp_path).stdout.splitlines()
    plugins = {one["name"]: one for one in map(json.loads, listed)}
    stranger = plugins["brightness"]
    assert (stranger["origin"], stranger["problem"]) == ("samplemind-brightness 1.0", "")
    assert [one["name"] for one in stranger["analyzers"]] == ["brightness", "colour"]
    assert plugins["loudness"]["origin"].startswith("samplemind ")


def test_it_is_as_the_plugin_guide_shows(elsewhere):
    guide = listings(CHECKOUT / "docs" / "plugins.md")
    [shown] = [one for one in guide if (one.how, one.where) == ("run by", "tests/test_wheel.py")]
    (install, _), *commands = shown.transcript
    assert install == "pip install ./samplemind-brightness"  # as was done with its wheel
    assert disagreements(commands, lambda command: elsewhere.run(*command.split())) == []


def test_a_database_can_be_made_from_the_wheel_alone(elsewhere, tmp_path):
    make = (
        "import pathlib, sys; from samplemind_daemon.store import Store\n"
        "print(Store(pathlib.Path(sys.argv[1])).migrate())"
    )
    done = elsewhere.run("python", "-c", make, tmp_path / "samplemind.db")
    assert "0001_first" in done.stdout, done.stderr


def test_both_commands_are_installed(elsewhere):
    assert "analyze" in elsewhere.run("samplemindd", "--help").stdout
    assert elsewhere.run("samplemind", "--help").returncode == 0
