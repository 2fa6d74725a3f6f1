"""What the daemon's answers are made of: frozen values, one noun a file, with no trace of the wire."""

from samplemind_client.values.account import Key, Me, User
from samplemind_client.values.analysis import (
    Analysis,
    BatchOutcome,
    Candidate,
    Decoding,
    Descriptor,
    Job,
    Label,
    Queued,
    Result,
    Update,
)
from samplemind_client.values.correction import Corrected, Correction
from samplemind_client.values.event import Event
from samplemind_client.values.flag import Flag, FlagChange, FlagHistory, FlagOverride
from samplemind_client.values.folder import Folder, FolderHealth, Scan
from samplemind_client.values.plugin import Analyzer, Output, Parameter, Plugin
from samplemind_client.values.sound import Media, Problem, Sound
from samplemind_client.values.stale import Requeued, Stale, StaleAnalyzer
from samplemind_client.values.status import Info, Status

__all__ = [
    "Analysis",
    "Analyzer",
    "BatchOutcome",
    "Candidate",
    "Corrected",
    "Correction",
    "Decoding",
    "Descriptor",
    "Event",
    "Flag",
    "FlagChange",
    "FlagHistory",
    "FlagOverride",
    "Folder",
    "FolderHealth",
    "Info",
    "Job",
    "Key",
    "Label",
    "Me",
    "Media",
    "Output",
    "Parameter",
    "Plugin",
    "Problem",
    "Queued",
    "Requeued",
    "Result",
    "Scan",
    "Sound",
    "Stale",
    "StaleAnalyzer",
    "Status",
    "Update",
    "User",
]
