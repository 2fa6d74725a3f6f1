"""Work through several daemons while their machines are killed and come again."""

import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from commanding import wait_for
from machines import Machines
from plagues import Plague
from raw_calls import Channel, Person
from wandering import Follower, Visitor, WanderingSenders

FINISH_SECONDS = 1_800.0  # that all gets to be done
WAITING = '''
"""An analyzer that takes its time and computes nothing, as far as the processor can tell."""
import time

from samplemind_sdk import Analyzer, Output, hookimpl


class Patience(Analyzer):
    """How many blocks it waited for."""

    name = "patience"
    blocks = Output(kind=int, low=0, high=1_000_000)

    def begin(self):
        self.count = 0

    def update(self, block):
        time.sleep({seconds})
        self.count += 1

    def describe(self):
        yield self.blocks(self.count)


@hookimpl
def analyzers():
    return [Patience]
'''


def write_waiting(folder: Path, seconds: float) -> Path:
    """The file of a plugin that waits so long with each sound."""
    folder.mkdir(parents=True, exist_ok=True)
    (file := folder / "waiting.py").write_text(WAITING.replace("{seconds}", str(seconds)))
    return file


def only(machines: Machines, plugin: str) -> None:
    """Have all other plugins switched off, and wait until every daemon knows."""
    with closing(Channel(machines.daemons[0].address)) as channel:
        listed = channel.call("PluginService/List", machines.headers, page_size=100).answer.plugins
        for name in {one.name for one in listed} - {plugin}:
            done = channel.call("PluginService/Disable", machines.headers, name=name)
            assert done.code == "OK", done
        kept = sum(len(one.analyzers) for one in listed if one.name == plugin)
    for daemon in machines.daemons:
        with closing(Channel(daemon.address)) as channel:
            wait_for(lambda channel=channel: _analyzers(channel, machines) == kept)


def _analyzers(channel: Channel, machines: Machines) -> int:
    return len(channel.call("StatusService/GetStatus", machines.headers).answer.analyzers)


class Ordeal:
    """Senders, followers and visitors, all of them on their way between the daemons, and kills meanwhile."""

    def __init__(self, machines: Machines, acks: Path, followers: int = 6, senders: int = 4) -> None:
        self.machines, self._acks, self._many = machines, acks, senders
        self._addresses = [daemon.address for daemon in machines.daemons]
        with closing(Channel(self._addresses[0])) as channel:
            self.user = (person := Person(channel)).id
            headers = person.make_key()[1]
        self._key = headers[0][1]
        self.killed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()  # what senders had to ask again for
        self.seconds = 0.0  # from the first sound to the end of the last job
        self._over, self._troubles = threading.Event(), list[BaseException]()
        self.followers = [Follower(self._addresses, headers, one) for one in range(followers)]
        self.visitors = [Visitor(self._around(one), self._key) for one in range(len(self._addresses))]

    def endure(self, sounds: int, *plagues: Plague) -> None:
        """Send so many sounds while plagues go on, and wait until all are done and told of."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._go_on, args=(one,), daemon=True) for one in plagues]
        for thread in threads:
            thread.start()
        with WanderingSenders(self._addresses, self._key, self._acks, sounds, self._many) as senders:
            senders.join()
            self.refused.update(senders.refused)
        wait_for(lambda: self._troubles or self._done() >= sounds * 0.98, FINISH_SECONDS)
        self._over.set()
        for thread in threads:
            thread.join(120)
        for visitor in self.visitors:
            visitor.close()
        assert not self._troubles, self._troubles
        wait_for(lambda: self._open() == 0, FINISH_SECONDS)
        self.seconds = time.monotonic() - began
        self._await_followers()

    def promised(self) -> set[str]:
        """The digests of all that senders were promised to be kept."""
        return set(self._acks.read_text().split())

    def tell(self) -> str:
        """What it was, in a sentence."""
        [[sounds, attempts, most]] = self.machines.database.do(
            f"SELECT COUNT(*), SUM(attempts), MAX(attempts) FROM jobs WHERE \"user\" = '{self.user}'"
        )
        asked = sum((one.asked_again for one in self.visitors), Counter())
        return (
            f"{sounds:,} sounds in {self.seconds:.0f} s, {attempts:,} attempts, {most} at most for one; killed "
            f"{', '.join(f'{kind}s {times}' for kind, times in sorted(self.killed.items()))}; "
            f"{len(self.followers)} followers, {len(self.followers[0].numbers):,} events, connected "
            f"{sum(one.times for one in self.followers)} times; {_spread('GetMe', self.visitors, 'me')}; "
            f"{_spread('Analyze', self.visitors, 'heard')}; visitors asked again {dict(asked)}, "
            f"senders {dict(self.refused)}"
        )

    def _around(self, number: int) -> list[str]:
        """The addresses, beginning with another one for each."""
        return self._addresses[number:] + self._addresses[:number]

    def _go_on(self, plague: Plague) -> None:
        try:
            while plague.is_on and not self._over.wait(plague.pause_seconds()):
                self.killed[plague.strike(self.machines)] += 1
        except BaseException as trouble:
            self._troubles.append(trouble)

    def _await_followers(self) -> None:
        [[last]] = self.machines.database.do(f"SELECT event_sequence FROM users WHERE id = '{self.user}'")
        for follower in self.followers:
            wait_for(lambda follower=follower: follower.numbers[-1:] == [last], 120)
            follower.close()

    def _done(self) -> int:
        return self._count("state = 'completed'")

    def _open(self) -> int:
        return self._count("open_audio IS NOT NULL")

    def _count(self, which: str) -> int:
        mine = f"SELECT COUNT(*) FROM jobs WHERE \"user\" = '{self.user}' AND {which}"
        return int(self.machines.database.do(mine)[0][0])


def _spread(what: str, visitors: list[Visitor], name: str) -> str:
    taken = sorted(seconds for one in visitors for seconds in getattr(one, name))
    at = [taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95, 1)]
    middle, late, most = at
    return f"{len(taken):,} {what}, median {middle:.3f} s, p95 {late:.3f}, longest {most:.2f}"
