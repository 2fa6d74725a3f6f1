"""The client of a language: built as its README says, walked through the tour, and compared with the daemon itself."""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from raw_calls import PASSWORD, Channel, Person

CLIENTS = Path(__file__).parents[2] / "clients"
LOOP = Path(__file__).parents[2] / "docs" / "examples" / "loop.py"
USUAL_PLACES = ("/usr/local/go/bin", str(Path.home() / ".cargo" / "bin"), "/usr/lib/go/bin")
ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join((os.environ["PATH"], *USUAL_PLACES))}
BUILD_SECONDS, TOUR_SECONDS = 1_500, 300
ACCESS_MINUTES = 0.2  # that an access token lives: the tour waits for its end
STEPS = "refused login upload again analyze events list search live missing wrong wait renewed logout ended".split()


@dataclass(frozen=True)
class Language:
    """A folder of clients/, the commands that its README asks for, and the one that runs its own tests."""

    folder: str
    needs: tuple[str, ...]
    tests: str

    @property
    def home(self) -> Path:
        return CLIENTS / self.folder

    @property
    def first_minutes(self) -> list[str]:
        """The README's first block of commands: builds, and last the tour."""
        text = (self.home / "README.md").read_text("utf-8")
        block = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
        assert block, f"the README of {self.folder} has no commands"
        return block[1].replace("\\\n", " ").strip().splitlines()

    def build(self) -> None:
        """Run the README's commands but the last; a skip where a tool is missing."""
        if missing := [one for one in self.needs if shutil.which(one, path=ENVIRONMENT["PATH"]) is None]:
            pytest.skip(f"{self.folder}: not here: {', '.join(missing)}")
        for line in self.first_minutes[:-1]:
            self.run(line)

    def run(self, line: str, **more: str) -> str:
        """Run a line of shell in the folder, and say what it printed."""
        done = subprocess.run(
            ["bash", "-euc", line], cwd=self.home, env={**ENVIRONMENT, **more}, capture_output=True, text=True,
            timeout=BUILD_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}"
        return done.stdout

    def tour(self, server: str, email: str, file: Path) -> list[str]:
        """The README's last command, for this server, account and file."""
        command = shlex.split(self.first_minutes[-1])
        assert command[-4:] == ["localhost:50051", "you@example.org", "$PASSWORD", "loop.wav"], command
        return [*command[:-4], server, email, PASSWORD, str(file)]


class Steps:
    """The lines that a tour prints, as they come; it is ended if it takes too long."""

    def __init__(self, language: Language, command: list[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as wrong:
            self._process = subprocess.Popen(
                command, cwd=language.home, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=wrong, text=True
            )
        self._limit = threading.Timer(TOUR_SECONDS, self._process.kill)
        self._limit.start()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self._process.stdout:
            yield json.loads(line)
        assert self._process.wait() == 0, self._log.read_text()

    def end(self) -> None:
        self._limit.cancel()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def walk(language: Language, own_daemon: Any, folder: Path) -> None:
    """Have the client do all that docs/languages.md promises, and see that each word of it is true."""
    language.build()
    daemon = own_daemon(settings={"SAMPLEMIND_ACCESS_MINUTES": str(ACCESS_MINUTES)})
    channel = Channel(daemon.address)
    person, file = Person(channel), folder / "loop.wav"
    compose(file)
    steps = Steps(language, language.tour(daemon.address, person.email, file), folder / "tour.log")
    said = {}
    try:
        for step in steps:
            said[step.pop("step")] = step
            if "wait" in said and len(said) == STEPS.index("wait") + 1:
                _judge_sound(said, person, file)
                daemon.restart()  # and the client goes on
    finally:
        steps.end()
        channel.close()
    assert list(said) == STEPS, (list(said), steps._log.read_text())
    _judge_account(said, person.email)


def compose(file: Path) -> None:
    """A minute of the house loop: long enough for estimates to come meanwhile, however quick the machine."""
    subprocess.run([sys.executable, str(LOOP), str(file)], check=True, timeout=60)
    sound, rate = soundfile.read(file, dtype="int16")
    soundfile.write(file, np.tile(sound, 8), rate, subtype="PCM_16")


def _judge_sound(said: dict[str, Any], person: Person, file: Path) -> None:
    data, person.headers = file.read_bytes(), person.sign_in()
    sha256 = hashlib.sha256(data).hexdigest()
    [audio] = person("AudioService/List").answer.audios
    assert said["upload"] == {
        "id": audio.id, "name": "loop.wav", "size_bytes": len(data), "sha256": sha256, "sent_bytes": len(data)
    }  # fmt: skip
    assert audio.sha256 == sha256
    assert said["again"] == {"id": audio.id, "sent_bytes": 0}
    known = person("AnalysisService/GetAnalysis", audio_id=audio.id).answer.analysis
    found = {one.name: one for one in known.descriptors}
    tempo, key = found["tempo.bpm"], found["key.key"]
    assert said["analyze"]["updates"][-1] == "result"
    assert set(said["analyze"]["updates"]) <= {"queued", "decoding", "finding", "result"}
    assert said["analyze"]["state"] == "AUDIO_STATE_COMPLETED"
    heard = (tempo.value.number, "BPM", tempo.confidence, key.value.text)
    assert tuple(said["analyze"][name] for name in ("bpm", "unit", "confidence", "key")) == heard
    assert said["events"]["kinds"] == ["audio.added", "audio.queued", "audio.processing", "audio.completed"]
    assert said["events"]["cursor"]
    assert said["list"] == {"ids": [audio.id], "pages": 1}
    assert said["search"] == {"ids": [audio.id], "total": 1}
    _judge_live(said["live"], found, file)


def _judge_live(live: dict[str, Any], found: dict[str, Any], file: Path) -> None:
    with wave.open(str(file)) as sound:
        assert live["frames"] == sound.getnframes()
    assert live["estimates"] > 0 and live["gaps"] == 0
    assert {"tempo.bpm", "key.key", "loudness.integrated"} <= set(live["finals"])
    for name, value in live["finals"].items():
        kind = found[name].value.WhichOneof("kind")
        assert value == getattr(found[name].value, kind), name  # to the last bit


def _judge_account(said: dict[str, Any], email: str) -> None:
    assert said["refused"] == {"code": "UNAUTHENTICATED", "reason": "UNAUTHENTICATED"}
    assert said["login"] == {"email": email, "scope": "SCOPE_ADMIN"}
    assert said["missing"] == {"code": "NOT_FOUND", "reason": "AUDIO_NOT_FOUND"}
    wrong = {"code": "INVALID_ARGUMENT", "reason": "INVALID_PAGE_SIZE", "fields": ["page_size"]}
    assert said["wrong"] == wrong
    assert 0 <= said["wait"]["seconds"] <= ACCESS_MINUTES * 60
    assert said["renewed"]["email"] == email and said["renewed"]["renewals"] >= 1
    assert said["ended"] == {"code": "UNAUTHENTICATED", "reason": "UNAUTHENTICATED"}
