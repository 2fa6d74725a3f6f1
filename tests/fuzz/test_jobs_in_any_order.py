"""Whatever is done with jobs, in whatever order and at whatever time, nothing is lost, doubled or written twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from peopled import inhabited

from samplemind_daemon.model import OPEN, Descriptor, Lane, Lease, Media, Place, Problem, Result, State
from samplemind_daemon.store import events, folders, jobs, moments, results, sounds
from samplemind_daemon.store.check import history, work
from samplemind_daemon.store.connection import Database
from samplemind_daemon.store.tables import Jobs

USERS, LANES = ("ada", "bob"), tuple(Lane)
CONTENTS = tuple(letter * 64 for letter in "abc")
MEDIA = Media("wav", "pcm_s16", 44_100, 2, 16, 1.5)
BROKEN, CRASHED = Problem("TRUNCATED", "It ends early."), Problem("WORKER_CRASHED", "The worker died.")
FOUND = [Result("key", 1, "f" * 32, (Descriptor("key.key", "A minor", "", 0.9, "ok", (), "", "key", 1),))]
YEAR = timedelta(days=365)
picks = st.integers(0, 11)


class Clock:
    """A clock that is set by hand, in place of the system's."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self, zone) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment


@dataclass
class Held:
    """A lease, and whether it still is one."""

    lease: Lease
    expires: datetime
    good: bool = True


@pytest.fixture(scope="module")
def file(tmp_path_factory):  # each example starts from here, and is undone
    with inhabited(tmp_path_factory.mktemp("machine") / "samplemind.db") as Machine.db:
        yield


@pytest.fixture(scope="module")
def server(cluster):
    with inhabited(cluster.fresh()) as OnServer.db:
        yield


