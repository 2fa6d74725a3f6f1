"""A worker's work on a stream: it hears what comes, and says what it believes while it goes on."""

import base64
import time
from collections import defaultdict
from collections.abc import Callable

from samplemind_daemon.analysis.live.beating import Beating
from samplemind_daemon.analysis.live.live import Live
from samplemind_daemon.analysis.live.pcm import Format
from samplemind_daemon.analysis.live.settling import Settling
from samplemind_daemon.analysis.live.timeline import Broken, Gap
from samplemind_daemon.analysis.plugins import Analyzers
from samplemind_daemon.analysis.sound import CannotDecode
from samplemind_daemon.model import Descriptor, Media
from samplemind_daemon.work.live_messages import Finish, Interim, Moment, Piece, Tune
from samplemind_daemon.work.protocol import Done, Failed, Found, Message

SHARE = 12  # estimates take at most a twelfth of the time
NOT_TOLD = frozenset({"tempo.beats", "tempo.downbeats"})  # lists that grow: beats are told as they fall

Say = Callable[[Message], None]
Next = Callable[[], Piece | Finish | None]  # None where the daemon is gone


def play(order: Tune, analyzers: Analyzers, next: Next, say: Say) -> None:
    """Hear a stream until it is over; whatever goes wrong with it becomes a reason and a sentence."""
    if missing := [name for name in order.analyzers if name not in analyzers]:
        return say(Failed("NO_ANALYZER", f"there is no analyzer called {', '.join(missing)}"))
    kinds = [analyzers[name] for name in order.analyzers]
    live = Live(
        kinds, order.settings, order.rate, order.channels, Format(order.format), order.longest_seconds
    )
    try:
        telling = _Telling(live, order, say)
        while isinstance(piece := next(), Piece):
            telling.hear(piece)
        if piece is not None:
            for name, descriptors in live.finish():
                say(Found(name, descriptors))
            say(Done(_media(order, live)))
    except CannotDecode as cannot:
        say(Failed(cannot.reason, cannot.message))
    except Broken as broken:
        say(Failed("STREAM_BROKEN", str(broken)))


class _Telling:
    """What is said of a stream while it goes on."""

    def __init__(self, live: Live, order: Tune, say: Say) -> None:
        self._live, self._order, self._say = live, order, say
        self._settling: dict[str, Settling] = defaultdict(Settling)
        self._beating = Beating()
        self._gaps: list[Gap] = []
        self._next_at = time.monotonic() + order.update_seconds

    def hear(self, piece: Piece) -> None:
        """Hear a piece, and say what is new."""
        before = self._live.analysed
        if gap := self._live.hear(piece.frame, base64.b64decode(piece.data)):
            self._gaps.append(gap)
        if self._live.analysed > before:
            self._tell_moment()
            if time.monotonic() >= self._next_at:
                self._tell_estimates()

    def _tell_moment(self) -> None:
        live, gaps = self._live, tuple(self._gaps)
        self._gaps.clear()
        rate = self._order.rate
        beats = tuple(self._beating.due(live.analysed / rate))
        self._say(Moment(rate, live.timeline.received, live.analysed, live.now(), beats, gaps))

    def _tell_estimates(self) -> None:
        began = time.monotonic()
        found = {one.name: one for _, said in self._live.estimate(self._order.told) for one in said}
        seconds = self._live.analysed / self._order.rate
        told = [
            self._settling[name].see(one, seconds)
            for name, one in found.items()
            if name.partition(".")[0] in self._order.told and name not in NOT_TOLD
        ]
        self._learn_beats({one.name: one for one in told}, found)
        stabilities = tuple(self._settling[one.name].stability for one in told)
        self._say(Interim(self._live.analysed, tuple(told), stabilities))
        now = time.monotonic()
        self._next_at = now + max(self._order.update_seconds, SHARE * (now - began))

    def _learn_beats(self, told: dict[str, Descriptor], found: dict[str, Descriptor]) -> None:
        tempo, beats = told.get("tempo.bpm"), found.get("tempo.beats")
        self._beating.learn(tempo.value if tempo else None, (beats.value if beats else None) or ())


def _media(order: Tune, live: Live) -> Media:
    codec = {Format.F32: "pcm_f32", Format.S16: "pcm_s16", Format.S24: "pcm_s24"}[Format(order.format)]
    bits = {Format.F32: 32, Format.S16: 16, Format.S24: 24}[Format(order.format)]
    return Media("live", codec, order.rate, order.channels, bits, live.seconds)
