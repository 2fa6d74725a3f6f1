"""What is special about a bucket: others use it, too, it can be away, and what it answers costs time."""

import asyncio
import hashlib
import os
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from chaos import Chaos

from samplemind_daemon.refusals import CannotServe, Damaged, Unavailable
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import bucket, fuse, open_blobs, prove

BYTES = b"RIFF and so on" * 1_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
SOON = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def opened(s3_place, tmp_path):
    """A maker of daemons' views of the same bucket; each has an upload that is staged."""
    made = []

    def opened(**settings):
        made.append(open_blobs(Settings(home=tmp_path / f"home{len(made)}", **settings)))
        made[-1].staging.put("u1", 0, BYTES)
        return made[-1]

    yield opened
    for blobs in made:
        blobs.close()


@pytest.fixture
def blobs(opened):
    return opened()


@pytest.fixture
def chaos(s3, monkeypatch, s3_place):
    """A proxy before the server; who is opened from now on goes through it, and waits for less long."""
    chaos = Chaos(f"127.0.0.1:{s3.port}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{chaos.address}")
    for name in ("QUICK_SECONDS", "LONG_SECONDS", "CONNECT_SECONDS", "RETRY_SECONDS"):
        monkeypatch.setattr(bucket, name, 0.5)
    monkeypatch.setattr(fuse, "PAUSE_SECONDS", 0.3)
    yield chaos
    chaos.close()


def read(blobs, sha256=SHA256):
    return b"".join(blobs.pieces(sha256))


def old(blobs):
    return [one for folder in blobs.folders() for one in blobs.old(folder, SOON)]


def test_a_home_on_a_bucket_keeps_no_sound_on_its_disk_but_in_staging_and_cache(opened, tmp_path):
    blobs = opened()
    blobs.keep("u1", SHA256)
    blobs.staging.drop(["u1"])
    assert [path for path in (tmp_path / "home0").rglob("*") if path.is_file()] == []
    with blobs.holding(SHA256) as path:
        assert path == tmp_path / "home0" / "cache" / SHA256


def test_what_was_held_is_at_hand_without_the_bucket_and_goes_when_there_is_no_room(opened, s3, s3_place):
    blobs = opened(cache_gb=20_000 / 1e9)
    blobs.keep("u1", SHA256)
    with blobs.holding(SHA256) as path:
        assert path.read_bytes() == BYTES
    assert blobs.is_near(SHA256, 10**9) and not blobs.is_near("0" * 64, 10**9)
    for name in s3.names(s3_place):
        s3.client.delete_object(Bucket="sounds", Key=f"{s3_place.split('/', 3)[3]}/{name}")
    with blobs.holding(SHA256) as path:
        assert path.read_bytes() == BYTES
    other = os.urandom(15_000)
    sha256 = hashlib.sha256(other).hexdigest()
    assert blobs.take_in(sha256, [other])
    with blobs.holding(sha256):
        pass
    assert not blobs.is_near(SHA256, 10**9)


def test_an_address_gives_the_bytes_to_whoever_knows_it(blobs):
    blobs.keep("u1", SHA256)
    with urllib.request.urlopen(blobs.url(SHA256, 60)) as answer:
        assert answer.read() == BYTES
    assert "X-Amz-Expires=60" in blobs.url(SHA256, 60)


@pytest.mark.parametrize("size", [20_000, 20 * 2**20])
def test_staged_bytes_that_have_changed_are_refused_and_nothing_of_them_stays(blobs, s3, s3_place, size):
    blobs.staging.put("u2", 0, os.urandom(size))
    with pytest.raises(Damaged, match="staged"):
        blobs.keep("u2", SHA256)
    assert s3.names(s3_place) == [] and s3.unfinished() == []


def test_of_what_was_kept_twice_only_the_earlier_is_spare(blobs):
    for _ in range(3):
        blobs.keep("u1", SHA256)
    found = old(blobs)
    assert sorted(one.is_spare for one in found) == [False, True, True]
    for one in found:
        assert not one.is_spare or blobs.drop(one, SOON)
    assert read(blobs) == BYTES and len(old(blobs)) == 1


def test_daemons_that_sweep_what_another_keeps_anew_do_not_harm_it(opened):
    keeping, sweeping, other = opened(), opened(), opened()
    keeping.keep("u1", SHA256)
    looks = [(one, old(one)) for one in (sweeping, other)]
    keeping.keep("u1", SHA256)  # somebody sends the same bytes, and is promised that they are kept
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda look: [look[0].drop(copy, SOON) for copy in look[1]], looks))
    assert read(keeping) == read(sweeping) == BYTES
    leaving = keeping.leaving  # and the same where an account leaves, with no grace
    keeping.let_leave([SHA256])
    found = sweeping.leaving()
    keeping.keep("u1", SHA256)
    assert [sweeping.drop(copy, SOON) for copy in found[SHA256]] == [True]
    assert read(keeping) == BYTES and len(leaving()[SHA256]) == 1


