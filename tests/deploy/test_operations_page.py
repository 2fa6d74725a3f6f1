"""docs/operations.md names what is there: files, targets, settings and commands."""

import re

import pytest

from samplemind_daemon.__main__ import COMMANDS
from samplemind_daemon.settings import Settings


@pytest.fixture
def page(checkout):
    return (checkout / "docs" / "operations.md").read_text("utf-8")


def test_every_link_and_every_file_that_it_names_is_there(page, checkout):
    for target in re.findall(r"\]\(([^)#]+)\)", page):
        assert (checkout / "docs" / target).exists(), target
    for file in re.findall(r"\bdeploy/[\w./-]*[\w]", page):
        made_by_the_operator = file == "deploy/compose/samplemind.env"
        assert made_by_the_operator or (checkout / file).exists(), file


def test_every_target_command_and_setting_that_it_names_is_one(page, checkout):
    makefile = (checkout / "Makefile").read_text("utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", page, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for command in re.findall(r"samplemindd ([a-z]+)", page):
        assert command in COMMANDS, command
    for name in re.findall(r"SAMPLEMIND_([A-Z_]+)=", page):
        assert name.lower() in Settings.model_fields or name == "PUBLISH", name
    for part in re.findall(r"PARTS=([a-z]+)", page):
        assert (checkout / "tests" / "soak" / f"{part}.py").exists()


def test_the_statuses_that_are_not_tried_again_are_those_of_the_code(page):
    from samplemind_daemon.commands.serve import BAD_SETTING, CANNOT_START

    assert f"Statuses {BAD_SETTING} and {CANNOT_START} are wrong settings" in page
