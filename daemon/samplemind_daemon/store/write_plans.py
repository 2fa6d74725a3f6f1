"""Plans of what to write, as JSON."""

import json

from samplemind_daemon.model.write import NOTHING, WritePlan


def dump(plan: WritePlan) -> str:
    """A plan as JSON; empty if it is nothing."""
    return json.dumps({"tags": plan.tags, "sidecar": plan.sidecar, "template": plan.template}) if plan else ""


def load(text: str) -> WritePlan:
    """The plan in JSON."""
    if not text:
        return NOTHING
    kept = json.loads(text)
    return WritePlan(tuple(kept["tags"]), kept["sidecar"], kept["template"])