def test_a_check_tells_sizes_apart_without_reading_and_reads_all_if_it_is_to(blobs, s3, s3_place):
    blobs.keep("u1", SHA256)
    [one] = [copy for folder in blobs.folders() for copy in blobs.kept(folder)]
    assert "14000 bytes are kept, and it has 5" in blobs.wrong(one, 5, deep=False)
    [name], prefix = s3.names(s3_place), s3_place.split("/", 3)[3]
    s3.client.put_object(Bucket="sounds", Key=f"{prefix}/{name}", Body=b"x" * len(BYTES))
    assert blobs.wrong(one, len(BYTES), deep=False) == ""
    assert "bytes have changed" in blobs.wrong(one, len(BYTES), deep=True)
    with pytest.raises(Damaged), blobs.holding(SHA256):
        pass


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SAMPLEMIND_BLOBS", "s3://nowhere/at-all", "nowhere/at-all cannot be used: .*bucket does not exist"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "cannot be used: .*"),
        ("AWS_ENDPOINT_URL", "http://192.0.2.1:9000", "AWS_ENDPOINT_URL: http://192.0.2.1:9000 is not encrypted"),
        ("SAMPLEMIND_BLOBS", "s3://a b", "s3://a b is no address of a bucket"),
        ("SAMPLEMIND_BLOBS", "s3://sounds/../up", "s3://sounds/../up is no address of a bucket"),
        ("AWS_ENDPOINT_URL", "minio:9000", "AWS_ENDPOINT_URL: minio:9000 is no address"),
    ],
)  # fmt: skip
def test_a_bucket_that_cannot_be_used_is_named_before_anybody_is_served(
    s3_place, s3, monkeypatch, name, value, sentence
):
    prove(Settings())
    assert s3.names(s3_place) == []
    monkeypatch.setenv(name, value)
    with pytest.raises(CannotServe, match=sentence):
        prove(Settings())


def test_it_is_spoken_in_the_open_to_another_machine_only_where_that_was_asked_for(opened, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1:9000")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    opened()


def test_what_it_takes_is_named_where_it_is_missing(opened, monkeypatch):
    for name in ("samplemind_daemon.store.blobs.bucket", "samplemind_daemon.store.blobs.s3"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(CannotServe, match=r"pip install 'samplemind\[s3\]'"):
        opened()


def test_a_bucket_that_is_away_is_said_at_once_loses_nothing_and_is_used_again_when_it_is_back(chaos, opened):
    blobs = opened()
    chaos.swallow()
    with pytest.raises(Unavailable, match="does not answer") as refused:
        blobs.keep("u1", SHA256)
    assert refused.value.reason == "BLOBS_UNAVAILABLE" and refused.value.retry_seconds > 0
    assert blobs.staging.size("u1") == len(BYTES)
    began = time.monotonic()
    for _ in range(1_000):  # nobody waits for what is known to be away
        with pytest.raises(Unavailable):
            blobs.keep("u1", SHA256)
    assert time.monotonic() - began < 20
    chaos.speak()
    deadline = time.monotonic() + 30
    while not _kept(blobs):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert read(blobs) == BYTES


def test_a_bucket_that_is_late_and_resets_some_connections_is_used_all_the_same(chaos, opened):
    blobs = opened()
    chaos.delay_seconds, chaos.reset_share = 0.02, 0.1
    contents = [os.urandom(10_000) for _ in range(20)]
    for data in contents:
        sha256 = hashlib.sha256(data).hexdigest()
        blobs.staging.put(sha256, 0, data)
        deadline = time.monotonic() + 60
        while not _kept(blobs, sha256, sha256):
            assert time.monotonic() < deadline
    chaos.delay_seconds = chaos.reset_share = 0.0
    time.sleep(fuse.PAUSE_SECONDS)
    assert all(read(blobs, hashlib.sha256(data).hexdigest()) == data for data in contents)


async def test_no_more_wait_for_the_bucket_than_there_are_threads_and_the_others_are_told(
    opened, monkeypatch
):
    blobs = opened()
    s3 = sys.modules["samplemind_daemon.store.blobs.s3"]
    monkeypatch.setattr(s3, "SEAT_SECONDS", 0.2)
    free, before = threading.Event(), threading.active_count()
    asked = [asyncio.create_task(blobs.run(free.wait, 30)) for _ in range(3 * s3.MOST_AT_ONCE)]
    async with asyncio.timeout(30):
        while sum(one.done() for one in asked) < 2 * s3.MOST_AT_ONCE:
            await asyncio.sleep(0.05)
    assert threading.active_count() <= before
    free.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert ended.count(True) == s3.MOST_AT_ONCE
    assert {type(one) for one in ended if one is not True} == {Unavailable}


def _kept(blobs, upload="u1", sha256=SHA256):
    with suppress(Unavailable):
        blobs.keep(upload, sha256)
        return True
    return False
