"""Every value of the model has its message, which says the same when it has arrived; and back."""

from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st

from samplemind.v1 import auth_pb2, flag_pb2
from samplemind_daemon.access import Tokens
from samplemind_daemon.library import cursors
from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.library.plugins import Offered, Plugin
from samplemind_daemon.model import (
    AnalyzerInfo,
    ApiKey,
    Audience,
    Audio,
    Declared,
    Descriptor,
    Event,
    Flag,
    FlagChange,
    Folder,
    FolderHealth,
    Job,
    Media,
    Override,
    PluginInfo,
    Problem,
    Result,
    State,
    Switch,
    Upload,
    User,
)
from samplemind_daemon.refusals import Invalid
from samplemind_daemon.service import (
    wire_analysis,
    wire_auth,
    wire_event,
    wire_flag,
    wire_folder,
    wire_plugin,
    wire_sound,
)
from samplemind_daemon.service.moments import moment, timestamp
from samplemind_daemon.service.pages import LARGEST_REPLY

moments = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
said_by_files = st.text(max_size=30)  # half characters too: names of files need not be text
counts = st.integers(0, 2**31 - 1)
sizes = st.integers(0, 2**63 - 1)
sure = st.one_of(st.none(), st.floats(0, 1))
finite = st.floats(allow_nan=False, allow_infinity=False)
for kind, one in {
    datetime: moments,
    str: texts,
    int: counts,
    float: finite,
    bytes: st.binary(max_size=30),
}.items():
    st.register_type_strategy(kind, one)

problems = st.builds(Problem, texts.filter(bool), said_by_files)
media = st.builds(
    Media,
    tags=st.dictionaries(said_by_files, said_by_files, max_size=3),
    warnings=st.lists(said_by_files).map(tuple),
)
audios = st.builds(
    Audio, name=said_by_files, size=sizes, problem=st.none() | problems, media=st.none() | media,
    path=st.none() | st.binary(max_size=30), folder=st.none() | texts.filter(bool),
)  # fmt: skip
jobs = st.builds(
    Job,
    state=st.sampled_from([state for state in State if state is not State.UPLOADED]),
    problem=st.none() | problems,
)
scalars = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), finite, said_by_files)
values = st.one_of(
    st.none(), scalars, st.recursive(scalars, lambda part: st.lists(part, max_size=4).map(tuple), max_leaves=8),
    st.lists(st.tuples(texts, st.floats(0, 1)), max_size=3).map(tuple),
)  # fmt: skip
statuses = st.sampled_from(["ok", "low_confidence", "not_applicable", "unmeasurable", "failed"])
descriptors = st.builds(
    Descriptor, value=values, unit=said_by_files, confidence=sure, status=statuses, reason=said_by_files,
    candidates=st.lists(st.tuples(scalars, sure), max_size=3).map(tuple), version=st.integers(1, 2**40),
)  # fmt: skip
results = st.builds(Result, descriptors=st.lists(descriptors, max_size=5).map(tuple))
declared = st.builds(
    Declared, name=texts, type=st.sampled_from(["float", "int", "str", "bool", "File", "Label"]), unit=said_by_files,
    low=st.none() | finite, high=st.none() | finite, choices=st.lists(said_by_files, max_size=3).map(tuple),
    help=said_by_files, default=st.none() | finite | texts,
)  # fmt: skip


def arrived(message):
    """The message on the other side."""
    again = type(message).FromString(message.SerializeToString())
    assert again == message
    json_format.Parse(json_format.MessageToJson(message), type(message)())
    return again


def at(message, field):
    """A moment of a message, None where there is none."""
    return moment(getattr(message, field)) if message.HasField(field) else None


def as_text(said):
    return said.encode("utf-8", "replace").decode()


@given(audios)
def test_a_sound_arrives_as_it_was(known):
    told = arrived(wire_sound.audio(known))
    assert (told.id, told.name, told.size_bytes, told.sha256) == (
        known.id,
        as_text(known.name),
        known.size,
        known.sha256,
    )
    assert [state for state, one in wire_sound.STATES.items() if one == told.state] == [known.state]
    assert at(told, "state_at") == known.state_at and at(told, "missing_at") == known.missing_at
    assert told.HasField("problem") == (known.problem is not None) and told.HasField("media") == (
        known.media is not None
    )
    if known.media:
        assert told.media.sample_rate_hz == known.media.rate and len(told.media.warnings) == len(
            known.media.warnings
        )
        assert dict(told.media.tags) == {
            as_text(key): as_text(text) for key, text in known.media.tags.items()
        }


@given(jobs, st.builds(Upload, name=texts, size=sizes), sizes)
def test_jobs_and_uploads_arrive_as_they_were(job, upload, committed):
    told = arrived(wire_analysis.job(job))
    assert [state for state, one in wire_analysis.STATES.items() if one == told.state] == [job.state]
    assert [lane for lane, one in wire_analysis.LANES.items() if one == told.lane] == [job.lane]
    whole = (told.id, told.audio_id, told.attempts, at(told, "started_at"), at(told, "finished_at"))
    assert whole == (job.id, job.audio, job.attempts, job.started_at, job.finished_at)
    sent = arrived(wire_sound.upload(upload, committed))
    assert (sent.name, sent.size_bytes, sent.committed_bytes) == (upload.name, upload.size, committed)


