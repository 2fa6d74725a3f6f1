"""What is set while the daemon runs: flags, plugins and analyzers."""

from peewee import BooleanField, CharField, CompositeKey, IntegerField, TextField

from samplemind_daemon.store.tables.table import MomentField, Table


class Flags(Table):
    name = CharField(64, primary_key=True)
    audience = CharField(16)
    percent = IntegerField()


class FlagOverrides(Table):
    flag = CharField(64)
    user = CharField(36)
    enabled = BooleanField()

    class Meta:
        primary_key = CompositeKey("flag", "user")


class FlagChanges(Table):
    id = CharField(36, primary_key=True)
    flag = CharField(64)
    at = MomentField()
    author = CharField(36)  # the user who made it
    user = CharField(36)  # whom an override is for; empty where it is for all
    before = TextField()
    after = TextField()

    class Meta:
        indexes = ((("flag", "at", "id"), False),)


class PluginSettings(Table):
    name = CharField(64, primary_key=True)  # the plugin's
    enabled = BooleanField(default=True)


class AnalyzerSettings(Table):
    name = CharField(64, primary_key=True)  # the analyzer's
    settings = TextField(default="{}")  # JSON by parameter
