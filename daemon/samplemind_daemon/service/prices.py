"""What calls cost of the caller's limit, in hundredths of a call. An rpc that is not here costs a whole one.

Whatever is bounded by a quota of its own (sounds and their bytes, open uploads, jobs, streams) costs next
to nothing, so that whoever brings 5,000 sounds is not kept out; looking at one thing costs nothing, nor
does ending something: a thief who uses up the limit must not keep the owner from revoking the key.
"""

from samplemind_daemon.access.calls import WHOLE

_V1 = "/samplemind.v1."
_FREE = """
    AuthService/GetMe AuthService/Logout AuthService/RevokeApiKey AuthService/RevokeSession
    AudioService/Get AudioService/GetUpload AudioService/UploadChunks
    AnalysisService/GetAnalysis AnalysisService/Cancel
    WatchService/Get PluginService/Get FlagService/Evaluate StatusService/GetInfo StatusService/GetStatus
"""
_SMALL = """
    AuthService/Refresh AuthService/ListApiKeys AuthService/ListSessions
    AudioService/CreateUpload AudioService/FinishUpload AudioService/List AudioService/Update
    AudioService/Delete AudioService/Download
    AnalysisService/Analyze AnalysisService/AnalyzeLive AnalysisService/ListAnalyses AnalysisService/Reanalyze
    LibraryService/Query LibraryService/Correct
    EventService/Subscribe EventService/List WatchService/List PluginService/List
    FlagService/List FlagService/Get
"""
PRICES = {f"{_V1}{name}": 0 for name in _FREE.split()} | {f"{_V1}{name}": 1 for name in _SMALL.split()}

WRONG_CREDENTIAL = 1  # what a call costs its place that nobody is known to make


def price(method: str) -> int:
    """What a call of this method costs; health and reflection cost nothing."""
    return PRICES.get(method, WHOLE if method.startswith(_V1) else 0)
