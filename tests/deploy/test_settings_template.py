"""The template of settings says what the settings are: all of them, and their defaults."""

import json
import os
import re
from pathlib import Path

import pytest

from samplemind_daemon.settings import Settings, load

DEPENDS = {"home", "workers"}  # on the machine
OTHERS = {
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_ALLOW_HTTP",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}  # what libraries read by themselves
LINE = re.compile(r"^#?(?P<name>[A-Z][A-Z0-9_]+)=(?P<value>.*)$")


@pytest.fixture
def template(checkout):
    """What each line says, by name."""
    lines = (checkout / "deploy" / "samplemind.env").read_text("utf-8").splitlines()
    found = [LINE.match(line) for line in lines if line and not line.startswith("# ")]
    assert all(found), [line for line, one in zip(lines, found, strict=False) if one is None]
    names = [one["name"] for one in found]
    assert len(names) == len(set(names))
    return {one["name"]: one["value"] for one in found}


def variable(name):
    """The variable of a setting."""
    return Settings.model_fields[name].validation_alias or f"SAMPLEMIND_{name.upper()}"


def test_every_setting_has_a_line_and_every_line_is_a_setting(template):
    known = {variable(name) for name in Settings.model_fields}
    assert known - template.keys() == set(), (
        "deploy/samplemind.env lacks these: a line for each, with its default"
    )
    assert template.keys() - known == OTHERS


def test_every_line_shows_the_default(template, monkeypatch):
    for name in [*os.environ]:
        if name.startswith(("SAMPLEMIND_", "AWS_")):
            monkeypatch.delenv(name)
    for name, value in template.items():
        if value and name.startswith("SAMPLEMIND_"):
            monkeypatch.setenv(name, value)
    shown, plain = load(), load(web=Settings.model_fields["web"].default)
    for name in Settings.model_fields.keys() - DEPENDS:
        assert getattr(shown, name) == getattr(plain, name), name
        if not template[variable(name)]:
            assert getattr(plain, name) in ("", None), f"{name} has a default that is not shown"
    assert Path(template["SAMPLEMIND_HOME"]).expanduser() == plain.home


def test_nothing_in_it_counts_before_somebody_says_so(checkout):
    lines = (checkout / "deploy" / "samplemind.env").read_text("utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line)


def test_lists_in_it_are_json(template):
    assert (
        json.loads(template["SAMPLEMIND_WEB_ORIGINS"]) == json.loads(template["SAMPLEMIND_WEB_PROXIES"]) == []
    )
