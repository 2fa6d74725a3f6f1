"""The tables as they are now. How they came to be is in migrations/; a test keeps the two equal.

No table knows a database: every query is executed on the one that is given to it.
"""

from typing import Any

from .catalogue import Catalogue, Labels, Words
from .corrections import Corrections
from .instances import Instances
from .people import Answers, ApiKeys, Familiars, OneTimeCodes, RefreshTokens, Sessions, Spendings, Users
from .sounds import Audios, Contents, Events, Folders, Forgotten, Jobs, Results, Uploads
from .switches import AnalyzerSettings, FlagChanges, FlagOverrides, Flags, PluginSettings
from .table import MomentField, Table
from .vectors import Vectors
from .writes import Prints, PrintTwins, PrintWords, WriteFiles, Writes

ALL: tuple[Any, ...] = (
    Users,
    Sessions,
    RefreshTokens,
    OneTimeCodes,
    ApiKeys,
    Contents,
    Audios,
    Results,
    Corrections,
    Jobs,
    Events,
    Uploads,
    Folders,
    Forgotten,
    Instances,
    Answers,
    PluginSettings,
    AnalyzerSettings,
    Spendings,
    Familiars,
    Flags,
    FlagOverrides,
    FlagChanges,
    Catalogue,
    Words,
    Labels,
    Vectors,
    Writes,
    WriteFiles,
    Prints,
    PrintWords,
    PrintTwins,
)

__all__ = [
    "ALL",
    "AnalyzerSettings",
    "Answers",
    "ApiKeys",
    "Audios",
    "Catalogue",
    "Contents",
    "Corrections",
    "Events",
    "Familiars",
    "FlagChanges",
    "FlagOverrides",
    "Flags",
    "Folders",
    "Forgotten",
    "Instances",
    "Jobs",
    "Labels",
    "MomentField",
    "OneTimeCodes",
    "PluginSettings",
    "PrintTwins",
    "PrintWords",
    "Prints",
    "RefreshTokens",
    "Results",
    "Sessions",
    "Spendings",
    "Table",
    "Uploads",
    "Users",
    "Vectors",
    "Words",
]
