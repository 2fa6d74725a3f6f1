"""Settings of analyzers as a command line gives them."""

import json
from collections.abc import Iterable
from typing import Any

from samplemind_daemon.analysis.parameters import objection, unreadable
from samplemind_daemon.analysis.plan import CannotPlan, Registry


def settings(given: Iterable[str], registry: Registry) -> dict[str, dict[str, Any]]:
    """Values by analyzer and parameter, from words such as "tempo.slowest=70"; CannotPlan where one cannot be."""
    found: dict[str, dict[str, Any]] = {}
    for word in given:
        name, equals, text = word.partition("=")
        analyzer, _, parameter = name.partition(".")
        offered = registry[analyzer].parameters if analyzer in registry else ()
        declared = next((one for one in offered if one.name == parameter), None)
        if declared is None or not equals:
            raise CannotPlan(f"{word!r} sets no parameter of an analyzer, as in tempo.slowest=70")
        value = _read(text)
        if why := objection(declared, value) or unreadable(declared, value):
            raise CannotPlan(f"{name} cannot be set so: {why}")
        found.setdefault(analyzer, {})[parameter] = value
    return found


def _read(text: str) -> Any:
    """A value, as JSON where it is some, else as it stands."""
    try:
        return json.loads(text)
    except ValueError:
        return text
