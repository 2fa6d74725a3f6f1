"""How loud a sound is, as broadcasters measure it."""

import math
from collections.abc import Iterator
from copy import deepcopy

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, Status, hookimpl

from .peak import TruePeak
from .programme import MOMENT, SHORT, Programme, loudness
from .weighting import LAYOUTS, LOWEST_RATE, Weighting

REFERENCE = -18.0  # LUFS; ReplayGain 2.0
LARGEST = 1e18  # times full scale; beyond, the squares of samples are no numbers to reckon with


class Loudness(Analyzer):
    """Loudness, loudness range and peaks by ITU-R BS.1770-5, EBU R 128, EBU Tech 3341 and Tech 3342.

    It is measured at the sound's own rate and in all its channels, taken in WAVE order; see the
    weights in `weighting.LAYOUTS`. These are measurements and no guesses, so they have no confidence.
    """

    name, version, grain = "loudness", 1, 2**12
    integrated = Output(unit="LUFS", help="Mean loudness of what passes the gates of BS.1770-5")
    range = Output(unit="LU", low=0, help="How much the short-term loudness varies, by Tech 3342")
    momentary_max = Output(unit="LUFS", help="The loudest 400 ms, by Tech 3341")
    short_term_max = Output(unit="LUFS", help="The loudest 3 s, by Tech 3341")
    true_peak = Output(unit="dBTP", help="The greatest swing, also between samples, by BS.1770-5, Annex 2")
    sample_peak = Output(unit="dBFS", help="The greatest sample")
    replaygain = Output(unit="dB", help="What brings it to the -18 LUFS of ReplayGain 2.0")
    momentary = Output(unit="LUFS", live=True, help="The last 400 ms, by Tech 3341")
    short_term = Output(unit="LUFS", live=True, help="The last 3 s, by Tech 3341")

    def begin(self) -> None:
        self._rate = self._channels = 0
        self._broken = False

    def update(self, block: Block) -> None:
        if not self._rate:
            self._rate, self._channels = block.source_rate, len(block.source)
            self._peak = TruePeak(self._rate, self._channels)
            if self._rate >= LOWEST_RATE:
                self._weighting = Weighting(self._rate, self._channels)
                self._programme = Programme(self._rate)
        if self._broken or not block.source.shape[1]:
            return
        self._broken = not -LARGEST < block.source.min() <= block.source.max() < LARGEST
        if self._broken:
            return
        self._peak.add(block.source)
        if self._rate >= LOWEST_RATE:
            self._programme.add(self._weighting.energies(block.source))

    def describe(self) -> Iterator[Finding]:
        if not self._rate:
            raise CannotDescribe("there is no sound in it")
        if self._broken:
            raise CannotDescribe("a sample is not a number, or far beyond any level", Status.UNMEASURABLE)
        if not self._peak.sample:
            raise CannotDescribe("silence")
        yield self.sample_peak(_decibels(self._peak.sample))
        yield self.true_peak(_decibels(self._peak.true()))
        if self._rate >= LOWEST_RATE:
            yield from self._loudnesses()
        else:
            reason = f"its rate of {self._rate:,} Hz is below the {LOWEST_RATE:,} Hz that K-weighting takes"
            for output in self.outputs.values():
                if output not in (self.sample_peak, self.true_peak):
                    yield output.withheld(reason, Status.UNMEASURABLE)

    def now(self) -> Iterator[Finding]:
        if self._rate >= LOWEST_RATE and not self._broken:
            for output, window in ((self.momentary, MOMENT), (self.short_term, SHORT)):
                if power := self._programme.latest(window):
                    yield output(loudness(power))
                else:
                    yield output.withheld("silence" if power is not None else "it has just begun")

    def _loudnesses(self) -> Iterator[Finding]:
        doubt, programme = self._doubt(), deepcopy(self._programme)
        programme.add(self._weighting.rest())
        for output, window, least in (
            (self.momentary_max, MOMENT, "400 ms"),
            (self.short_term_max, SHORT, "3 s"),
        ):
            power = programme.loudest(window)
            if power:
                yield output(loudness(power), doubt=doubt)
            elif power is None:
                yield output.withheld(f"shorter than {least}")
            else:
                yield output.withheld("silence in all channels that count")
        yield from self._gated(programme, doubt)

    def _gated(self, programme: Programme, doubt: str) -> Iterator[Finding]:
        power, span = programme.integrated(), programme.range()
        if power is None:
            yield self.integrated.withheld(*_why(programme, MOMENT, "400 ms"))
            yield self.replaygain.withheld(*_why(programme, MOMENT, "400 ms"))
        else:
            yield self.integrated(loudness(power), doubt=doubt)
            yield self.replaygain(REFERENCE - loudness(power), doubt=doubt)
        if span is None:
            yield self.range.withheld(*_why(programme, SHORT, "3 s"))
        else:
            yield self.range(span, doubt=doubt)

    def _doubt(self) -> str:
        if self._channels in LAYOUTS:
            return ""
        return f"the layout of {self._channels} channels is not known: all count alike"


def _why(programme: Programme, window: int, least: str) -> tuple[str, Status]:
    """Why nothing passed the gate."""
    if programme.loudest(window) is None:
        return f"shorter than {least}", Status.NOT_APPLICABLE
    return f"no {least} of it are above the gate of -70 LUFS", Status.UNMEASURABLE


def _decibels(magnitude: float) -> float:
    return 20 * math.log10(magnitude)


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Loudness]
