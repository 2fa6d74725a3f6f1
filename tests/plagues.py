"""What befalls machines: one of a kind is killed, is away for a while, and comes again."""

import random
import time

from commanding import wait_for
from machines import Machines


class Plague:
    """Kills one of a kind again and again; the next one not before the last is there again."""

    def __init__(self, kind: str, pause: float, away: float, times: int = 1_000_000) -> None:
        """`pause` seconds on average before each, and `away` until it is started again."""
        self.kind, self._pause, self._away, self._left = kind, pause, away, times
        self._chance = random.Random()

    @property
    def is_on(self) -> bool:
        """Whether it strikes once more."""
        return self._left > 0

    def pause_seconds(self) -> float:
        return self._chance.uniform(0.5, 1.5) * self._pause

    def strike(self, machines: Machines) -> str:
        """Kill one, and see that it comes again; its kind."""
        self._left -= 1
        name = self._chance.choice([name for name in machines.names if name.startswith(self.kind)])
        machines.kill(name)
        time.sleep(self._away)
        machines.start_again(name)
        if self.kind == "broker":  # of three one may be away, and not the next before it has all again
            wait_for(machines.brokers_are_well, 120)
        return self.kind
