"""The page about reliability names tests and programs that there are, a line for each promise."""

import re

from listings import CHECKOUT

PAGE = CHECKOUT / "docs" / "reliability.md"
COLUMNS = ["row", "promise", "shown by", "measured", "date"]


def rows():
    """The rows of the tables of promises, by their number."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    return {row[0]: row for row in cells if len(row) == len(COLUMNS) and re.fullmatch(r"[A-I]\d+", row[0])}


def test_every_promise_is_a_line_that_says_how_it_is_shown_and_what_was_measured():
    assert len(rows()) >= 15
    for number, row in rows().items():
        assert all(row), number
        assert re.search(r"`tests/|`make (soak|load)", row[2]), number
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row[4]), number


def test_every_test_and_program_that_is_named_is_there():
    for number, row in rows().items():
        for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row[2]):
            assert not name or f"def {name}(" in (CHECKOUT / path).read_text(), f"{number}: {path}::{name}"
        for kind, part in re.findall(r"`make (soak|load) PARTS=(\w+)`", row[2]):
            assert (CHECKOUT / "tests" / kind / f"{part}.py").is_file(), f"{number}: {kind} {part}"
