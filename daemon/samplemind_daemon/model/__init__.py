"""What the daemon's parts pass around: frozen values, no deeds."""

from .correction import USER, Correction
from .duplicate import DuplicateGroup, Sameness
from .event import Event
from .finding import Descriptor, Result, is_asked_for
from .flag import Audience, Flag, FlagChange, Override, Switch
from .folder import Folder, FolderHealth, FolderState, Place, WatchMode
from .instance import Instance
from .job import Job, Lease
from .likeness import KEYS, TONICS, Aspects, Match, Neighbour, Profile, Reason, Wish
from .live import WIDTHS, LiveConfig, LiveEnd, LiveMessage, LivePiece
from .plugin import AnalyzerInfo, Catalogue, Declared, PluginInfo
from .query import Harmony, KeyRule, Order, Query, Range
from .recovery import Recovery
from .sound import Audio, Media, Upload
from .state import OPEN, Lane, Problem, State
from .user import ApiKey, Caller, Role, Scope, Session, SignIn, User
from .write import FileChange, FileState, TagChange, Write, WritePlan, WriteState

__all__ = [
    "KEYS",
    "OPEN",
    "TONICS",
    "USER",
    "WIDTHS",
    "AnalyzerInfo",
    "ApiKey",
    "Aspects",
    "Audience",
    "Audio",
    "Caller",
    "Catalogue",
    "Correction",
    "Declared",
    "Descriptor",
    "DuplicateGroup",
    "Event",
    "FileChange",
    "FileState",
    "Flag",
    "FlagChange",
    "Folder",
    "FolderHealth",
    "FolderState",
    "Harmony",
    "Instance",
    "Job",
    "KeyRule",
    "Lane",
    "Lease",
    "LiveConfig",
    "LiveEnd",
    "LiveMessage",
    "LivePiece",
    "Match",
    "Media",
    "Neighbour",
    "Order",
    "Override",
    "Place",
    "PluginInfo",
    "Problem",
    "Profile",
    "Query",
    "Range",
    "Reason",
    "Recovery",
    "Result",
    "Role",
    "Sameness",
    "Scope",
    "Session",
    "SignIn",
    "State",
    "Switch",
    "TagChange",
    "Upload",
    "User",
    "WatchMode",
    "Wish",
    "Write",
    "WritePlan",
    "WriteState",
    "is_asked_for",
]
