"""What was fetched once is at hand, whole or not at all, within its bound, whatever happens in between."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from samplemind_daemon.refusals import Damaged, Exhausted
from samplemind_daemon.store.blobs import Cache

SIZE = 1_000


def content(number):
    data = bytes([number]) * SIZE
    return hashlib.sha256(data).hexdigest(), data


class Elsewhere:
    """A place that contents are fetched from; it knows how often."""

    def __init__(self):
        self.fetched = 0

    def fetch(self, data):
        def pieces():
            self.fetched += 1
            yield data[: SIZE // 2]
            yield data[SIZE // 2 :]

        return pieces


@pytest.fixture
def elsewhere():
    return Elsewhere()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def get(elsewhere):
    def get(cache, number):
        sha256, data = content(number)
        with cache.holding(sha256, elsewhere.fetch(data)) as path:
            return path.read_bytes() == data

    return get


def there(folder):
    return {path.name for path in folder.iterdir()}


def test_a_content_is_fetched_once_and_is_there_from_then_on(folder, get, elsewhere):
    cache = Cache(folder, 10 * SIZE)
    assert get(cache, 1) and get(cache, 1) and elsewhere.fetched == 1
    assert get(Cache(folder, 10 * SIZE), 1) and elsewhere.fetched == 1  # by the next process, too


def test_the_longest_unused_go_first_and_the_bound_holds(folder, get, elsewhere):
    cache = Cache(folder, 3 * SIZE)
    for number in (1, 2, 3, 1, 4):
        assert get(cache, number)
    assert there(folder) == {content(number)[0] for number in (3, 1, 4)} and cache.size_bytes == 3 * SIZE
    for number, name in enumerate((content(1)[0], content(4)[0], content(3)[0])):
        os.utime(folder / name, (number, number))  # as they were used before the end
    assert get(Cache(folder, 3 * SIZE), 5)
    assert there(folder) == {content(number)[0] for number in (4, 3, 5)}


def test_what_is_held_stays_even_past_the_bound_and_goes_after(folder, elsewhere):
    cache = Cache(folder, 2 * SIZE)
    with ExitStack() as held:
        paths = []
        for number in range(5):
            sha256, data = content(number)
            paths.append(held.enter_context(cache.holding(sha256, elsewhere.fetch(data))))
        assert all(path.stat().st_size == SIZE for path in paths)
    assert cache.size_bytes == 2 * SIZE and len(there(folder)) == 2


def test_many_who_ask_at_once_wait_for_one_fetch(folder):
    cache, (sha256, data), may_go, begun = Cache(folder, 10 * SIZE), content(1), Event(), []

    def fetch():
        begun.append(None)
        assert may_go.wait(30)
        yield data

    def ask(_):
        with cache.holding(sha256, fetch) as path:
            return path.read_bytes() == data

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask, number) for number in range(8)]
        may_go.set()
        assert all(one.result(30) for one in asked)
    assert len(begun) == 1


def test_other_bytes_than_were_asked_for_are_refused_and_leave_nothing(folder, elsewhere):
    cache = Cache(folder, 10 * SIZE)
    with pytest.raises(Damaged, match="have"), cache.holding(content(1)[0], elsewhere.fetch(content(2)[1])):
        pass
    assert there(folder) == set() and cache.size_bytes == 0


def test_a_fetch_that_breaks_off_leaves_nothing_and_the_next_one_is_whole(folder, get):
    cache = Cache(folder, 10 * SIZE)

    def broken():
        yield b"half"
        raise ConnectionError("reset")

    with pytest.raises(ConnectionError), cache.holding(content(1)[0], broken):
        pass
    assert there(folder) == set()
    assert get(cache, 1)


def test_what_was_cut_or_changed_meanwhile_is_thrown_away_and_fetched_again(folder, get, elsewhere):
    cache, (sha256, _) = Cache(folder, 10 * SIZE), content(1)
    assert get(cache, 1)
    (folder / sha256).write_bytes(b"cut")
    assert get(cache, 1) and elsewhere.fetched == 2
    (folder / sha256).write_bytes(b"x" * SIZE)  # as a machine may leave it that lost its power
    (folder / f"{content(2)[0]}.part").write_bytes(b"begun")
    cache = Cache(folder, 10 * SIZE)
    assert get(cache, 1) and elsewhere.fetched == 3 and there(folder) == {sha256}
    (folder / sha256).unlink()
    assert get(cache, 1) and elsewhere.fetched == 4 and cache.size_bytes == SIZE
    (folder / sha256).write_bytes(b"x" * SIZE)  # as whoever held it has noticed
    cache.doubt(sha256)
    assert get(cache, 1) and elsewhere.fetched == 5


def test_a_full_disk_is_said(folder, get, elsewhere):
    cache, (sha256, data) = Cache(folder, 10 * SIZE), content(1)
    assert get(cache, 2)
    (folder / f"{sha256}.part").symlink_to("/dev/full")
    with pytest.raises(Exhausted, match="full"), cache.holding(sha256, elsewhere.fetch(data)):
        pass
