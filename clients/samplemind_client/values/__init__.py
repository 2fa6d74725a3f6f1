"""What the daemon's answers are made of: frozen values, one noun a file, with no trace of the wire."""

from .account import Key, Me, User
from .analysis import Analysis, BatchOutcome, Candidate, Decoding, Descriptor, Job, Queued, Result, Update
from .event import Event
from .folder import Folder, FolderHealth, Scan
from .plugin import Analyzer, Output, Parameter, Plugin
from .sound import Media, Problem, Sound
from .status import Info, Status

__all__ = [
    "Analysis",
    "Analyzer",
    "BatchOutcome",
    "Candidate",
    "Decoding",
    "Descriptor",
    "Event",
    "Folder",
    "FolderHealth",
    "Info",
    "Job",
    "Key",
    "Me",
    "Media",
    "Output",
    "Parameter",
    "Plugin",
    "Problem",
    "Queued",
    "Result",
    "Scan",
    "Sound",
    "Status",
    "Update",
    "User",
]
