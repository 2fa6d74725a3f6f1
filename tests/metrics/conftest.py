"""A daemon that shows its figures, and who reads them."""

import json
import urllib.request
from collections import defaultdict

import pytest
from daemon_process import DaemonProcess
from prometheus_client.parser import text_string_to_metric_families
from raw_calls import Channel, Person

PLUGIN = '''
"""It fails at every sound, and takes its worker with it where one is longer than a second."""
import os
from samplemind_sdk import Analyzer, Output, hookimpl

class Clumsy(Analyzer):
    """What goes wrong."""
    name, version = "clumsy", 1
    size = Output(unit="")

    def update(self, block):
        if block.length > 44_100:
            os._exit(3)
        raise ValueError("it stumbled")

    def describe(self):
        yield self.size(1)

@hookimpl
def analyzers():
    return [Clumsy]
'''


class Figures:
    """All that a page has ever shown: the values of each series, one after the other, without repetition."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.seen: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = defaultdict(list)

    def look(self) -> "Figures":
        text = urllib.request.urlopen(self._url, timeout=30).read().decode()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                values = self.seen[sample.name, tuple(sorted(sample.labels.items()))]
                if values[-1:] != [sample.value]:
                    values.append(sample.value)
        return self

    def names(self) -> set[str]:
        return {name for name, _ in self.seen}

    def value(self, name: str, **labels: str) -> float:
        """The sum of the series that have these labels, as they were last seen."""
        wanted = labels.items()
        return sum(
            values[-1] for (one, has), values in self.seen.items() if one == name and wanted <= set(has)
        )

    def moved(self, name: str) -> bool:
        """Whether a series of this name has shown more than 0."""
        return any(max(values) > 0 for (one, _), values in self.seen.items() if one == name)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A daemon with a page for Prometheus."""
    process = DaemonProcess(
        tmp_path_factory.mktemp("shown") / "home", {"SAMPLEMIND_METRICS": "127.0.0.1:0"}
    ).start()
    (process.home / "plugins" / "clumsy.py").write_text(PLUGIN)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def page(shown) -> str:
    return json.loads((shown.home / "ready.json").read_text())["metrics"]


@pytest.fixture
def figures(page) -> Figures:
    return Figures(page)


@pytest.fixture
def ada(shown):
    channel = Channel(shown.address)
    yield Person(channel)
    channel.close()
