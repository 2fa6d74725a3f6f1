"""What may be set for a parameter."""

import math
from typing import Any

from samplemind_daemon.model import Declared

LONGEST_WORD = 1_000  # characters


def objection(declared: Declared, value: Any) -> str:
    """Why the parameter cannot have this value; empty if it can."""
    if not _is_of(declared.type, value):
        return f"{value!r:.60} is not of type {declared.type}"
    if declared.choices and str(value) not in declared.choices:
        return f"{value!r:.60} is none of {', '.join(declared.choices)}"
    if isinstance(value, str):
        return "" if len(value) <= LONGEST_WORD else f"a word has at most {LONGEST_WORD:,} characters"
    if declared.low is not None and value < declared.low:
        return f"{value} is less than {declared.low:g}"
    if declared.high is not None and value > declared.high:
        return f"{value} is more than {declared.high:g}"
    return ""


def unreadable(declared: Declared, value: Any) -> str:
    """Why the file that the parameter would name cannot be read now; empty if it can, or if it names none."""
    if declared.type != "File" or not value:
        return ""
    from samplemind_sdk import File  # only now: it brings numpy and scipy

    try:
        File(value).open().close()
    except ValueError as why:
        return str(why)
    return ""


def _is_of(kind: str, value: Any) -> bool:
    """Whether a value from JSON is of the kind; a whole number is a float too, and a truth value is neither."""
    if isinstance(value, bool) or kind == "bool":
        return isinstance(value, bool) and kind == "bool"
    if kind == "float":
        return isinstance(value, (int, float)) and abs(value) <= 1e300 and math.isfinite(value)
    if kind == "int":
        return isinstance(value, int) and abs(value) < 2**63
    return kind in ("str", "File") and isinstance(value, str)