@given(
    st.builds(Analysis, audio=audios, results=st.lists(results, max_size=3).map(tuple), job=st.none() | jobs)
)
def test_whatever_was_found_arrives_and_fits(known):
    told = arrived(wire_analysis.analysis(known))
    found = [one for result in known.results for one in result.descriptors]
    assert len(told.descriptors) == len(found) and told.ByteSize() <= LARGEST_REPLY
    for message, one in zip(told.descriptors, found, strict=True):
        assert message.name == one.name and message.HasField("value") == (one.value is not None)
        assert message.reason == as_text(one.reason) and len(message.candidates) == len(one.candidates)
        assert (message.confidence if message.HasField("confidence") else None) == one.confidence
        _check_value(message.value, one.value)


def _check_value(message, value):
    """A number is that number, a word that word; of a list, nothing is lost."""
    match value:
        case bool() | int():
            assert message.integer == value
        case float():
            assert message.number == value
        case str():
            assert message.text == as_text(value)
        case tuple():
            assert len(getattr(message, message.WhichOneof("kind")).values) == len(value)


@given(st.builds(User, email=texts), st.builds(ApiKey), st.builds(Tokens))
def test_accounts_keys_and_tokens_arrive_without_what_is_secret(user, key, tokens):
    told = arrived(wire_auth.user(user))
    assert (told.id, told.email, tuple(told.marks)) == (user.id, user.email, user.marks)
    kept = arrived(wire_auth.api_key(key))
    assert wire_auth.scope(kept.scope) is key.scope and at(kept, "expires_at") == key.expires_at
    pair = arrived(wire_auth.tokens(tokens))
    assert (pair.access_token, pair.refresh_token) == (tokens.access, tokens.refresh)


@given(
    st.builds(Event, sequence=st.integers(0, 10**18 - 1), problem=st.none() | problems, name=said_by_files)
)
def test_an_event_arrives_with_the_cursor_behind_it(known):
    told = arrived(wire_event.event(known))
    assert cursors.read(known.user, told.cursor) == known.sequence
    assert (told.kind, told.audio_id, told.name, at(told, "at")) == (
        known.kind, known.audio, as_text(known.name), known.at
    )  # fmt: skip


@given(
    st.builds(Flag),
    st.builds(Override),
    st.builds(FlagChange),
    st.sampled_from(Audience),
    st.integers(0, 100),
)
def test_flags_arrive_as_they_are_set_and_can_be_set_so(flag, override, change, audience, percent):
    told = arrived(wire_flag.flag(flag))
    assert (told.name, told.overrides) == (flag.name, flag.overrides)
    assert arrived(wire_flag.override(override)).enabled == override.enabled
    assert at(arrived(wire_flag.change(change)), "at") == change.at
    asked = arrived(flag_pb2.FlagServiceSetRequest(audience=wire_flag.AUDIENCES[audience], percent=percent))
    assert wire_flag.switch(asked) == Switch(audience, percent if audience is Audience.SHARE else 100)


@given(st.builds(Folder), st.builds(FolderHealth, problems=st.lists(said_by_files, max_size=3).map(tuple)))
def test_a_folder_arrives_with_its_health(known, how):
    told = arrived(wire_folder.folder(known, how))
    assert (told.recursive, tuple(told.include), tuple(told.ignore)) == (
        known.recursive,
        known.include,
        known.ignore,
    )
    assert (told.health.backlog, told.health.files) == (how.backlog, how.files)
    assert at(told.health, "last_sweep_at") == how.last_sweep_at and len(told.health.problems) == len(
        how.problems
    )


@given(
    st.builds(PluginInfo, name=said_by_files, origin=said_by_files, problem=said_by_files), st.booleans(),
    st.lists(declared, max_size=3, unique_by=lambda one: one.name), st.lists(declared, max_size=3), said_by_files,
    st.integers(1, 2**70),
)  # fmt: skip
def test_a_plugin_arrives_with_what_it_offers(info, enabled, parameters, outputs, said, version):
    offers = AnalyzerInfo(
        "beat", "beat", version, said, True, tuple(parameters), ((said, True),), tuple(outputs)
    )
    chosen = {one.name: one.default for one in parameters}
    told = arrived(wire_plugin.plugin(Plugin(info, enabled, (Offered(offers, chosen, said),))))
    analyzer = told.analyzers[0]
    assert told.enabled == enabled and analyzer.description == as_text(said)
    assert [one.name for one in analyzer.parameters] == [one.name for one in parameters]
    assert [one.HasField("low") for one in analyzer.outputs] == [one.low is not None for one in outputs]


@given(st.integers(), st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31 - 1))
def test_a_number_that_is_no_scope_and_a_moment_that_is_none_are_refused(number, seconds, nanos):
    if number not in wire_auth.SCOPES.values():
        with pytest.raises(Invalid, match="scope"):
            wire_auth.scope(number)
    request = auth_pb2.CreateApiKeyRequest()
    request.expires_at.seconds, request.expires_at.nanos = seconds, nanos
    try:
        ends = wire_auth.expiry(arrived_raw(request))
    except Invalid as refused:
        check(refused.reason == "INVALID_API_KEY")
    else:
        assert abs(ends - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=seconds)) < timedelta(
            seconds=3
        )


@given(moments)
def test_a_moment_arrives_to_the_microsecond(known):
    assert moment(arrived(timestamp(known))) == known


def arrived_raw(message):
    """The message on the other side, of which JSON would not have every value."""
    return type(message).FromString(message.SerializeToString())


def check(holds):
    assert holds
