"""A log is what the daemon said: no name, tag or message of a stranger adds to it or commands a terminal."""

import json
import random
import subprocess
import sys

import pytest
from raw_calls import PASSWORD, Channel, Person

HOSTILE = [
    "\r\nlevel=error forged", '\n{"event": "forged", "level": "critical"}', "\x1b[2J\x1b[31mred", "\u2028next",
    "\u2029", "\x85", "\x00", "\x07", "\x9b31m", "\u202etxt.exe", "\ud800", "a" * 1_000_000, "é" * 100_000,
    "\N{GRINNING FACE}" * 50_000, '"', "\\", "%s%n", "{0}", "$(id)", "\t", "\v\f", "\ufeff", "\udcff.wav",
]  # fmt: skip
SAY = """
import json, logging, sys
import structlog
from samplemind_daemon import logs
logs.set_up("info", sys.argv[1])
log, plain = structlog.get_logger(), logging.getLogger("stranger")
for text in json.load(sys.stdin):
    log.info("a file was seen", name=text, more=[text, text])
    log.info(text)
    plain.warning(text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("it failed", name=text)
"""


@pytest.fixture
def say():
    """What is logged of these texts, each in four records."""

    def say(form: str, texts: list[str]) -> bytes:
        command = [sys.executable, "-c", SAY, form]
        return subprocess.run(
            command, input=json.dumps(texts).encode(), capture_output=True, check=True, timeout=60
        ).stderr

    return say


@pytest.fixture
def texts():
    """Two hundred of them: the worst, and mixtures."""
    chance = random.Random(14)
    mixed = ["".join(chance.choices([text[:9] for text in HOSTILE], k=9)) for _ in range(200 - len(HOSTILE))]
    return HOSTILE + mixed


def test_in_json_there_is_one_bounded_line_a_record_whatever_is_in_it(say, texts):
    lines = say("json", texts).split(b"\n")[:-1]
    assert len(lines) == 4 * len(texts)
    for line in lines:
        record = json.loads(line)
        assert record["event"] and record["level"] and record["timestamp"]
        assert len(line) <= 8_192 and line.isascii() and not any(byte < 32 for byte in line)
    assert "it failed" in {json.loads(line)["event"] for line in lines}


def test_as_text_nothing_but_the_daemon_begins_a_line_or_commands_the_terminal(say, texts):
    shown = say("text", texts).decode()
    assert not [one for one in shown if one != "\n" and not one.isprintable()]
    began = [line for line in shown.split("\n") if line and not line.startswith(("    ", "Traceback"))]
    assert len(began) == 4 * len(texts) and all(line.startswith("20") for line in began)


def test_no_secret_is_in_the_log(own_daemon):
    daemon = own_daemon(settings={"SAMPLEMIND_LOG_LEVEL": "debug"})
    channel = Channel(daemon.address)
    person = Person(channel)
    _, [(_, key)] = person.make_key()
    assert person("AuthService/CreateApiKey", name="a key\n\x1b[31m", scope=1).reason == "INVALID_API_KEY"
    for rpc in ("AudioService/List", "AuthService/GetMe", "AuthService/Refresh"):
        person(rpc)
    channel.call("AuthService/Login", password={"email": person.email, "password": "wrong " + PASSWORD})
    channel.call("AuthService/GetMe", [("x-api-key", key + "x")])
    secrets = [PASSWORD, key, person.tokens.access_token, person.tokens.refresh_token, daemon.owner_key]
    channel.close()
    daemon.stop()
    log = daemon.log.read_text()
    assert log and not [secret for secret in secrets if secret in log]
    assert all(json.loads(line) for line in log.splitlines() if not line.startswith("Ending;"))
