"""Who may call what. An rpc that is not here is denied."""

from samplemind_daemon.model import Scope

_V1 = "/samplemind.v1."

OPEN = frozenset(
    {
        f"{_V1}AuthService/Register",
        f"{_V1}AuthService/Login",
        f"{_V1}AuthService/Refresh",
        f"{_V1}StatusService/GetInfo",
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/List",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    }
)

_BY_SCOPE = {
    Scope.READ: """
        AuthService/GetMe AuthService/Logout
        AudioService/GetUpload AudioService/Get AudioService/List AudioService/Download
        AnalysisService/GetAnalysis AnalysisService/ListAnalyses
        EventService/Subscribe EventService/List
        WatchService/Get WatchService/List
        PluginService/List PluginService/Get
        LibraryService/Query LibraryService/Duplicates LibraryService/Similar LibraryService/Compatible
        LibraryService/PreviewReanalyze LibraryService/Export
        FlagService/Evaluate
        StatusService/GetStatus
    """,
    Scope.ANALYZE: """
        AudioService/CreateUpload AudioService/UploadChunks AudioService/FinishUpload
        AudioService/Update AudioService/Delete
        AnalysisService/Analyze AnalysisService/AnalyzeBatch AnalysisService/AnalyzeLive
        AnalysisService/Cancel AnalysisService/Reanalyze
        LibraryService/Correct LibraryService/ReanalyzeStale
    """,
    Scope.ADMIN: """
        AuthService/ChangePassword AuthService/CreateApiKey AuthService/ListApiKeys AuthService/RevokeApiKey
        AuthService/ListSessions AuthService/RevokeSession
        WatchService/Create WatchService/Update WatchService/Delete
        WatchService/Pause WatchService/Resume WatchService/Scan
        LibraryService/PreviewWrite LibraryService/ApplyWrite LibraryService/UndoWrite
        PluginService/Enable PluginService/Disable PluginService/Configure
        FlagService/List FlagService/Get FlagService/Set FlagService/SetOverride FlagService/ClearOverride
    """,
}
SCOPES = {f"{_V1}{name}": scope for scope, names in _BY_SCOPE.items() for name in names.split()}

OWNERS = frozenset(
    f"{_V1}{name}"
    for name in """
        WatchService/Create PluginService/Enable PluginService/Disable PluginService/Configure
        FlagService/List FlagService/Get FlagService/Set FlagService/SetOverride FlagService/ClearOverride
    """.split()
)

_BY_FLAG = {
    "uploads": "AudioService/CreateUpload",
    "downloads": "AudioService/Download",
    "watch-folders": "WatchService/Create",
    "folder-scans": "WatchService/Scan",
    "live-events": "EventService/Subscribe",
    "event-history": "EventService/List",
    "batch-analysis": "AnalysisService/AnalyzeBatch",
    "reanalysis": "AnalysisService/Reanalyze LibraryService/ReanalyzeStale",
    "api-keys": "AuthService/CreateApiKey",
    "plugin-settings": "PluginService/Enable PluginService/Disable PluginService/Configure",
}
FLAGS = {f"{_V1}{name}": flag for flag, names in _BY_FLAG.items() for name in names.split()}