class Machine(RuleBasedStateMachine):
    """A library of few sounds and fewer contents, and workers that come late, die, and go on without a lease."""

    db: Database

    @initialize(
        whose=st.lists(st.tuples(st.sampled_from(USERS), st.sampled_from(CONTENTS)), min_size=3, max_size=5)
    )
    def begin(self, whose):
        self.clock, self.leases, self.numbers = Clock(), [], 0
        self.there: dict[str, str] = {}  # sounds, and whose they are
        self.claims, self.returned, self.crashes = Counter(), Counter(), Counter()  # by job
        self.patched = pytest.MonkeyPatch()
        self.patched.setattr(moments, "datetime", self.clock)
        self.db.begin()
        for user, sha256 in whose:
            self.add_sound(user, sha256)
            jobs.add(self.db, self.some(self.numbers - 1))
        self.claim(LANES, one=False)

    def teardown(self):
        if hasattr(self, "patched"):
            try:
                self.everything_gets_done()
            finally:
                self.db.rollback()
                self.patched.undo()

    @rule(user=st.sampled_from(USERS), sha256=st.sampled_from(CONTENTS))
    @precondition(lambda self: len(self.there) < 6)
    def add_sound(self, user, sha256):
        self.numbers += 1
        sounds.add(self.db, user, f"sound-{self.numbers}", "a.wav", 1_000, sha256)
        self.there[f"sound-{self.numbers}"] = user

    @rule(pick=picks, lane=st.sampled_from(LANES), everything=st.booleans())
    @precondition(lambda self: self.there)
    def queue(self, pick, lane, everything):
        audio = self.some(pick)
        before = jobs.open_on(self.db, audio.id)
        job = jobs.add(self.db, audio, lane, everything, f"job-{pick}" if pick % 2 else "")
        assert job.state in OPEN or job.id == f"job-{pick}"
        assert before is None or job.id in (before.id, f"job-{pick}")

    @rule(pick=picks, sha256=st.sampled_from(CONTENTS))
    @precondition(lambda self: self.there)
    def replace_content(self, pick, sha256):
        audio = self.some(pick)
        if audio.sha256 != sha256:
            self.settle(audio, sha256)
            jobs.add(self.db, self.some(pick))

    @rule(lanes=st.permutations(LANES), one=st.booleans())
    def claim(self, lanes, one):
        lease = jobs.claim(self.db, lanes[:1] if one else lanes)
        if lease is not None:
            assert lease.job.state is State.PROCESSING and (not one or lease.job.lane is lanes[0])
            assert not [held for held in self.leases if held.good and held.lease.job.id == lease.job.id]
            self.claims[lease.job.id] += 1
            self.leases.append(Held(lease, self.clock.moment + jobs.LEASE))

    @rule(odd=st.booleans())
    @precondition(lambda self: self.leases)
    def heartbeat(self, odd):
        some = self.leases[odd::2]
        jobs.extend(self.db, [held.lease.token for held in some])
        for held in some:
            held.expires = self.clock.moment + jobs.LEASE

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def complete(self, pick):
        """As the engine does: what has got another content meanwhile is queued again."""
        self.end(pick, "catch_up" if self.has_changed(pick) else "complete")

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def keep(self, pick):
        """What was found before the work is done."""
        held, before = self.leases[pick % len(self.leases)], self.seen()
        assert jobs.keep(self.db, held.lease, MEDIA, FOUND) == held.good
        assert held.good or self.seen() == before, "something was kept without a lease"

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def fail(self, pick):
        self.end(pick, "fail")

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def crash(self, pick):
        self.end(pick, "crash")

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def put_back(self, pick):
        self.end(pick, "put_back")

    @rule(pick=picks)
    @precondition(lambda self: self.leases)
    def catch_up(self, pick):
        self.end(pick, "catch_up")

    @rule(pick=picks, user=st.sampled_from(USERS))
    @precondition(lambda self: self.there)
    def cancel(self, pick, user):
        audio, before = self.some(pick), self.seen()
        open_job = jobs.open_on(self.db, audio.id)
        cancelled = jobs.cancel(self.db, user, audio.id)
        if open_job is None or user != audio.user:
            assert cancelled is None and self.seen() == before
        else:
            assert cancelled.id == open_job.id and cancelled.state is State.CANCELLED
            self.void(lambda held: held.lease.job.id == open_job.id)

    @rule(pick=picks)
    @precondition(lambda self: self.there)
    def delete_sound(self, pick):
        audio = self.some(pick)
        assert sounds.remove(self.db, "bob" if audio.user == "ada" else "ada", audio.id) is None
        sounds.remove(self.db, audio.user, audio.id)
        del self.there[audio.id]
        self.void(lambda held: held.lease.job.audio == audio.id)

    @rule(start=st.booleans())
    def look_after(self, start):
        """What the engine does every few seconds, and at its start with all that is in work."""
        count = sum(held.good and (start or held.expires < self.clock.moment) for held in self.leases)
        assert jobs.recover(self.db, expired_only=not start) == count
        self.void(lambda held: start or held.expires < self.clock.moment)
        jobs.follow_clock(self.db)

    @rule(seconds=st.sampled_from([0.1, 1.5, 11, 29, 31, 3_600, 40 * 86_400]))
    def time_goes_by(self, seconds):
        self.clock.moment += timedelta(seconds=seconds)

    @rule(seconds=st.sampled_from([1, 60, 3_600, 40 * 86_400]))
    def the_clock_is_set_back(self, seconds):
        self.clock.moment -= timedelta(seconds=seconds)

    @invariant()
    def check_finds_nothing(self):
        """I1, I3, I4 and I5, as `samplemind check` looks after them; a lease may have ended just now."""
        if not hasattr(self, "clock"):
            return
        late = {held.lease.job.id for held in self.leases if held.good and held.expires < self.clock.moment}
        found = [*work.faults(self.db), *history.faults(self.db)]
        assert [one for one in found if one.subject.removeprefix("job ") not in late] == []

    @invariant()
    def every_job_is_in_one_pair_of_hands(self):
        if not hasattr(self, "clock"):
            return
        rows = list(Jobs.select().execute(self.db))
        at_work = [row for row in rows if row.state == State.PROCESSING]
        good = {held.lease.token: held.lease.job.id for held in self.leases if held.good}
        assert {row.lease: row.id for row in at_work} == good
        assert len({row.sha256 for row in at_work}) == len(at_work), "a content is heard twice at once"
        assert max(Counter(row.audio for row in rows if row.state in OPEN).values(), default=0) <= 1
        for row in rows:
            assert row.attempts == self.claims[row.id] - self.returned[row.id]
            assert row.crashes == self.crashes[row.id] <= len(jobs.PAUSES) + 1
            assert (row.state == State.QUARANTINED) == (row.crashes > len(jobs.PAUSES))

    def everything_gets_done(self):
        """Whoever waits long enough sees each open job taken and done, each content by one at a time."""
        self.clock.moment += YEAR
        self.look_after(start=True)
        for _ in range(100):
            if (lease := jobs.claim(self.db, LANES)) is None:
                break
            self.claims[lease.job.id] += 1
            if not jobs.catch_up(self.db, lease):
                assert jobs.complete(self.db, lease, MEDIA, [])
        assert Jobs.select().where(Jobs.state.in_(sorted(OPEN))).count(self.db) == 0
        self.check_finds_nothing()

    def end(self, pick, deed):
        """Let a worker have its say, that may have lost its lease long ago."""
        held = self.leases[pick % len(self.leases)]
        before, job, changed = self.seen(), held.lease.job, self.has_changed(pick)
        more = {"complete": (MEDIA, FOUND), "fail": (BROKEN,), "crash": (CRASHED,)}.get(deed, ())
        done = getattr(jobs, deed)(self.db, held.lease, *more)
        assert done == (held.good and (deed != "catch_up" or changed))
        if not done:
            assert self.seen() == before, f"{deed} wrote something without a lease"
            return
        held.good = False
        self.returned[job.id] += deed == "put_back"
        self.crashes[job.id] += deed == "crash"
        self.check_end(deed, job)

    def has_changed(self, pick):
        """Whether the sound of a lease has another content than the lease is for."""
        job = self.leases[pick % len(self.leases)].lease.job
        audio = sounds.find(self.db, job.user, job.audio)
        return audio is not None and audio.sha256 != job.sha256

    def check_end(self, deed, job):
        """What is known of a job, and of its sound, once a worker has had its say."""
        now = jobs.find(self.db, job.user, job.id)
        last = self.crashes[job.id] > len(jobs.PAUSES)
        wanted = {"complete": State.COMPLETED, "fail": State.FAILED}.get(deed, State.QUEUED)
        assert now.state is (State.QUARANTINED if deed == "crash" and last else wanted)
        assert sounds.find(self.db, job.user, job.audio).state is now.state
        assert deed != "complete" or [one.analyzer for one in results.of(self.db, job.sha256)] == ["key"]

    def settle(self, audio, sha256):
        place = Place("", audio.id.encode(), 1_000, 0, 0, 0, None)
        folders.settle(self.db, audio, "folder", place, "a.wav", sha256)

    def some(self, pick):
        id = sorted(self.there)[pick % len(self.there)]
        return sounds.find(self.db, self.there[id], id)

    def void(self, ended):
        for held in self.leases:
            held.good = held.good and not ended(held)

    def seen(self):
        """All that a worker could have changed."""
        rows = tuple(Jobs.select().order_by(Jobs.id).tuples().execute(self.db))
        told = [events.bounds(self.db, user) for user in USERS]
        kept = [results.prints(self.db, sha256) for sha256 in CONTENTS]
        return rows, told, kept, [sounds.find(self.db, user, id) for id, user in sorted(self.there.items())]


class OnServer(Machine):
    """The same on PostgreSQL."""


TestJobs = pytest.mark.timeout(600)(pytest.mark.usefixtures("file")(Machine.TestCase))
TestJobs.settings = settings(
    stateful_step_count=30, max_examples=max(50, settings.default.max_examples // 3)
)  # each of them is hundreds of writes
TestJobsOnServer = pytest.mark.timeout(600)(pytest.mark.usefixtures("server")(OnServer.TestCase))
TestJobsOnServer.settings = settings(
    TestJobs.settings, max_examples=max(10, settings.default.max_examples // 10)
)
