"""The wire is what was promised: these services with these calls, each with its own request and response."""

import importlib

import pytest
from google.protobuf import descriptor_pool

PROMISED = {  # as the outside relies on it; "→" streams answers, "←" takes a stream
    "AuthService": """
        Register Login Refresh Logout GetMe ChangePassword ListSessions RevokeSession
        CreateApiKey ListApiKeys RevokeApiKey
    """,
    "AudioService": "CreateUpload ←UploadChunks GetUpload FinishUpload Get List Update Delete →Download",
    "AnalysisService": "→Analyze →AnalyzeBatch GetAnalysis ListAnalyses Cancel Reanalyze ←→AnalyzeLive",
    "EventService": "→Subscribe List",
    "WatchService": "Create Get List Update Delete Pause Resume Scan",
    "LibraryService": """
        Query Similar Compatible Correct PreviewReanalyze ReanalyzeStale Duplicates →Export
        PreviewWrite ApplyWrite UndoWrite
    """,
    "PluginService": "List Get Enable Disable Configure",
    "FlagService": "List Get Set SetOverride ClearOverride Evaluate",
    "StatusService": "GetInfo GetStatus",
}
READING = {"GetMe", "ListApiKeys", "GetUpload", "Get", "List", "Download", "GetAnalysis", "ListAnalyses"}
READING |= {"Evaluate", "Subscribe", "GetInfo", "GetStatus", "ListSessions"}
READING |= {"Query", "Similar", "Compatible", "PreviewReanalyze", "Duplicates", "Export"}
BY_THEMSELVES = {  # safe to send again without a request_id
    "Login",  # makes another session
    "Refresh",  # gives the same successor
    "Logout",  # the credential is void already, and the refusal says so
}
MODULES = ("analysis", "audio", "auth", "event", "flag", "library", "plugin", "status", "watch")


@pytest.fixture(scope="module")
def services():
    """Every service of the package, by name."""
    modules = [importlib.import_module(f"samplemind.v1.{name}_pb2") for name in MODULES]
    found = [one for module in modules for one in module.DESCRIPTOR.services_by_name.values()]
    return {one.name: one for one in found}


def calls(service):
    return [
        "←" * one.client_streaming + "→" * one.server_streaming + one.name for one in service.methods
    ]  # fmt: skip


def test_the_services_and_their_calls_are_exactly_the_promised_ones(services):
    assert {name: calls(one) for name, one in services.items()} == {
        name: calls.split() for name, calls in PROMISED.items()
    }


def test_they_are_of_the_promised_package(services):
    assert {one.full_name for one in services.values()} == {f"samplemind.v1.{name}" for name in PROMISED}


def test_every_call_has_a_request_and_a_response_of_its_own(services):
    messages = [
        message.full_name
        for service in services.values()
        for call in service.methods
        for message in (call.input_type, call.output_type)
    ]
    assert len(messages) == len(set(messages))


def test_every_call_that_changes_something_takes_a_request_id(services):
    changing = [
        (f"{service.name}.{call.name}", call.input_type)
        for service in services.values()
        for call in service.methods
        if call.name not in READING | BY_THEMSELVES and not call.client_streaming
    ]
    assert len(changing) > 15
    assert [name for name, request in changing if "request_id" not in request.fields_by_name] == []


def test_every_list_that_grows_with_use_is_given_in_pages(services):
    lists = [
        call for service in services.values() for call in service.methods if call.name.startswith("List")
    ]
    assert len(lists) >= 5
    for call in lists:
        by_cursor = call.containing_service.name == "EventService"
        asked, answered = ("cursor", "cursor") if by_cursor else ("page_token", "next_page_token")
        assert {"page_size", asked} <= set(call.input_type.fields_by_name), call.full_name
        assert answered in call.output_type.fields_by_name, call.full_name


def test_every_enum_begins_with_a_value_that_says_nothing():
    pool = descriptor_pool.Default()
    for name in MODULES:
        file = pool.FindFileByName(f"samplemind/v1/{name}.proto")
        for enum in file.enum_types_by_name.values():
            assert enum.values[0].number == 0 and enum.values[0].name.endswith("_UNSPECIFIED"), enum.full_name
