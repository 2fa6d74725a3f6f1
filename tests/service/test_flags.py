"""Each flag switches its feature, at once, for whom it is set, and nothing else."""

import pytest
from raw_calls import RPCS, pieces

from samplemind.v1 import flag_pb2
from samplemind_daemon.service import rules

BY_RPC = {rpc.removeprefix("/samplemind.v1."): flag for rpc, flag in rules.FLAGS.items()}
OWNERS = {rpc.removeprefix("/samplemind.v1.") for rpc in rules.OWNERS}


@pytest.fixture
def set_for(channel, owner_headers):
    """Set a flag for one person; what was set is as it was at the end."""
    done = []

    def set_for(person, flag, enabled):
        given = {"name": flag, "user": person.id}
        assert channel.call("FlagService/SetOverride", owner_headers, enabled=enabled, **given).code == "OK"
        done.append(given)

    yield set_for
    for given in done:
        assert channel.call("FlagService/ClearOverride", owner_headers, **given).code == "OK"


@pytest.mark.parametrize("rpc", sorted(set(BY_RPC) - OWNERS))
def test_a_call_whose_feature_is_off_is_refused_and_taken_again_when_it_is_on(ada, bob, set_for, rpc):
    flag = BY_RPC[rpc]
    set_for(ada, flag, False)
    refused = ada(rpc)
    assert (refused.code, refused.reason) == ("PERMISSION_DENIED", "FEATURE_OFF")
    assert dict(refused.facts) == {"flag": flag}
    assert bob(rpc).reason != "FEATURE_OFF"
    set_for(ada, flag, True)
    assert ada(rpc).reason != "FEATURE_OFF"
    assert rpc in RPCS


def test_what_is_the_owners_is_switched_too(channel, owner_headers):
    for rpc, flag in BY_RPC.items():
        if rpc in OWNERS:
            assert channel.call("FlagService/Set", owner_headers, name=flag, audience=1).code == "OK"
            assert channel.call(rpc, owner_headers).reason == "FEATURE_OFF"
            assert channel.call("FlagService/Set", owner_headers, name=flag, audience=2).code == "OK"
            assert channel.call(rpc, owner_headers).reason != "FEATURE_OFF"


def test_a_follower_is_let_go_when_live_events_are_switched_off(ada, set_for):
    stream = ada.channel._channel.unary_stream("/samplemind.v1.EventService/Subscribe")
    call = stream(b"", metadata=ada.headers, timeout=10)
    next(call)
    set_for(ada, "live-events", False)
    with pytest.raises(Exception, match="not switched on for you"):
        for _ in call:
            pass


def test_known_bytes_are_sent_again_where_instant_uploads_are_off(ada, set_for, make_sound):
    data = make_sound(11)
    known = ada.upload(data)
    assert ada.open_upload(data).WhichOneof("outcome") == "audio"
    set_for(ada, "instant-uploads", False)
    upload = ada.open_upload(data).upload
    assert upload.id
    assert ada("AudioService/UploadChunks", stream=pieces(upload.id, data)).code == "OK"
    again = ada("AudioService/FinishUpload", upload_id=upload.id).answer.audio
    assert again.id == known.id  # and are the same sound for that


def test_findings_of_a_feature_that_is_off_are_shown_nowhere(ada, set_for, make_sound):
    sound = ada.upload(make_sound(12, 2.0))

    def shown():
        streamed = ada("AnalysisService/Analyze", audio_id=sound.id, whole=True).answers
        names = {one.finding.name for one in streamed if one.WhichOneof("update") == "finding"}
        last = {one.name for one in streamed[-1].result.descriptors}
        got = {
            one.name
            for one in ada("AnalysisService/GetAnalysis", audio_id=sound.id).answer.analysis.descriptors
        }
        listed = ada("AnalysisService/ListAnalyses", descriptors=sorted(got)).answer.analyses[0].descriptors
        assert names == last == got == {one.name for one in listed}
        return {name.partition(".")[0] for name in got}

    everything = shown()
    off = {"genre", "mood", "instruments", "description", "similarity", "waveform", "spectrum"} & everything
    assert len(off) >= 5
    for flag in ("genre", "mood", "instruments", "description", "similarity", "pictures"):
        set_for(ada, flag, False)
    assert shown() == everything - off


def test_without_partial_results_all_comes_at_the_end(ada, set_for, make_sound):
    set_for(ada, "partial-results", False)
    sound = ada.upload(make_sound(13))
    streamed = ada("AnalysisService/Analyze", audio_id=sound.id, whole=True).answers
    assert not [one for one in streamed if one.WhichOneof("update") == "finding"]
    assert streamed[-1].result.descriptors


def test_without_interactive_analysis_a_sound_waits_its_turn(ada, bob, set_for, make_sound):
    set_for(ada, "interactive-analysis", False)
    for person, lane, seed in ((ada, "LANE_BATCH", 140), (bob, "LANE_INTERACTIVE", 150)):
        for before in (1, 2, 3):  # so that the sound still waits when it is asked for
            person.upload(make_sound(seed + before, 30.0))
        sound = person.upload(make_sound(seed))
        streamed = person("AnalysisService/Analyze", audio_id=sound.id, whole=True).answers
        job = streamed[-1].result.job
        assert job.DESCRIPTOR.fields_by_name["lane"].enum_type.values_by_number[job.lane].name == lane


def test_a_flag_tells_who_set_it_and_when(channel, owner_headers, ada, set_for):
    me = channel.call("AuthService/GetMe", owner_headers).answer.user.id
    set_for(ada, "uploads", False)
    told = channel.call("FlagService/Get", owner_headers, name="uploads").answer
    assert [(one.user_id, one.email, one.enabled) for one in told.overrides] == [(ada.id, ada.email, False)]
    assert (told.changes[0].author_id, told.changes[0].user_id) == (me, ada.id)
    assert (told.changes[0].before, told.changes[0].after) == ("as for all", "off")
    assert told.changes[0].at.seconds > 0 and told.flag.overrides == 1
    assert ada("FlagService/Evaluate", names=["uploads"]).answer.enabled == {"uploads": False}


def test_flags_are_listed_page_by_page(channel, owner_headers):
    names, token = [], ""
    while token or not names:
        answer = channel.call("FlagService/List", owner_headers, page_size=7, page_token=token).answer
        names += [flag.name for flag in answer.flags]
        token = answer.next_page_token
    assert len(names) == 20 and names == sorted(set(names))


@pytest.mark.parametrize(
    ("rpc", "fields", "reason"),
    [
        ("Set", {"name": "genre"}, "INVALID_FLAG"),
        ("Set", {"name": "genre", "audience": 99}, "INVALID_FLAG"),
        ("Set", {"name": "genre", "audience": flag_pb2.AUDIENCE_SHARE, "percent": 101}, "INVALID_FLAG"),
        ("Set", {"name": "no such", "audience": 1}, "FLAG_NOT_FOUND"),
        ("SetOverride", {"name": "genre", "user": "nobody@example.org"}, "USER_NOT_FOUND"),
        ("Get", {"name": ""}, "FLAG_NOT_FOUND"),
        ("Evaluate", {"names": ["x" * 5_000]}, "FLAG_NOT_FOUND"),
    ],
)
def test_what_cannot_be_set_is_refused(channel, owner_headers, rpc, fields, reason):
    outcome = channel.call(f"FlagService/{rpc}", owner_headers, **fields)
    assert outcome.reason == reason and len(outcome.message) < 300
