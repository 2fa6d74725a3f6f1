"""What Prometheus is shown: every figure of docs/metrics.md, each of which follows what happens."""

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from senders import any_sound

CHECKOUT = Path(__file__).parents[2]
DOCUMENT, DASHBOARD = CHECKOUT / "docs" / "metrics.md", CHECKOUT / "deploy" / "grafana" / "samplemind.json"
PATIENCE_SECONDS = 60.0
SELDOM = {"samplemind_tasks_waiting"}  # more than 0 in moments that no test can wait for


def documented() -> set[str]:
    return set(re.findall(r"^\| `(samplemind_\w+)` \|", DOCUMENT.read_text(), re.MULTILINE))


def shows(name: str, names: set[str]) -> bool:
    return name in names or f"{name}_count" in names


def wait_for(figures, what) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what(figures.look()):
        assert time.monotonic() < deadline, sorted(figures.seen.items())
        time.sleep(0.05)


@pytest.fixture
def worked(figures, ada, shown):
    """The figures after sounds were sent, heard, cancelled and failed at, and looked at all the while."""
    figures.look()
    events = ada.channel._channel.unary_stream("/samplemind.v1.EventService/Subscribe")(
        b"", metadata=ada.headers
    )
    next(events)
    sounds = [ada.upload(any_sound(20_000 + number)) for number in range(4)]  # half a second each
    wait_for(figures, lambda seen: seen.value("samplemind_job_seconds_count", outcome="completed") >= 4)
    figures.look()
    ada("AnalysisService/Reanalyze", audio_id=sounds[0].id)
    wait_for(figures, lambda seen: seen.value("samplemind_job_seconds_count", outcome="completed") >= 5)
    long = ada.upload(any_sound(120_000))
    wait_for(figures, lambda seen: seen.value("samplemind_analyzer_failures_total", kind="broke") >= 1)
    wait_for(figures, lambda seen: seen.value("samplemind_worker_respawns_total") >= 1)
    assert ada("AnalysisService/Cancel", audio_id=long.id).code == "OK"
    assert ada("AudioService/Get", audio_id="nobody's").code == "NOT_FOUND"
    plugin = shown.home / "plugins" / "clumsy.py"
    plugin.write_text(f"{plugin.read_text()}# and more\n")  # for which workers are renewed
    wait_for(figures, lambda seen: seen.value("samplemind_worker_renewals_total") >= 1)
    events.cancel()
    wait_for(figures, lambda seen: seen.value("samplemind_event_streams") == 0)
    return figures


def test_every_documented_figure_is_shown_and_follows_real_work(worked, ada):
    names = documented()
    assert len(names) >= 17
    assert {name for name in names if not shows(name, worked.names())} == set()
    still = {name for name in names if not worked.moved(name) and not worked.moved(f"{name}_count")}
    assert still <= SELDOM

    assert worked.value("samplemind_rpc_seconds_count", method="AudioService/Get", code="NOT_FOUND") == 1
    assert (
        worked.value("samplemind_rpc_seconds_count", method="EventService/Subscribe", code="CANCELLED") == 1
    )
    assert worked.value("samplemind_analyzer_failures_total", analyzer="clumsy", kind="failed") >= 4
    assert worked.value("samplemind_analyzer_seconds_count", analyzer="tempo") >= 4
    assert worked.value("samplemind_analyzer_seconds_sum", analyzer="tempo") > 0
    assert worked.value("samplemind_results_total", kind="fresh") > 0
    assert worked.value("samplemind_job_seconds_count", outcome="cancelled") == 1
    assert worked.value("samplemind_upload_bytes_total") > 4 * 20_000

    # and nothing that is not documented, and no label that somebody else has chosen
    ours = {re.sub(r"_(count|sum|bucket)$", "", name) for name in worked.names()}
    assert {name for name in ours if name.startswith("samplemind_")} == names
    labels = {value for _, pairs in worked.seen for _, value in pairs}
    assert not [
        one for one in labels if ada.id in one or ada.email in one or "nobody" in one or ".wav" in one
    ]


def test_the_dashboard_asks_for_nothing_but_what_is_shown(figures):
    board = json.loads(DASHBOARD.read_text())
    asked = {name for panel in board["panels"] for one in panel["targets"] for name in named(one["expr"])}
    assert len(asked) > 15
    shown = figures.look().names() | documented()
    histograms = {f"{name}_{part}" for name in shown for part in ("count", "sum", "bucket")}
    assert asked - shown - histograms == set()
    assert documented() - {re.sub(r"_(count|sum|bucket)$", "", name) for name in asked} == {"samplemind_info"}


def named(expression: str) -> list[str]:
    return re.findall(r"\b((?:samplemind|process)_\w+)", expression)


def test_the_page_has_nothing_else_and_is_at_no_other_door(page, shown):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(page.removesuffix("/metrics") + "/", timeout=30)
    stranger = urllib.request.Request(page, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(stranger, timeout=30)


def test_where_a_token_is_set_only_who_shows_it_is_answered(own_daemon):
    daemon = own_daemon(
        settings={"SAMPLEMIND_METRICS": "127.0.0.1:0", "SAMPLEMIND_METRICS_TOKEN": "a secret"}
    )
    url = json.loads((daemon.home / "ready.json").read_text())["metrics"]
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a secret"}):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(urllib.request.Request(url, headers=header), timeout=30)
    good = urllib.request.Request(url, headers={"Authorization": "Bearer a secret"})
    assert b"samplemind_info" in urllib.request.urlopen(good, timeout=30).read()
    assert "a secret" not in daemon.log.read_text()


def test_an_address_that_others_can_reach_takes_tls_and_a_token(tmp_path):
    from samplemind_daemon.refusals import CannotServe
    from samplemind_daemon.settings import load
    from samplemind_daemon.threshold import cross

    anywhere = {"home": tmp_path / "home", "listen": "127.0.0.1:0", "metrics": "0.0.0.0:0"}
    for more in ({}, {"metrics_token": "a secret"}, {"tls_self_signed": True}):
        with pytest.raises(CannotServe, match=r"^metrics: 0\.0\.0\.0:0 can be reached"):
            cross(load(**anywhere, **more))
    cross(load(**anywhere, metrics_token="a secret", tls_self_signed=True)).leave()
