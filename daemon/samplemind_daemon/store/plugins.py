"""Which plugins are switched off, and what was set for analyzers."""

import json
from typing import Any

from samplemind_daemon.store.database import Database
from samplemind_daemon.store.tables import AnalyzerSettings, PluginSettings


def disabled(db: Database) -> set[str]:
    """The names of the plugins that are switched off."""
    query = PluginSettings.select(PluginSettings.name).where(~PluginSettings.enabled)
    return {name for (name,) in query.tuples().execute(db)}


def enable(db: Database, name: str, enabled: bool) -> None:
    """Switch a plugin on or off."""
    PluginSettings.put(name=name, enabled=enabled).execute(db)


def settings(db: Database) -> dict[str, dict[str, Any]]:
    """What was set, by analyzer and parameter."""
    return {row.name: json.loads(row.settings) for row in AnalyzerSettings.select().execute(db)}


def configure(db: Database, analyzer: str, settings: dict[str, Any]) -> None:
    """Set all of an analyzer's parameters that are not at their defaults."""
    AnalyzerSettings.put(name=analyzer, settings=json.dumps(settings)).execute(db)
